/** What was made in a pipeline's workspaces, each by itself, and the mark it carries there. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Ledger, openLedger } from '../../plan/ledger.ts'
import { ledgerAt, placeStep, stepAt } from '../../plan/ledgerAt.ts'
import type { ActivityLog, Pipelines } from '../deps.ts'

export interface WorkspaceLedgers {
  /** This pipeline's on this computer: no other's jobs and volumes carry it. */
  readonly mark: string
  /** Of the workspace that `host` names when it is asked. */
  of(host: () => string): Ledger
  /** Workspaces in which something was made and not taken back. */
  hosts(): string[]
}

/** Of the ledger: it is no plan's. */
const markStep = 'mark'

/** Each pipeline's is opened once. */
export function databricksLedgers({
  pipelines,
  activity,
}: {
  readonly pipelines: Pipelines
  readonly activity: ActivityLog
}): (pipeline: string) => Promise<WorkspaceLedgers> {
  const open = new Map<string, Promise<WorkspaceLedgers>>()
  const made = async (id: string): Promise<WorkspaceLedgers> => {
    const base = await openLedger(join(pipelines.get(id).folder, 'databricks-ledger.json'))
    if (base.problem !== null) {
      const { message, hint } = base.problem
      activity.add({ level: 'bad', area: 'databricks', pipeline: id, text: message, hint })
    }
    const [kept] = base.things(markStep)
    // 32 bits tell the pipelines of a workspace's people apart.
    const mark = kept ?? randomBytes(4).toString('hex')
    await base.own(markStep, mark)
    return {
      mark,
      of: (host) => ledgerAt(base, host),
      hosts: () => base.things(placeStep).filter((host) => base.things(stepAt(host)).length > 0),
    }
  }
  return (id) => {
    const known = open.get(id)
    if (known !== undefined) return known
    const opening = made(id)
    open.set(id, opening)
    opening.catch(() => open.delete(id))
    return opening
  }
}
