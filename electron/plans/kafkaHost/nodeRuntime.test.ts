import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { nodeProgram } from '../../../tests/helpers/node.ts'
import { fileSum } from '../../lib/download.ts'
import { nodeBuilds, nodeVersion, parseNodeSum } from './nodeRuntime.ts'

it('is the Node.js that the project itself runs on', async () => {
  const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'))
  expect(devDependencies.node).toBe(nodeVersion)
  if (process.platform === 'linux' && process.arch === 'x64')
    expect(await fileSum(nodeProgram, 'sha256')).toBe(nodeBuilds.x86_64.sha256)
})

it('finds the sum of one file among those of a release', () => {
  const [own, other] = ['a'.repeat(64), 'b'.repeat(64)]
  const text = `${other}  node-v24.0.0-linux-x64.tar.xz\n${own}  node-v24.0.0-linux-x64.tar.gz\n`
  expect(parseNodeSum(text, 'node-v24.0.0-linux-x64.tar.gz')).toBe(own)
  expect(parseNodeSum(text, 'node-v24.0.0-linux-arm64.tar.gz')).toBeNull()
  expect(parseNodeSum('<html>404</html>', 'node-v24.0.0-linux-x64.tar.gz')).toBeNull()
})
