import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { choosePort, listeningInode, parseLsof, parseWindows } from './ports.ts'

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

it('reads what each system says', () => {
  const table =
    '  sl  local_address rem_address st\n   0: 0100007F:1F92 00000000:0000 0A 0:0 0:0 0 0 0 4711 1\n   1: 0100007F:1F92 0100007F:1 01 0:0 0:0 0 0 0 9 1'
  expect(listeningInode(table, 8082)).toBe('4711')
  expect(listeningInode(table, 8083)).toBeNull()
  expect(parseLsof('p123\ncjava\n')).toEqual({ pid: 123, name: 'java' })
  expect(parseLsof('')).toBeNull()
  expect(parseWindows('4321 java\r\n')).toEqual({ pid: 4321, name: 'java' })
})
