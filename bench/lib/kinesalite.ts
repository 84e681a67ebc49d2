/** kinesalite, the peer of our Kinesis: in a process of its own, in memory, without delays; `fork` it, it tells its endpoint. */
import { createRequire } from 'node:module'
import type { AddressInfo, Server } from 'node:net'

/** It ships no types. */
type Kinesalite = (
  options: { readonly [name in 'createStreamMs' | 'deleteStreamMs' | 'shardLimit']: number },
) => Server

const kinesalite: Kinesalite = createRequire(import.meta.url)('kinesalite')
const server = kinesalite({ createStreamMs: 5, deleteStreamMs: 5, shardLimit: 500 })
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.send?.(`http://127.0.0.1:${port}`)
})
