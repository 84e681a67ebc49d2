import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { planRunner } from './engine.ts'
import { type Ledger, openLedger } from './ledger.ts'
import type { Step } from './step.ts'

let folder = ''
let ledger: Ledger
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipeline-plan-'))
  ledger = await openLedger(join(folder, 'ledger.json'))
})
afterEach(() => rm(folder, { recursive: true }))

/** A world of switches: each step turns one on. */
function world() {
  const on = new Set<string>()
  const did: string[] = []
  const step = (id: string, more: Partial<Step> = {}): Step => ({
    id,
    title: id.toUpperCase(),
    check: async () => ({
      state: on.has(id) ? 'present' : 'absent',
      reason: on.has(id) ? 'on' : 'off',
      outputs: { value: `${id}!` },
    }),
    apply: async (context) => {
      await context.own(id)
      on.add(id)
      did.push(`+${id}`)
    },
    undo: async (context) => {
      if (!context.owns(id)) return
      on.delete(id)
      did.push(`-${id}`)
      await context.disown(id)
    },
    ...more,
  })
  return { on, did, step }
}

const runnerOf = (steps: readonly Step[]) => planRunner({ plan: 'local', title: 'Test', steps, ledger })
const ended = async (
  runner: ReturnType<typeof runnerOf>,
  ...start: Parameters<ReturnType<typeof runnerOf>['start']>
) => {
  runner.start(...start)
  await runner.settled()
  return runner.get()
}

describe('the engine', () => {
  it('applies in order, and the second time changes nothing', async () => {
    const { did, step } = world()
    const runner = runnerOf([step('a'), step('b')])
    expect((await ended(runner, 'apply')).outcome).toBe('done')
    expect((await ended(runner, 'apply')).outcome).toBe('done')
    expect(did).toEqual(['+a', '+b'])
  })

  it('hands outputs to the steps that need them, and applies needs of a single step', async () => {
    const { did, step } = world()
    const seen: unknown[] = []
    const b = step('b', {
      needs: ['a'],
      check: async ({ outputs }) => {
        seen.push(outputs.a?.value)
        return { state: 'present', reason: '' }
      },
    })
    await ended(runnerOf([step('a'), b, step('c')]), 'apply', ['b'])
    expect(did).toEqual(['+a'])
    expect(seen).toEqual(['a!'])
  })

  it('stops at the first failure, says why, and goes on from there when pressed again', async () => {
    const { did, on, step } = world()
    let broken = true
    const b = step('b', {
      apply: async () => {
        if (broken) throw new AppError({ code: 'NO_DISK', message: 'No disk.', hint: 'Free some.' })
        on.add('b')
      },
    })
    const runner = runnerOf([step('a'), b, step('c')])
    const failed = await ended(runner, 'apply')
    expect(failed.outcome).toBe('failed')
    expect(failed.steps.map((s) => s.problem?.code ?? null)).toEqual([null, 'NO_DISK', null])
    expect(failed.steps[2]?.phase).toBe('idle')
    broken = false
    expect((await ended(runner, 'apply')).outcome).toBe('done')
    expect(did).toEqual(['+a', '+c'])
  })

  it('does not believe a step that reports success and changed nothing', async () => {
    const { step } = world()
    const state = await ended(runnerOf([step('a', { apply: async () => {} })]), 'apply')
    expect(state.steps[0]?.problem?.code).toBe('STEP_NOT_DONE')
  })

  it('names what blocks', async () => {
    const { did, step } = world()
    const blocked = step('a', {
      check: async () => ({ state: 'blocked', reason: 'Needs WSL 2.', hint: 'Install it.' }),
    })
    const state = await ended(runnerOf([blocked, step('b')]), 'apply')
    expect(state.steps[0]?.problem).toMatchObject({
      code: 'STEP_BLOCKED',
      message: 'Needs WSL 2.',
      hint: 'Install it.',
    })
    expect(did).toEqual([])
  })

  it('undoes in reverse, and only what is ours', async () => {
    const { did, on, step } = world()
    on.add('a')
    const runner = runnerOf([step('a'), step('b'), step('c')])
    await ended(runner, 'apply')
    await ended(runner, 'undo')
    expect(did).toEqual(['+b', '+c', '-c', '-b'])
    expect([...on]).toEqual(['a'])
  })

  it('looks again at what used something that was taken back', async () => {
    const { on, step } = world()
    const follows = (id: string, of: string): Step => {
      const { undo: _, ...rest } = step(id, { needs: [of] })
      return { ...rest, check: async () => ({ state: on.has('a') ? 'present' : 'absent', reason: of }) }
    }
    const runner = runnerOf([step('a'), step('b'), follows('c', 'a'), follows('d', 'c')])
    await ended(runner, 'apply')
    const { outcome, steps } = await ended(runner, 'undo', ['a'])
    expect(outcome).toBe('done')
    expect(steps.map(({ finding }) => finding?.state)).toEqual(['absent', 'present', 'absent', 'absent'])
  })

  it('cancels at a step border', async () => {
    const { did, on, step } = world()
    const runner = runnerOf([
      step('a', {
        apply: async () => {
          runner.cancel()
          on.add('a')
          did.push('+a')
        },
      }),
      step('b'),
    ])
    const state = await ended(runner, 'apply')
    expect(state.outcome).toBe('cancelled')
    expect(did).toEqual(['+a'])
  })

  it('cancels also where a look never ends', async () => {
    const { step } = world()
    const runner = runnerOf([step('a', { check: () => new Promise(() => {}) }), step('b')])
    runner.start('check')
    runner.cancel()
    await runner.settled()
    expect(runner.get()).toMatchObject({ outcome: 'cancelled', running: null })
  })

  it('refuses to run twice at once, and unknown steps', async () => {
    const { step } = world()
    const runner = runnerOf([step('a')])
    runner.start('apply')
    expect(() => runner.start('undo')).toThrow(/already/)
    await runner.settled()
    expect(() => runner.start('apply', ['x'])).toThrow(/no such step: x/)
  })
})

it('writes the ledger before the thing is made, and reads it back after a kill', async () => {
  const { step } = world()
  let onDisk = ''
  const a = step('a', {
    apply: async (context) => {
      await context.own('folder x')
      onDisk = await readFile(join(folder, 'ledger.json'), 'utf8')
    },
  })
  await ended(runnerOf([a]), 'apply')
  expect(onDisk).toContain('folder x')
  expect((await openLedger(join(folder, 'ledger.json'))).owns('a', 'folder x')).toBe(true)
})

it('forgets what is gone, and says where the ledger was damaged instead of losing it silently', async () => {
  const file = join(folder, 'ledger.json')
  await ledger.own('topics', 'a')
  await ledger.own('kafka', 'b')
  await ledger.disownAll(['topics'])
  const again = await openLedger(file)
  expect([again.problem, again.owns('topics', 'a'), again.owns('kafka', 'b')]).toEqual([null, false, true])

  await writeFile(file, '{"version":1,"entries":[{')
  expect((await openLedger(file)).problem?.code).toBe('FILE_DAMAGED')
  expect(await readFile(`${file}.bad`, 'utf8')).toContain('entries')
})
