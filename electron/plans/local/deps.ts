/** What the steps of the plan `local` are made from. */
import type { Pipeline } from '../../../shared/contract/settings.ts'
import type { Settings } from '../../../shared/settings.ts'
import type { LocalStack } from '../../local/stack.ts'
import type { Folders } from '../../platform.ts'

export interface LocalPlanDeps {
  readonly folders: Folders
  settings(): Settings
  pipeline(): Pipeline
  readonly stack: LocalStack
  readonly system?: NodeJS.Platform
}

/** A broker that is just starting may take a moment; who is silent for longer does not answer, ms. */
const answerMs = 5_000

/** The answer, or why there is none within the time. */
export async function answered<T>(
  work: Promise<T>,
): Promise<{ readonly value: T } | { readonly why: string }> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<{ readonly why: string }>((resolve) => {
    timer = setTimeout(() => resolve({ why: `no answer within ${answerMs / 1_000} s` }), answerMs)
  })
  const answer = work.then(
    (value) => ({ value }),
    (thrown) => ({ why: thrown instanceof Error ? thrown.message : String(thrown) }),
  )
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
