/** What passes between the app and the worker of one search. */
import type { SearchEvent, SearchInput } from '../../shared/contract/search.ts'
import type { ErrorDetail } from '../../shared/errors.ts'

export interface SearchInit {
  readonly bootstrap: readonly string[]
  readonly input: Omit<SearchInput, 'pipeline'>
}

/** `beat`: still alive; a filter that never ends says nothing any more. `failed`: it never began. */
export type FromSearch =
  | { readonly type: 'event'; readonly event: SearchEvent }
  | { readonly type: 'beat' }
  | { readonly type: 'failed'; readonly problem: ErrorDetail }
