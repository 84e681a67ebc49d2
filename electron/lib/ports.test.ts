import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { choosePort } from './ports.ts'

it('names who has a port, and chooses another', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const chosen = await choosePort(port)
  expect(chosen.port).not.toBe(port)
  expect(chosen.taken).toContain(`Port ${port} is used by`)
  if (process.platform === 'linux') expect(chosen.taken).toContain(`process ${process.pid}`)
  await new Promise((resolve) => server.close(resolve))
  expect(await choosePort(port)).toEqual({ port, taken: null })
})
