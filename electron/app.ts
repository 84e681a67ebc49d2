/** The composition root: one readable list of constructions, the same behind every door. */
import { join } from 'node:path'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient, type Router } from '@orpc/server'
import { savedFilterSchema } from '../shared/contract/search.ts'
import type { Contract } from '../shared/contract.ts'
import { presetSchema } from '../shared/presets.ts'
import { readPace } from './clients/kinesis/pace.ts'
import { openActivity } from './features/activity.ts'
import { databricksForAirflow } from './features/airflow/databricks.ts'
import { airflowFeature } from './features/airflow/feature.ts'
import { airflowHere } from './features/airflow/here.ts'
import { openAnswerStore } from './features/answerStore.ts'
import { answersFeature } from './features/answers.ts'
import { appFeature } from './features/app.ts'
import { awsFeature } from './features/aws.ts'
import { openAwsSessions } from './features/awsSessions.ts'
import { clusterFeature } from './features/cluster.ts'
import { consentDesk } from './features/consent.ts'
import { databricksFeature } from './features/databricks/feature.ts'
import { databricksLedgers } from './features/databricks/ledger.ts'
import { openDatabricksSessions } from './features/databricks/sessions.ts'
import { doctorFeature } from './features/doctor.ts'
import { emulationFeature } from './features/emulation.ts'
import { openEndpoints } from './features/endpoints.ts'
import { openExports } from './features/exports.ts'
import { groupsFeature } from './features/groups.ts'
import { openHostLinks } from './features/hostLinks.ts'
import { hostsFeature } from './features/hosts.ts'
import { openIncidents } from './features/incidents.ts'
import { openKafkaSecurity } from './features/kafkaSecurity.ts'
import { localFeature } from './features/local.ts'
import { openMachineReminders } from './features/machineReminders.ts'
import { machinesFeature } from './features/machines.ts'
import { mskFeature } from './features/msk.ts'
import { filtersFile, openNamedItems, presetsFile } from './features/namedItems.ts'
import { notebooksFeature } from './features/notebooks.ts'
import { overviewFeature } from './features/overview.ts'
import { openPipelines } from './features/pipelineStore.ts'
import { pipelinesFeature } from './features/pipelines.ts'
import { planFeature } from './features/plan.ts'
import { api } from './features/rpc.ts'
import { analysisFeature, searchFeature } from './features/search.ts'
import { openSecretFile } from './features/secretFile.ts'
import { openSecretStore } from './features/secretStore.ts'
import { secretsFeature } from './features/secrets.ts'
import { servicesFeature } from './features/services.ts'
import { openSettings, settingsFeature } from './features/settings.ts'
import { openStacks } from './features/stacks.ts'
import { streamConsumersFeature } from './features/streamConsumers.ts'
import { streamOpsFeature } from './features/streamOps.ts'
import { streamsFeature } from './features/streams.ts'
import { supportFiles } from './features/support.ts'
import { topicOpsFeature } from './features/topicOps.ts'
import { topicsFeature } from './features/topics.ts'
import { traceFeature } from './features/trace.ts'
import { transferFeature } from './features/transfer.ts'
import { openLog } from './lib/log.ts'
import { machineCost } from './plans/machine/cost.ts'
import type { Platform } from './platform.ts'

export interface App {
  /** What a carrier serves. */
  readonly router: Router<Contract, Record<never, never>>
  /** The same, called in this process. */
  readonly client: ContractRouterClient<Contract>
  /** Ends what runs, at a step border and a record boundary. */
  dispose(): Promise<void>
}

export async function createApp(platform: Platform): Promise<App> {
  const { folders } = platform
  const { home } = folders
  const log = openLog(join(home, 'log', 'app.log'), () => [])
  const activity = await openActivity(home, () => [])
  const settings = await openSettings(home)
  const pipelines = await openPipelines(home)
  const savedFilters = await openNamedItems(filtersFile(home), savedFilterSchema)
  const presets = await openNamedItems(presetsFile(home), presetSchema)
  const consent = consentDesk(platform)
  const secretFile = await openSecretFile(home)
  const secrets = openSecretStore(secretFile, platform.cipher)
  const stacks = openStacks({ platform, pipelines, activity, log })
  const aws = openAwsSessions({ pipelines, settings, secrets, platform, activity })
  const cost = machineCost()
  const reminders = openMachineReminders({ home, pipelines, access: aws.quietAccess, activity, cost })
  const links = openHostLinks({ pipelines, secrets })
  const hosts = hostsFeature({ pipelines, links, secrets, activity })
  const kafkaSecurity = openKafkaSecurity({ pipelines, settings, secrets, awsAccess: aws.access })
  const endpoints = openEndpoints({ pipelines, settings, stacks, links, kafkaSecurity, awsKeys: aws.keys })

  const emulation = emulationFeature({
    folders,
    settings,
    targets: endpoints.targets,
    machine: endpoints.machine,
    kafkaSecurity,
    awsKeys: aws.keys,
    onTargets: endpoints.onTargets,
    activity,
    secrets,
    presets,
  })
  const latestRun = (id: string) => emulation.runs.latest(id)?.snapshot ?? null
  const incidents = await openIncidents({ pipelines, stacks, latestRun, activity })
  const databricks = openDatabricksSessions({ pipelines, settings, secrets, platform, activity })
  const ledgersOfDatabricks = databricksLedgers({ pipelines, activity })
  const airflow = {
    pipelines,
    awsAccess: aws.access,
    awsCaller: aws.caller,
    airflowHere: airflowHere(folders, settings),
    databricksForAirflow: (id: string) =>
      databricksForAirflow(id, { pipelines, secrets, databricks, databricksLedgers: ledgersOfDatabricks }),
  }
  const plan = planFeature({
    ...airflow,
    folders,
    pipelines,
    stacks,
    activity,
    settings,
    consent,
    links,
    secrets,
    kafkaThrough: endpoints.kafkaThrough,
    kafka: endpoints.kafka,
    awsKeys: aws.keys,
    databricksWorkspace: databricks.workspace,
    databricksLedgers: ledgersOfDatabricks,
  })
  const work = () => ({
    runs: emulation.runs.working(),
    stack: stacks
      .all()
      .some((stack) => [stack.broker, stack.kinesis, stack.stack].some((part) => part.running() !== null)),
  })

  const notebooks = notebooksFeature({
    folders,
    settings,
    pipelines,
    activity,
    stack: stacks.of,
    kinesis: (id) => stacks.of(id).kinesis.running()?.address.endpoint ?? null,
  })
  const answerStore = openAnswerStore(pipelines)
  const pace = readPace()
  const consumers = streamConsumersFeature({ ...endpoints, home, consent, activity })
  const exports = openExports(join(home, 'exports'), join(folders.entries, 'searchWorker.mjs'), activity)

  const router = api.router({
    app: appFeature({
      platform,
      activity,
      consent,
      work,
      support: () => supportFiles({ client: () => client, home }),
      problems: [
        ...settings.problems,
        ...pipelines.problems,
        ...[secretFile.problem, savedFilters.problem, presets.problem].filter((problem) => problem !== null),
      ],
    }),
    secrets: secretsFeature({ store: secrets, consent, activity }),
    settings: settingsFeature({ settings, activity }),
    pipelines: pipelinesFeature({
      pipelines,
      settings,
      secrets,
      consent,
      activity,
      forget: async (id) => {
        links.drop(id)
        await hosts.forgetAll(id)
      },
      busy: (id) => stacks.of(id).broker.running() !== null || emulation.runs.latest(id)?.busy === true,
    }),
    plan: plan.router,
    local: localFeature({ pipelines, stacks, consent, activity, forgetData: plan.forgetData }),
    overview: overviewFeature({
      pipelines,
      stacks,
      latestRun,
      incident: incidents.on,
      latestNotebook: notebooks.latest,
      kafka: endpoints.kafka,
    }),
    topics: topicsFeature({ ...endpoints, consent, activity }),
    topicOps: topicOpsFeature({ ...endpoints, consent, activity }),
    cluster: clusterFeature(endpoints),
    search: searchFeature({ ...endpoints, folders, saved: savedFilters }),
    analysis: analysisFeature({ ...endpoints, folders, activity }),
    transfer: transferFeature({ ...endpoints, exports, activity }),
    groups: groupsFeature({ ...endpoints, consent, activity }),
    streams: streamsFeature({ ...endpoints, pace, fanOut: consumers.tails, consent, activity }),
    consumers: consumers.router,
    streamOps: streamOpsFeature({ ...endpoints, pace, activity }),
    emulation: emulation.router,
    hosts: hosts.router,
    services: servicesFeature({ links, secrets, pipelines, activity }),
    doctor: doctorFeature({ aws, links, secrets, kafkaSecurity, settings, pipelines }),
    trace: traceFeature({ ...endpoints, awsKeys: aws.keys, pace, settings, secrets, activity }),
    incidents: incidents.router,
    aws: awsFeature({ sessions: aws, pipelines, secrets, activity }),
    machines: machinesFeature({ access: aws.access, pipelines, consent, activity, cost }),
    notebooks: notebooks.router,
    airflow: airflowFeature({ ...airflow, platform, activity }),
    answers: answersFeature({ ...notebooks, pipelines, store: answerStore }),
    databricks: databricksFeature({
      sessions: databricks,
      pipelines,
      secrets,
      platform,
      activity,
      ledgers: ledgersOfDatabricks,
      keepAnswers: async (id, { runId, url, at, answers }) =>
        (await answerStore.keep(id, { from: { kind: 'databricks', runId, url }, at, answers })).id,
      applied: (id) => plan.applied(id, 'databricks'),
    }),
    msk: mskFeature({ access: aws.access, pipelines, activity }),
  })
  const client: ContractRouterClient<Contract> = createRouterClient(router)
  log.info(`started: version ${platform.version}, ${platform.door}`)

  return {
    router,
    client,
    async dispose() {
      reminders.stop()
      // First: what is in flight then ends at its usual speed.
      await incidents.close()
      await emulation.runs.stopAll()
      await exports.stopAll()
      await notebooks.stopAll()
      aws.stop()
      await plan.stopAll()
      await databricks.stop()
      await Promise.all(stacks.all().map((stack) => stack.stop()))
      await endpoints.close()
      hosts.closeSessions()
      links.closeAll()
      await activity.flush()
      log.info('ended')
    },
  }
}
