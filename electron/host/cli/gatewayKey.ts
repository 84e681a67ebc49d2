/** The API key of a gateway for a run: from the environment or asked for, never an argument, where `ps` would show it. */
import type { StartInput } from '../../../shared/contract/emulation.ts'
import type { EmulationOptions } from '../../../shared/emulation.ts'
import { type GatewayAccessKind, gatewayKeySchema } from '../../../shared/settings.ts'
import { secretVariables } from './environment.ts'
import { usage } from './parse.ts'
import type { CliDeps, Client } from './session.ts'

/** What a start needs besides its options; a key only where the run's gateway wants one. Throws AppError USAGE. */
export async function gatewayInput(
  { terminal, given }: CliDeps,
  client: Client,
  pipeline: string,
  { sinks }: EmulationOptions,
  chosen: GatewayAccessKind | undefined,
): Promise<Pick<StartInput, 'gatewayAccess' | 'gatewayKey'>> {
  if (!sinks.some((sink) => sink === 'rest' || sink === 'streams')) return {}
  const access = chosen === undefined ? {} : { gatewayAccess: chosen }
  const item = (await client.pipelines.list()).items.find(({ id }) => id === pipeline)
  const own = item?.settings.kind === 'existing' ? item.settings.endpoints.gatewayAccess : 'none'
  if ((chosen ?? own) !== 'apiKey') return access
  const known = given.gatewayKey
  if (known === undefined) {
    const { hasKey } = await client.pipelines.gatewayKey({ pipeline })
    // Where nobody can be asked, the back end says what is missing.
    if (hasKey || !terminal.interactive) return access
  }
  const key = gatewayKeySchema.safeParse(known ?? (await terminal.askHidden('API key of the gateway: ')))
  if (key.success) return { ...access, gatewayKey: key.data }
  throw usage(
    'gateway-access',
    key.error.issues[0]?.message ?? 'Not an API key.',
    `Correct ${secretVariables.gatewayKey}.`,
  )
}
