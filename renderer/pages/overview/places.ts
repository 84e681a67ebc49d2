/** The boxes of the map: their names and the page behind each. */
import type { NodeId } from '../../../shared/contract/local.ts'

export interface NodePlace {
  readonly title: string
  readonly to: '/emulation' | '/setup' | '/topics' | '/streams' | '/notebooks'
  /** What a person does there. */
  readonly go: string
}

export const nodePlaces: Readonly<Record<NodeId, NodePlace>> = {
  emulator: { title: 'Emulator', to: '/emulation', go: 'Open Emulation' },
  gateway: { title: 'Gateway', to: '/setup', go: 'Open Set-up' },
  kafka: { title: 'Kafka topics', to: '/topics', go: 'Open Topics' },
  kinesis: { title: 'Kinesis streams', to: '/streams', go: 'Open Streams' },
  lake: { title: 'Lake', to: '/setup', go: 'Open Set-up' },
  notebooks: { title: 'Notebooks', to: '/notebooks', go: 'Open Notebooks' },
}
