/** What a filter looks at: one Kafka message, as it was read. */

export interface FilterMessage {
  readonly partition: number
  readonly offset: bigint
  /** ms since 1970 */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly { readonly name: string; readonly value: Buffer | null }[]
}

/** True where the message is wanted. May throw where an expression does not fit the message: then it is not wanted. */
export type MessageFilter = (message: FilterMessage) => boolean
