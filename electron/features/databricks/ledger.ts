/** What was made in a pipeline's workspace, and the mark it carries there: one ledger for the plan and for who looks at its jobs. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Ledger, openLedger } from '../../plan/ledger.ts'
import type { Pipelines } from '../deps.ts'

export interface MarkedLedger {
  readonly ledger: Ledger
  readonly mark: string
}

/** Of the ledger: it is no step's. */
const markStep = 'mark'

/** Each pipeline's is opened once. */
export function databricksLedgers(pipelines: Pipelines): (pipeline: string) => Promise<MarkedLedger> {
  const open = new Map<string, Promise<MarkedLedger>>()
  return (id) => {
    const known = open.get(id)
    if (known !== undefined) return known
    const made = openLedger(join(pipelines.get(id).folder, 'databricks-ledger.json')).then(async (ledger) => {
      const [kept] = ledger.things(markStep)
      // 32 bits tell the pipelines of a workspace's people apart.
      const mark = kept ?? randomBytes(4).toString('hex')
      await ledger.own(markStep, mark)
      return { ledger, mark }
    })
    open.set(id, made)
    made.catch(() => open.delete(id))
    return made
  }
}
