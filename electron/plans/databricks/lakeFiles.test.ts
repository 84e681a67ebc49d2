import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { differenceOf, lakeFiles, readSent, writeSent } from './lakeFiles.ts'

describe('lakeFiles', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lake-'))
    await mkdir(join(folder, 'a.pin', 'partition=0'), { recursive: true })
    await mkdir(join(folder, '_writing', 'partition=0'), { recursive: true })
    await writeFile(join(folder, 'a.pin', 'partition=0', 'a.pin+0+0.json'), '{}\n')
    await writeFile(join(folder, 'a.pin', 'partition=0', '_SUCCESS.json'), '')
    await writeFile(join(folder, 'a.pin', 'partition=0', 'notes.txt'), '')
    await writeFile(join(folder, '_writing', 'partition=0', 'half.json'), '{')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('are those that are whole', async () => {
    const [file, ...others] = await lakeFiles(folder)
    expect(file).toMatchObject({ name: 'a.pin/partition=0/a.pin+0+0.json', bytes: 3 })
    expect(others).toEqual([])
  })
  it('are none where there is no lake', async () => {
    expect(await lakeFiles(join(folder, 'none'))).toEqual([])
  })
  it('what was sent is remembered for its place only', async () => {
    const file = join(folder, 'sent.json')
    await writeSent(file, 'here', new Map([['a', 1]]))
    expect(await readSent(file, 'here')).toEqual(new Map([['a', 1]]))
    expect(await readSent(file, 'elsewhere')).toEqual(new Map())
    await writeSent(file, 'elsewhere', new Map([['b', 2]]))
    expect(await readSent(file, 'here')).toEqual(new Map([['a', 1]]))
    await writeSent(file, 'here', new Map())
    expect(await readSent(file, 'here')).toEqual(new Map())
    expect(await readSent(file, 'elsewhere')).toEqual(new Map([['b', 2]]))
  })
})

describe('differenceOf', () => {
  const file = { name: 'a', bytes: 10, writtenAt: 5 }
  it('sends what is not there, is cut short, or was written anew since', () => {
    expect(differenceOf([file], new Map(), new Map(), true).toSend).toEqual([file])
    expect(differenceOf([file], new Map([['a', 9]]), new Map(), true).toSend).toEqual([file])
    expect(differenceOf([file], new Map([['a', 10]]), new Map([['a', 4]]), true).toSend).toEqual([file])
  })
  it('leaves what is there, also where nobody wrote down that it was sent', () => {
    expect(differenceOf([file], new Map([['a', 10]]), new Map([['a', 5]]), true)).toMatchObject({
      toSend: [],
      same: 1,
    })
    expect(differenceOf([file], new Map([['a', 10]]), new Map(), true).toSend).toEqual([])
  })
  it('names what is there and not here', () => {
    expect(differenceOf([], new Map([['b', 1]]), new Map(), true).stale).toEqual(['b'])
  })
  it('names none of somebody else’s, in a volume that is not ours', () => {
    expect(differenceOf([], new Map([['b', 1]]), new Map(), false).stale).toEqual([])
    expect(differenceOf([], new Map([['b', 1]]), new Map([['b', 5]]), false).stale).toEqual(['b'])
  })
})
