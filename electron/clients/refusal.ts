/** Why one record was not taken: what a person reads, and whether sending it again is safe. */

export interface Refusal {
  readonly code: string
  readonly message: string
  readonly hint: string
  /** It certainly did not arrive, and sending it again may help. */
  readonly retriable: boolean
  /** Nobody answered: it may have arrived all the same. Never retriable. */
  readonly uncertain: boolean
}
