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

export interface MessageFilter {
  /** True where the message is wanted. May throw where an expression does not fit the message: then it is not wanted. */
  (message: FilterMessage): boolean
  /**
   * False only where no message whose key and value lie within these bytes can be wanted, nor fail to fit. One look at
   * the bytes of many messages costs far less than one at each.
   */
  readonly mayBeIn?: (bytes: Buffer) => boolean
}
