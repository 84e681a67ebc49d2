/** The step that makes the user Kafka runs as, and the folders of ours. */

import { absent, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import { accountMakeScript, accountMissingScript, accountRemoveScript } from './accountCommands.ts'
import { type KafkaHostDeps, rootOf } from './deps.ts'
import { account, places } from './wanted.ts'

export function accountStep(deps: KafkaHostDeps): Step {
  return {
    id: 'account',
    title: 'User and folders',
    needs: ['facts'],
    async check(context, signal) {
      const text = await rootOf(deps, context).must('Looking for folders', accountMissingScript, { signal })
      const missing = text.split('\n').filter((line) => line !== '')
      if (missing.length === 0) return present(`${account}, ${places.programs}, ${places.data}`)
      return absent(`missing: ${missing.join(', ')}`)
    },
    async apply(context, signal) {
      await context.own(account)
      await rootOf(deps, context).must('Making the user and the folders', accountMakeScript, { signal })
    },
    async undo(context, signal) {
      if (!context.owns(account)) return
      await rootOf(deps, context).must('Removing the user and the folders', accountRemoveScript, { signal })
    },
  }
}
