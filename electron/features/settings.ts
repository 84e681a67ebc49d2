/** The app's settings: one checked file, replaced whole. */
import { join } from 'node:path'
import type { Problem } from '../../shared/contract/base.ts'
import { AppError } from '../../shared/errors.ts'
import { type Settings, type SettingsChange, settingsSchema, settingsVersion } from '../../shared/settings.ts'
import { readJsonFile, writeJsonFile } from '../lib/jsonFile.ts'
import type { ActivityLog, SettingsStore } from './deps.ts'
import { api } from './rpc.ts'

export interface OpenSettings extends SettingsStore {
  readonly problems: readonly Problem[]
  set(change: SettingsChange): Promise<Settings>
}

const format = { schema: settingsSchema, version: settingsVersion }

/** Reads the settings of the folder; what is damaged is put aside and told in `problems`. */
export async function openSettings(home: string): Promise<OpenSettings> {
  const file = join(home, 'settings.json')
  const { value, problem } = await readJsonFile(file, format)
  let settings = value ?? settingsSchema.parse({})
  const locked = problem?.code === 'FILE_NEWER'
  return {
    problems: problem === null ? [] : [problem],
    get: () => settings,
    async set(change) {
      if (locked && problem !== null) throw new AppError(problem)
      settings = settingsSchema.parse({ ...settings, ...change })
      await writeJsonFile(file, settings)
      return settings
    },
  }
}

export function settingsFeature(deps: { readonly settings: OpenSettings; readonly activity: ActivityLog }) {
  return api.settings.router({
    get: api.settings.get.handler(() => deps.settings.get()),
    set: api.settings.set.handler(async ({ input }) => {
      const settings = await deps.settings.set(input)
      deps.activity.add({
        level: 'info',
        area: 'settings',
        pipeline: null,
        text: `Changed: ${Object.keys(input).join(', ')}`,
      })
      return settings
    }),
  })
}
