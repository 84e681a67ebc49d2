/** Every command the page offers to copy is one the terminal understands, whatever the thing is called. */
import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { runCli } from '../../electron/host/cli/program.ts'
import type { CliDeps } from '../../electron/host/cli/session.ts'
import {
  commandOf,
  commands,
  incidentCommand,
  kafkaHostCommand,
  logCommand,
  pageCommands,
  serviceCommand,
} from '../../renderer/components/actions/commands.ts'
import { actionCommand } from '../../shared/doctor.ts'
import { incidentIds, incidentOptionsSchema } from '../../shared/incidents.ts'
import { proxyChoiceSchema, serviceActions, serviceIds } from '../../shared/services.ts'

/** As a POSIX shell splits it. */
function words(command: string): string[] {
  const out = execFileSync('sh', ['-c', `for word in ${command}; do printf '%s\\0' "$word"; done`])
  return out.toString().split('\0').slice(0, -1)
}

/** Whether the words reach the back end: then the parser took every one of them. */
async function understood(command: string): Promise<boolean> {
  let reached = false
  const open = () => {
    reached = true
    return Promise.reject(new Error('far enough'))
  }
  const deps: CliDeps = {
    open,
    openDetached: open,
    serve: open,
    terminal: {
      out: () => undefined,
      note: () => undefined,
      status: () => undefined,
      interactive: false,
      ask: () => Promise.resolve(''),
      askHidden: () => Promise.resolve(''),
      streams: () => {
        throw new Error('no streams here')
      },
    },
    given: {},
    interrupted: new AbortController().signal,
    version: '0',
  }
  await runCli(words(command), deps)
  return reached
}

it.each([...Object.values(pageCommands), ...Object.values(commands)])('pipeline %s', async (command) => {
  expect(await understood(command)).toBe(true)
})

it.each(Object.entries(commandOf))('%s, of any name', async (key, make) => {
  const names = key === 'theme' ? ['light', 'dark', 'system'] : ['learner.pin', "it's $HOME", '-x', 'a b']
  for (const name of names) {
    expect(await understood(make(name)), make(name)).toBe(true)
    if (key !== 'theme') expect(words(make(name)).at(-1)).toBe(name)
  }
})

it.each(incidentIds)('incidents start %s, with all it is set with', async (id) => {
  const options = incidentOptionsSchema.parse({
    id,
    ...(id === 'throttled-shard' ? { stream: 'a-stream', shard: 'shardId-000000000001' } : {}),
  })
  expect(await understood(incidentCommand(options))).toBe(true)
})

it.each(serviceIds)('of the service %s', async (service) => {
  for (const command of [
    ...serviceActions.map((action) => serviceCommand(action, service)),
    logCommand([service]),
  ]) {
    expect(await understood(command), command).toBe(true)
  }
  expect(await understood(logCommand(serviceIds))).toBe(true)
})

it.each(proxyChoiceSchema.options)('of the proxy %s', async (proxy) => {
  expect(await understood(kafkaHostCommand('cloud', { broker: 'msk', proxy }))).toBe(true)
})

it.each([
  { kind: 'startInstance', instance: 'i-0123456789abcdef0' },
  ...(['broker', 'proxy', 'topics'] as const).map((step) => ({ kind: 'setUp', step }) as const),
  ...(['/aws', '/machine', '/topics'] as const).map((page) => ({ kind: 'open', page }) as const),
] as const)('what the doctor tells to type: %j', async (action) => {
  for (const pipeline of [null, 'cloud'])
    expect(await understood(actionCommand(action, pipeline) ?? '')).toBe(true)
})

it('refuses what does not exist', async () => {
  expect(await understood('topics fly')).toBe(false)
  expect(await understood('topics list --never')).toBe(false)
})
