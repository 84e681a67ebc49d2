/** Finds a pipeline's own job in a workspace: by the id that was written down, else by its name and its mark. */
import type { Workspace } from '../../clients/databricks/http.ts'
import { findJobs, getJob, type Job } from '../../clients/databricks/jobs.ts'
import type { Ledger } from '../../plan/ledger.ts'

export type OwnJobId = 'batch' | 'streaming'

/** The plan's steps that make them. */
export const jobSteps: Readonly<Record<OwnJobId, 'job' | 'streamsJob'>> = {
  batch: 'job',
  streaming: 'streamsJob',
}

/** Tag of a job. */
export const markTag = 'pipeline-mark'
/** Before the id, in the ledger. */
export const idThing = (id: string): string => `id ${id}`

export const jobName = (owner: string, job: OwnJobId): string => `pipeline-control ${owner} ${job}`

export interface OwnJobs {
  readonly owner: string
  readonly mark: string
  readonly ledger: Ledger
}

/** A person may have renamed it; several are there where one was made whose answer was lost. Rejects with AppError. */
export async function ownJobs(
  workspace: Workspace,
  job: OwnJobId,
  { owner, mark, ledger }: OwnJobs,
  signal?: AbortSignal,
): Promise<Job[]> {
  const ids = ledger
    .things(jobSteps[job])
    .flatMap((thing) => (thing.startsWith(idThing('')) ? [thing.slice(idThing('').length)] : []))
  const known = await Promise.all(ids.map((id) => getJob(workspace, id, signal)))
  const found = known.filter((each) => each !== null)
  return found.length > 0 ? found : findJobs(workspace, jobName(owner, job), [markTag, mark], signal)
}
