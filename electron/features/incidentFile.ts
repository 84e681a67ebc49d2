/** What an incident must not leave behind, on disk before it begins: the next start clears away what `kill -9` cut off. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { timeSchema } from '../../shared/contract/base.ts'
import { incidentIds } from '../../shared/incidents.ts'
import { readJsonFile, writeJsonFile } from '../lib/jsonFile.ts'

const schema = z.object({
  version: z.literal(1),
  /** The one that is on. */
  on: z.object({ id: z.enum(incidentIds), since: timeSchema }).nullable(),
  /** Made for incidents; to be deleted once their members are gone. */
  groups: z.array(z.string()),
})
export type IncidentRecord = Omit<z.infer<typeof schema>, 'version'>

const fileOf = (folder: string): string => join(folder, 'incident.json')

/** Null where nothing was left. */
export async function readIncident(folder: string): Promise<IncidentRecord | null> {
  return (await readJsonFile(fileOf(folder), { schema, version: 1 })).value
}

/** No file where there is nothing to remember. */
export async function writeIncident(folder: string, record: IncidentRecord): Promise<void> {
  if (record.on === null && record.groups.length === 0) await rm(fileOf(folder), { force: true })
  else await writeJsonFile(fileOf(folder), { version: 1, ...record })
}
