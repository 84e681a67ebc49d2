/** What each proxy is on a host: its unit, the small files we write for it, its programs. The one list that all who ask go by. */
import type { ProxyId } from '../../../shared/services.ts'
import { confluentLogFile, confluentRestFile } from './confluentText.ts'
import { gatewayFile } from './gatewayText.ts'
import { confluentUnit, gatewayUnit, places } from './wanted.ts'

export interface ProxyPlaces {
  readonly unit: string
  readonly unitFile: string
  readonly settings: readonly string[]
  /** What the step `proxy` itself brings. */
  readonly programs: readonly string[]
  /** The step that brings what it runs on, that step's folder, and its archives among the downloads as a shell's pattern. */
  readonly runtime: { readonly step: string; readonly folder: string; readonly archives: string }
}

export const proxyPlaces: Readonly<Record<ProxyId, ProxyPlaces>> = {
  gateway: {
    unit: gatewayUnit,
    unitFile: `${places.units}/${gatewayUnit}`,
    settings: [gatewayFile],
    programs: [`${places.programs}/gateway`],
    runtime: { step: 'node', folder: `${places.programs}/node`, archives: `${places.downloads}/node-*` },
  },
  confluent: {
    unit: confluentUnit,
    unitFile: `${places.units}/${confluentUnit}`,
    settings: [confluentRestFile, confluentLogFile],
    programs: [],
    runtime: {
      step: 'confluent',
      folder: `${places.programs}/confluent`,
      archives: `${places.downloads}/confluent-*`,
    },
  },
}
