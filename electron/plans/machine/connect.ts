/** The step that makes it the pipeline's machine: address, user, key, and the host key that its own console shows. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { HostKeyPin } from '../../../shared/host.ts'
import { consoleOutput } from '../../clients/aws/ec2Launch.ts'
import { absent, drifted, present } from '../../plan/findings.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import type { MachineDeps } from './deps.ts'
import { hostKeysIn } from './hostKeys.ts'

/** EC2 shows the console some minutes after the start (decision 12: up to five); ms. */
const consoleWithinMs = 300_000
const lookEveryMs = 10_000

const user = 'ec2-user'

export function connectStep(deps: MachineDeps): Step {
  const at = ({ outputs }: Pick<StepContext, 'outputs'>) => ({
    id: outputs.instance?.id ?? '',
    address: outputs.instance?.address ?? '',
  })
  /** Null where the console has not shown it in time: then a person compares it, on the Machine page. */
  const hostKey = async (
    id: string,
    context: StepContext,
    signal: AbortSignal,
  ): Promise<HostKeyPin | null> => {
    const access = await deps.access()
    const until = Date.now() + consoleWithinMs
    context.progress(null, 'waiting for the host key in its console')
    for (;;) {
      const [first] = hostKeysIn(await consoleOutput(access, id)).filter(
        ({ algorithm }) => algorithm === 'ssh-ed25519',
      )
      if (first !== undefined) return first
      if (Date.now() > until) return null
      await sleep(lookEveryMs, undefined, { signal })
    }
  }
  return {
    id: 'connect',
    title: 'Machine of this pipeline',
    needs: ['instance'],
    check: async (context) => {
      const { address } = at(context)
      if (address === '') return absent('no instance runs')
      const host = deps.host()
      if (host === null) return absent('this pipeline has no machine yet')
      if (host.host !== address)
        return {
          ...drifted(`this pipeline uses another machine: ${host.host}`),
          changes: [{ target: 'The machine’s address', before: host.host, after: address }],
        }
      return present(
        host.hostKey === null
          ? `${user}@${address}; its host key is to be accepted on the Machine page`
          : `${user}@${address}, host key ${host.hostKey.sha256}`,
      )
    },
    apply: async (context, signal) => {
      const { id, address } = at(context)
      const before = deps.host()
      await context.own(address)
      // The same machine at another address shows the same key.
      const known = before !== null && context.owns(before.host) ? before.hostKey : null
      const key = known ?? (await hostKey(id, context, signal))
      if (key === null) context.log('The console shows no host key yet: accept it on the Machine page.')
      const host = {
        host: address,
        port: 22,
        user,
        key: { kind: 'stored' as const },
        hostKey: key,
        jump: null,
      }
      await deps.setHost(host, { id, address })
    },
    undo: async (context) => {
      const host = deps.host()
      if (host !== null && context.owns(host.host)) await deps.setHost(null, { id: '', address: '' })
      for (const thing of deps.ledger.things('connect')) await context.disown(thing)
    },
  }
}
