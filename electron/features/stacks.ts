/** The local stacks of this back end, one for each pipeline, made when first asked for. */

import type { Log } from '../lib/log.ts'
import { type LocalStack, localStack } from '../local/stack.ts'
import type { Platform } from '../platform.ts'
import type { ActivityLog, Pipelines } from './deps.ts'

export interface Stacks {
  of(pipeline: string): LocalStack
  all(): LocalStack[]
}

export interface StacksDeps {
  readonly platform: Pick<Platform, 'fork' | 'folders'>
  readonly pipelines: Pipelines
  readonly activity: ActivityLog
  readonly log: Log
}

export function openStacks({ platform, pipelines, activity, log }: StacksDeps): Stacks {
  const stacks = new Map<string, LocalStack>()
  return {
    all: () => [...stacks.values()],
    of(id) {
      const known = stacks.get(id)
      if (known !== undefined) return known
      // Throws for an unknown pipeline before anything is made for it.
      pipelines.get(id)
      const made = localStack({
        platform,
        pipeline: () => pipelines.get(id),
        tell: (level, text) => activity.add({ level, area: 'local', pipeline: id, text }),
        log: (line) => log.info(`${id}: ${line}`),
      })
      stacks.set(id, made)
      return made
    },
  }
}
