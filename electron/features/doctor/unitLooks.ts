/** The units on the machine: do Kafka and its proxy run there, what did they say last, and does another program have their port. */
import type { HostFacts } from '../../../shared/contract/hosts.ts'
import type { DoctorAction, DoctorLinkId } from '../../../shared/doctor.ts'
import type { ProxyChoice } from '../../../shared/services.ts'
import type { PipelineSettings } from '../../../shared/settings.ts'
import { rootShell } from '../../clients/ssh/sudo.ts'
import type { SshHost } from '../../clients/ssh/types.ts'
import { redact } from '../../lib/redact.ts'
import type { Secret } from '../../lib/secret.ts'
import { proxyPlaces } from '../../plans/kafkaHost/proxyPlaces.ts'
import { kafkaUnit } from '../../plans/kafkaHost/wanted.ts'
import { type Found, notUsed, type Part, single } from './chain.ts'
import { type Cause, causeIn, parseUnit, type UnitLook, unitScript } from './doctorCommands.ts'

export interface UnitLookDeps {
  readonly settings: PipelineSettings
  host(): Promise<SshHost>
  facts(): HostFacts | null
  /** For sudo, where it asks; null where none was given. */
  password(): Promise<Secret | null>
  /** Told whether this app's own unit is there. */
  seen(what: 'kafka' | 'proxy', loaded: boolean): void
}

/** Characters of one line of a journal that are shown. */
const longestLine = 300
/** Restarts by systemd after which a unit that runs is worth a look. */
const manyRestarts = 3

export function unitParts(deps: UnitLookDeps): Part[] {
  const { host, kafkaHost, endpoints } = deps.settings
  const links: DoctorLinkId[] = ['kafkaUnit', 'proxyUnit']
  if (host === null) return [notUsed(links, 'this pipeline has no machine')]
  const ask = async (unit: string, port: number, signal: AbortSignal): Promise<UnitLook> => {
    const link = await deps.host()
    const sudo = deps.facts()?.sudo ?? 'none'
    const password = sudo === 'password' ? await deps.password() : null
    const lines: string[] = []
    const onLine = (line: string, from: 'out' | 'err') => void (from === 'out' && lines.push(line))
    const script = unitScript(unit, port)
    // Without root the journal and the owners of ports may be hidden; the rest is told all the same.
    if (sudo === 'none' || (sudo === 'password' && password === null))
      await link.exec('sh -s', { stdin: script, onLine, signal })
    else await rootShell(link, sudo, password).run(script, { onLine, signal })
    return parseUnit(lines.map((line) => redact(line).slice(0, longestLine)))
  }
  const proxyPart = (proxy: ProxyChoice): Part => {
    if (proxy === 'none') return notUsed(['proxyUnit'], 'no proxy is wanted on the machine')
    const { unit } = proxyPlaces[proxy]
    return single('proxyUnit', ['signIn'], async (signal) => {
      const { proxyPort: port } = kafkaHost
      const look = await ask(unit, port, signal)
      deps.seen('proxy', look.loaded)
      const wanted = endpoints.gateway === ''
      return judgeUnit({ name: 'The proxy', unit, port, step: 'proxy', wanted }, look)
    })
  }
  const brokerPart = (): Part =>
    kafkaHost.broker === 'msk'
      ? notUsed(['kafkaUnit'], 'Kafka is MSK, not on the machine')
      : single('kafkaUnit', ['signIn'], async (signal) => {
          const look = await ask(kafkaUnit, kafkaHost.port, signal)
          deps.seen('kafka', look.loaded)
          const wanted = endpoints.bootstrap === ''
          return judgeUnit(
            { name: 'Kafka', unit: kafkaUnit, port: kafkaHost.port, step: 'broker', wanted },
            look,
          )
        })
  return [brokerPart(), proxyPart(kafkaHost.proxy)]
}

interface Unit {
  readonly name: string
  readonly unit: string
  readonly port: number
  readonly step: 'broker' | 'proxy'
  /** True where nothing else is in use, so that a person would want it set up. */
  readonly wanted: boolean
}

/** Pure; exported for its test. */
export function judgeUnit({ name, unit, port, step, wanted }: Unit, look: UnitLook): Found {
  const action: DoctorAction = { kind: 'setUp', step }
  const stranger = look.holders.find(({ pid }) => pid !== look.pid)
  if (!look.loaded) {
    const text = `${unit} is not on the machine: this app has not set it up there`
    return wanted ? { state: 'warn', text, action } : { state: 'unused', text }
  }
  if (stranger !== undefined)
    return {
      state: 'bad',
      text: `${unit} is ${look.active}, ${look.sub}`,
      problem: {
        code: 'DOCTOR_PORT_TAKEN',
        message: `Port ${port} of the machine is taken by another program: ${stranger.name}, process ${stranger.pid}${stranger.unit === '' ? '' : `, of ${stranger.unit}`}`,
        hint: stranger.unit.endsWith('.service')
          ? `Stop it there (sudo systemctl disable --now ${stranger.unit}); ${name} then starts by itself within seconds. Or choose another port for ours.`
          : `Stop it there (sudo kill ${stranger.pid}); ${name} then starts by itself within seconds. Or choose another port for ours.`,
      },
      faults: ['F-28'],
      lines: [...look.log],
    }
  if (look.active !== 'active' || look.sub !== 'running') return down(name, unit, look, action)
  const text = `${unit} is running, process ${look.pid}`
  if (!look.enabled)
    return {
      state: 'warn',
      text,
      problem: {
        code: 'DOCTOR_UNIT_NOT_AT_BOOT',
        message: `${name} will not start with the machine: ${unit}`,
        hint: 'Set it up again, or: sudo systemctl enable --now there.',
      },
      faults: ['F-25'],
      action,
    }
  if (look.restarts > manyRestarts) {
    const cause = causeIn(look.log)
    return {
      state: 'warn',
      text,
      problem: {
        code: 'DOCTOR_UNIT_RESTARTS',
        message: `${name} runs, but systemd had to start it again ${look.restarts} times: ${unit}`,
        hint: cause?.hint ?? 'Its last words are below; more: journalctl -u.',
      },
      faults: [...(cause?.faults ?? [])],
      lines: [...look.log],
    }
  }
  return { state: 'good', text }
}

/** Stopped by hand has no cause in the journal; a program that ends by itself says why. */
function down(name: string, unit: string, look: UnitLook, action: DoctorAction): Found {
  const failing = look.active === 'failed' || look.sub === 'auto-restart'
  const cause: Cause | null = failing ? causeIn(look.log) : null
  const why = cause === null ? '' : `, ${cause.cause}`
  return {
    state: 'bad',
    text: '',
    problem: failing
      ? {
          code: 'DOCTOR_UNIT_FAILS',
          message: `${name} ends again and again (exit ${look.exitStatus}${why}): ${unit}`,
          hint: cause?.hint ?? 'Its last words are below; set it up again to put its files right.',
        }
      : {
          code: 'DOCTOR_UNIT_DOWN',
          message: `${name} does not run on the machine (systemd says ${look.active}, ${look.sub}): ${unit}`,
          hint: 'Somebody stopped it. Set it up again to start it, or start it there: sudo systemctl start.',
        },
    faults: [...(cause?.faults ?? ['F-25'])],
    lines: [...look.log],
    action,
  }
}
