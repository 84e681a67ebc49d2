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
import type { MarkedLedger } from './ledger.ts'

export interface DatabricksPlanDeps {
  readonly folders: Folders
  readonly pipelines: OpenPipelines
  /** Rejects with AppError. */
  databricksWorkspace(pipeline: string): Promise<Workspace>
  databricksLedger(pipeline: string): Promise<MarkedLedger>
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
  const { folders, pipelines, databricksWorkspace, databricksLedger, awsKeys } = deps
  const { ledger, mark } = await databricksLedger(id)
  const sources = join(folders.resources, '..', 'notebooks')
  return planRunner({
    plan: 'databricks',
    title: 'Databricks',
    ledger,
    steps: databricksSteps({
      ledger,
      mark,
      workspace: () => databricksWorkspace(id),
      wanted: () => {
        const { folder, settings } = pipelines.get(id)
        const here = settings.kind === 'local'
        return {
          owner: id,
          userId: settings.userId,
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

/** What a person is asked before it is taken back: all that was made, whatever the settings say by now. */
export function databricksQuestion(name: string, { ledger }: MarkedLedger): ConsentQuestion {
  const notebooks = ledger.things('notebooks').filter((thing) => thing.startsWith('notebook '))
  const jobs = [...ledger.things('job'), ...ledger.things('streamsJob')].filter(
    (thing) => thing !== 'schedule',
  )
  const scopes = ledger.things('scope').filter((thing) => thing.startsWith('scope '))
  return {
    title: `Remove ${name} from Databricks?`,
    ...deletes,
    losses: [
      ...jobs.map((job) => `The job ${job}, with the list of its runs`),
      ...ledger.things('volume').map((volume) => `The volume ${volume}, with every file in it`),
      ...scopes.map((scope) => `The secret ${scope}`),
      ...(notebooks.length === 0
        ? []
        : [`${notebooks.length} notebooks: ${notebooks.map((path) => path.split('/').at(-1)).join(', ')}`]),
    ],
    typed: name,
    agree: 'Remove',
  }
}
