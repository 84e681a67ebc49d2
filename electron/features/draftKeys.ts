/** The keys of an identity that is no pipeline's yet: looked for once, nothing is kept, and nobody is asked. */
import { AppError } from '../../shared/errors.ts'
import type { PipelineSettings } from '../../shared/settings.ts'
import { resolveSources } from '../clients/aws/sources.ts'
import type { AwsKeys, WhoseKeys } from '../clients/aws/types.ts'
import type { Network } from '../lib/network.ts'
import { notConnected } from './awsSessionState.ts'

/** Null where the settings name no identity. */
export function draftKeys({ aws, endpoints }: PipelineSettings, network: Network): WhoseKeys {
  if (aws.source === 'none') return null
  let found: Promise<AwsKeys> | null = null
  return () => {
    found ??= resolveSources(aws, { network, typed: null, fallbackRegion: endpoints.region }).then(
      ({ keys, problem }) => {
        if (keys === null) throw new AppError(problem ?? notConnected)
        return keys
      },
    )
    return found
  }
}
