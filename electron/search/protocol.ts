/** What passes between the app and the worker of one search or export. */
import type { Analysis, AnalysisInput } from '../../shared/contract/analysis.ts'
import type { SearchEvent, SearchInput } from '../../shared/contract/search.ts'
import type { ExportInput } from '../../shared/contract/transfer.ts'
import type { ErrorDetail } from '../../shared/errors.ts'
import type { KafkaWay } from '../clients/kafka/reach.ts'
import type { SecretsMessage } from '../lib/openFor.ts'
import type { ExportProgress } from './exportFile.ts'

export type SearchInit =
  | (KafkaWay & {
      readonly mode: 'search'
      readonly input: Omit<SearchInput, 'pipeline'>
    })
  | (KafkaWay & {
      readonly mode: 'analyse'
      readonly input: Omit<AnalysisInput, 'pipeline'>
    })
  | (KafkaWay & {
      readonly mode: 'export'
      readonly input: Omit<ExportInput, 'pipeline'>
      /** Where the file will be. */
      readonly file: string
    })

/** `beat`: still alive; a filter that never ends says nothing any more. `failed`: it never began. */
export type FromSearch =
  | { readonly type: 'event'; readonly event: SearchEvent }
  | { readonly type: 'analysis'; readonly analysis: Analysis }
  | { readonly type: 'export'; readonly progress: ExportProgress }
  | { readonly type: 'beat' }
  | { readonly type: 'failed'; readonly problem: ErrorDetail }

/** Ends it at the next message's end. */
export type ToSearch = SecretsMessage | { readonly type: 'stop' }
