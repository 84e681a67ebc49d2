/** The terminal as a newcomer uses it: the built program, its words, its JSON and its exit codes. */
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localStatusSchema } from '../../shared/contract/local.ts'
import { runProgram, startProgram, type TestHome, testHome } from '../helpers/home.ts'

let home: TestHome
const cli = (...args: string[]) => runProgram('cli.js', args, home.env)
const lastLine = (text: string) => JSON.parse(text.trim().split('\n').at(-1) ?? '') as unknown

beforeAll(async () => {
  home = await testHome()
  const settings = {
    name: 'This computer',
    ports: { kafka: 0, kinesis: 0, gateway: 0 },
    lake: { 'rotate.schedule.interval.ms': 500 },
  }
  await writeFile(
    join(home.home, 'pipelines.json'),
    JSON.stringify({
      version: 1,
      active: 'this-computer',
      items: [{ id: 'this-computer', createdAt: 1, settings }],
    }),
  )
})
afterAll(() => home.remove())

describe('pipeline run', () => {
  it('brings posts through every hop, reads them all back, and leaves nothing running', async () => {
    const { code, out, err } = await cli(
      'run',
      '--posts',
      '120',
      '--rate',
      'max',
      '--batch',
      '20',
      '--sink',
      'rest,kafka,streams,kinesis',
      '--json',
    )
    expect(code, err).toBe(0)
    expect(lastLine(out)).toMatchObject({
      posts: 120,
      acknowledged: { kafka: 720, kinesis: 720 },
      found: { kafka: 720, kinesis: 720, lake: 720 },
      unacknowledgedFound: { kafka: 0, kinesis: 0, lake: 0 },
      unaccounted: 0,
    })
    expect(err).toContain('Every acknowledged record was read back at its place.')
    const status = localStatusSchema.parse(lastLine((await cli('local', 'status', '--json')).out))
    expect(status).toMatchObject({ running: false, lake: { records: 720 } })
  })
})

describe('wrong words', () => {
  it.each([
    [['emulate', '--rate', 'fast'], 'Not a rate: fast'],
    [['emulate', '--sink', 'rest,s3'], 'Unknown sink: s3'],
    [['emulate', '--posts', '-1'], 'Not a whole number for --posts: -1'],
    [['emulate', '--batch', '900'], 'A batch has at most 500 records.'],
    [['emulate', '--acks', 'maybe'], 'Allowed choices are all, leader, none'],
    [['topics', 'browse'], "missing required argument 'topic'"],
    [['nonsense'], "unknown command 'nonsense'"],
    [['local', 'status', '--pipeline', 'none'], 'No pipeline is called: none'],
    [['pipelines', 'set', 'this-computer', 'ports.kafka=lots'], 'ports.kafka'],
    [['settings', 'set', 'colour=red'], 'There is no setting called: colour'],
  ])('%j exit with 2 and name what is wrong', async (args, message) => {
    const { code, err } = await cli(...args)
    expect(err).toContain(message)
    expect(code).toBe(2)
  })

  it('what does not run is said with its fix, and exits with 1', async () => {
    const { code, err } = await cli('topics', 'list')
    expect(err).toContain('STACK_STOPPED')
    expect(code).toBe(1)
  })
})

describe('what Node compiled of it', () => {
  const list = (cache: string) =>
    runProgram('cli.js', ['pipelines', 'list'], { ...home.env, PIPELINE_CACHE: cache })

  it('is kept in the cache folder, and added to by no second start', async () => {
    const kept = () => readdir(join(home.home, 'compiled'), { recursive: true })
    const first = await list(home.home)
    expect(first.code, first.err).toBe(0)
    const files = await kept()
    expect(files.length).toBeGreaterThan(10)
    expect((await list(home.home)).out).toBe(first.out)
    expect(await kept()).toEqual(files)
  })

  it('is done without where nothing can be kept', async () => {
    const cache = join(home.home, 'file')
    await writeFile(cache, '')
    expect(await list(cache)).toMatchObject({ code: 0, err: '' })
  })
})

describe('a stack that stays', () => {
  it('is shared by later commands, deletes only with consent, and ends by itself', async () => {
    const up = await cli('local', 'up', '--detach', '--json')
    expect(up.code, up.err).toBe(0)
    expect(localStatusSchema.parse(lastLine(up.out)).running).toBe(true)
    const again = await cli('local', 'up', '--detach', '--json')
    expect(localStatusSchema.parse(lastLine(again.out)).kafka.pid).toBe(
      localStatusSchema.parse(lastLine(up.out)).kafka.pid,
    )

    const browse = await cli('topics', 'browse', 'learner.geo', '--from', 'oldest', '--limit', '1', '--json')
    expect(lastLine(browse.out)).toMatchObject({
      partition: 0,
      offset: '0',
      value: { data: expect.stringContaining('"ind":7528') },
    })
    const tail = startProgram(
      'cli.js',
      ['streams', 'tail', 'streaming-learner-user', '--from-beginning'],
      home.env,
    )
    await tail.line(/Abigail/)
    tail.child.kill('SIGINT')
    expect((await tail.finished).code).toBe(0)

    const refused = await cli('local', 'down', '--wipe')
    expect([refused.code, refused.err.includes('CONSENT_NEEDED')]).toEqual([3, true])
    const down = await cli('local', 'down', '--wipe', '--yes', '--json')
    expect(down.code, down.err).toBe(0)
    expect(lastLine(down.out)).toMatchObject({ running: false, lake: { files: 0, records: 0 } })
  })

  it('a run interrupted by Ctrl-C ends at a record boundary, takes the stack down and exits with 130', async () => {
    const run = startProgram('cli.js', ['run', '--for', '10m', '--rate', '100', '--json'], home.env)
    await run.line(/Gateway and lake: answers/)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    run.child.kill('SIGINT')
    const { code, out } = await run.finished
    expect(code).toBe(130)
    expect(lastLine(out)).toMatchObject({
      state: 'stopped',
      unaccounted: 0,
      counters: { failed: 0, inFlight: 0 },
    })
    expect(localStatusSchema.parse(lastLine((await cli('local', 'status', '--json')).out)).running).toBe(
      false,
    )
  })
})
