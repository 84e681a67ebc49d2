/** The step that puts the AWS keys into a secret scope, for places that are read by keys. Temporary keys are refused (decision 7). */
import { createHash } from 'node:crypto'
import { AppError } from '../../../shared/errors.ts'
import type { AwsKeys } from '../../clients/aws/types.ts'
import { deleteScope, makeScope, putSecret, scopeKeys } from '../../clients/databricks/secretScopes.ts'
import { absent, blocked, drifted, notNeeded, present } from '../../plan/findings.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import { type DatabricksDeps, needsScope } from './deps.ts'

/** Tells other keys apart, and gives nothing of a secret with 40 random characters away. */
const sumOf = ({ accessKeyId, secretAccessKey }: AwsKeys): string =>
  createHash('sha256')
    .update(`${accessKeyId.reveal()} ${secretAccessKey.reveal()}`)
    .digest('hex')
    .slice(0, 16)

const keyNames = ['access_key_id', 'secret_access_key'] as const

export function scopeStep(deps: DatabricksDeps): Step {
  const takeBack = async (context: StepContext, signal: AbortSignal) => {
    const workspace = await deps.workspace()
    for (const thing of deps.ledger.things('scope')) {
      if (thing.startsWith('scope ')) await deleteScope(workspace, thing.slice('scope '.length), signal)
      await context.disown(thing)
    }
  }
  return {
    id: 'scope',
    title: 'Secret scope',
    needs: ['workspace'],
    async check({ outputs, owns }, signal) {
      const wanted = deps.wanted()
      const { scope = '' } = outputs.workspace ?? {}
      if (!needsScope(wanted))
        return deps.ledger.things('scope').length === 0
          ? notNeeded('no keys of AWS are needed there')
          : drifted(`${scope} holds keys that are no longer needed there`)
      const keys = await deps.awsKeys()
      if (keys === null)
        return blocked(
          'The lake or the streams are read by keys of AWS, and this pipeline has none',
          'Connect it on the page AWS; or use a volume, an external location or a service credential, which need no keys.',
        )
      if (keys.sessionToken !== null || keys.accessKeyId.reveal().startsWith('ASIA'))
        return blocked(
          'The keys of this pipeline’s identity are temporary: the job would fail when they end',
          'Use a service credential of Unity Catalog, or choose keys of a user (AKIA…) on the page AWS.',
        )
      const found = await scopeKeys(await deps.workspace(), scope, signal)
      if (found === null) return absent(`there is no secret scope ${scope}`)
      const missing = keyNames.filter((name) => !found.has(name))
      if (missing.length > 0) return drifted(`${scope} lacks ${missing.join(', ')}`)
      // Values never come out of a scope; which were put in is remembered by a sum.
      if (!owns(`keys ${sumOf(keys)}`)) return drifted(`${scope} may hold other keys than this pipeline’s`)
      return present(`${scope}: ${keyNames.join(', ')}`, { scope })
    },
    async apply(context, signal) {
      if (!needsScope(deps.wanted())) return takeBack(context, signal)
      const { scope = '' } = context.outputs.workspace ?? {}
      const keys = await deps.awsKeys()
      if (keys === null)
        throw new AppError({
          code: 'AWS_NOT_CONNECTED',
          message: 'This pipeline has no connection to AWS.',
          hint: 'Choose one on the page AWS.',
        })
      const workspace = await deps.workspace()
      await context.own(`scope ${scope}`)
      await makeScope(workspace, scope, signal)
      await putSecret(workspace, { scope, key: 'access_key_id', value: keys.accessKeyId }, signal)
      await putSecret(workspace, { scope, key: 'secret_access_key', value: keys.secretAccessKey }, signal)
      for (const thing of deps.ledger.things('scope'))
        if (thing.startsWith('keys ')) await context.disown(thing)
      await context.own(`keys ${sumOf(keys)}`)
      context.log(`Put the keys into ${scope}`)
    },
    undo: takeBack,
  }
}
