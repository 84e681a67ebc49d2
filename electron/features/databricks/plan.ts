/** The plan `databricks` of a pipeline: its steps over the pipeline's own workspace. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConsentQuestion, deletes } from '../../../shared/contract/app.ts'
import type { PlanAction, PlanState } from '../../../shared/contract/plan.ts'
import type { WhoseKeys } from '../../clients/aws/types.ts'
import type { Workspace } from '../../clients/databricks/http.ts'
import { type PlanRunner, planRunner } from '../../plan/engine.ts'
import { databricksSteps } from '../../plans/databricks/steps.ts'
import type { Folders } from '../../platform.ts'
import { lakeLag, lakeReady } from '../lakeReady.ts'
import type { OpenPipelines } from '../pipelineStore.ts'
import type { Stacks } from '../stacks.ts'
import type { WorkspaceLedgers } from './ledger.ts'

export interface DatabricksPlanDeps {
  readonly folders: Folders
  readonly pipelines: OpenPipelines
  /** Rejects with AppError. */
  databricksWorkspace(pipeline: string): Promise<Workspace>
  databricksLedgers(pipeline: string): Promise<WorkspaceLedgers>
  readonly stacks: Stacks
  /** Of the pipeline's identity of AWS; null where it has none. */
  awsKeys(pipeline: string): WhoseKeys
}

const names = ['setup', 'clean', 'batch', 'streaming'] as const

/** Throws AppError. */
export async function openDatabricksPlan(
  id: string,
  deps: DatabricksPlanDeps,
  onEnd: (action: PlanAction, state: PlanState) => void,
): Promise<PlanRunner> {
  const { folders, pipelines, databricksWorkspace, databricksLedgers, awsKeys } = deps
  const ledgers = await databricksLedgers(id)
  let host = ''
  const ledger = ledgers.of(() => host)
  const sources = join(folders.resources, '..', 'notebooks')
  return planRunner({
    plan: 'databricks',
    title: 'Databricks',
    ledger,
    steps: databricksSteps({
      ledger,
      mark: ledgers.mark,
      elsewhere: ledgers.hosts,
      workspace: async () => {
        const workspace = await databricksWorkspace(id)
        // What each step then writes down belongs to this one.
        host = workspace.host
        return workspace
      },
      wanted: () => {
        const { folder, settings } = pipelines.get(id)
        const here = settings.kind === 'local'
        return {
          owner: id,
          userId: settings.userId,
          topics: settings.topics.names,
          streams: settings.streams.names,
          settings: settings.databricks,
          region: settings.endpoints.region,
          streamsOnAws: !here,
          lake: here ? join(folder, 'lake', 'topics') : null,
        }
      },
      notebooks: () =>
        Promise.all(
          names.map(async (name) => ({ name, text: await readFile(join(sources, `${name}.py`), 'utf8') })),
        ),
      lakeReady: (signal, tell) => lakeReady(deps.stacks.of(id), signal, tell),
      lakeLag: () => lakeLag(deps.stacks.of(id)),
      awsKeys: async () => (await awsKeys(id)?.()) ?? null,
      sentFile: join(pipelines.get(id).folder, 'databricks-sent.json'),
    }),
    onEnd,
  })
}

/** What a person is asked before it is taken back: all that was made in this workspace, whatever the settings say by now. */
export async function databricksQuestion(
  id: string,
  { pipelines, databricksWorkspace, databricksLedgers }: DatabricksPlanDeps,
): Promise<ConsentQuestion> {
  const { name } = pipelines.get(id).settings
  const { host } = await databricksWorkspace(id)
  const things = (await databricksLedgers(id)).of(() => host).things
  const after = (step: string, word: string) =>
    things(step).flatMap((thing) => (thing.startsWith(word) ? [thing.slice(word.length)] : []))
  const notebooks = after('notebooks', 'notebook ')
  const jobs = [...after('job', 'id '), ...after('streamsJob', 'id ')]
  const streams = things('streamsJob').length > 0
  return {
    title: `Remove ${name} from Databricks?`,
    ...deletes,
    losses: [
      ...jobs.map((job) => `The job ${job}, with the list of its runs`),
      ...things('lake').map((to) => `This lake’s files in ${to}`),
      ...things('volume').map((volume) => `The volume ${volume}, with every file in it`),
      ...(streams
        ? ['Where the streams were read to; their tables stay: drop them before reading anew']
        : []),
      ...after('scope', 'scope ').map((scope) => `The secret scope ${scope}`),
      ...(notebooks.length === 0
        ? []
        : [`${notebooks.length} notebooks: ${notebooks.map((path) => path.split('/').at(-1)).join(', ')}`]),
    ],
    typed: name,
    agree: 'Remove',
  }
}
