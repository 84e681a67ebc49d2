/** The contract's branch `services`: what the app keeps running on a pipeline's machine, seen, switched and read. */
import { hostname, userInfo } from 'node:os'
import type { ServicesView } from '../../shared/contract/services.ts'
import { AppError } from '../../shared/errors.ts'
import { type ServiceAction, type ServiceId, serviceTitles } from '../../shared/services.ts'
import { plainText } from '../clients/ssh/lines.ts'
import { hold } from '../plans/kafkaHost/hold.ts'
import { readFiles } from '../plans/kafkaHost/hostFiles.ts'
import { actionScript, installedFiles, serviceUnits } from '../plans/kafkaHost/serviceCommands.ts'
import type { ActivityLog } from './deps.ts'
import { type HostRootDeps, rootOn } from './hostRoot.ts'
import { api } from './rpc.ts'
import { serviceLog } from './serviceLog.ts'
import { askServices, lookOnce, watchServices } from './serviceLook.ts'
import { neverAborted, told } from './told.ts'

export interface ServicesDeps extends HostRootDeps {
  readonly activity: ActivityLog
}

const done: Readonly<Record<ServiceAction, string>> = {
  restart: 'Restarted',
  start: 'Started',
  stop: 'Stopped',
}

export function servicesFeature(deps: ServicesDeps) {
  const { services } = api

  const act = async (
    pipeline: string,
    service: ServiceId,
    action: ServiceAction,
    signal: AbortSignal,
  ): Promise<ServicesView> => {
    const before = await askServices(deps, pipeline, signal)
    const title = serviceTitles[service]
    if (!before.services.some(({ id, installed }) => id === service && installed)) throw missing(service)
    const root = await rootOn(deps, pipeline, signal)
    // Nobody sets the machine up meanwhile, and whoever begins is told of us.
    const holder = { computer: hostname(), user: userInfo().username, since: Date.now() }
    const held = await hold(root, holder, signal)
    try {
      const { code, stderr } = await root.run(actionScript(service, action), { signal })
      if (code !== 0) throw failed(title, action, stderr)
    } finally {
      await held.release()
    }
    const level = action === 'stop' ? 'warn' : 'info'
    deps.activity.add({
      level,
      area: 'services',
      pipeline,
      text: `${done[action]} the ${title} on the machine`,
    })
    return lookOnce(deps, pipeline, signal)
  }

  const action = (which: ServiceAction) =>
    services[which].handler(({ input: { pipeline, service }, signal = neverAborted }) =>
      act(pipeline, service, which, signal),
    )

  return services.router({
    get: services.get.handler(({ input, signal = neverAborted }) => lookOnce(deps, input.pipeline, signal)),
    watch: services.watch.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(watchServices(deps, input.pipeline, signal), signal)
    }),
    files: services.files.handler(async ({ input, signal = neverAborted }) => {
      const root = await rootOn(deps, input.pipeline, signal)
      const { services: seen } = await askServices(deps, input.pipeline, signal)
      const paths = installedFiles(seen.map(({ id }) => id))
      const texts = await readFiles(root, paths, signal)
      return paths.map((path, nth) => {
        const text = texts[nth] ?? null
        return { path, text: text === null ? null : plainText(text) }
      })
    }),
    restart: action('restart'),
    start: action('start'),
    stop: action('stop'),
    log: services.log.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(serviceLog(deps, input, signal), signal)
    }),
  })
}

function missing(service: ServiceId): AppError {
  return new AppError({
    code: 'SERVICE_NOT_INSTALLED',
    message: `There is no such service on the machine: ${serviceUnits[service]}`,
    hint: 'Set the machine up: page Set-up, or "pipeline setup".',
    field: 'service',
  })
}

function failed(title: string, action: ServiceAction, stderr: string): AppError {
  const said = plainText(stderr).trim().split('\n').slice(-2).join(' ')
  return new AppError({
    code: 'SERVICE_FAILED',
    message: `systemd could not ${action} the ${title}: ${said || 'it said nothing'}`,
    hint: 'Its log says why: page Services, or "pipeline services log".',
  })
}
