/** The few globals that Node.js and browsers share, so that `shared/` needs neither's type library. */
declare class AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
}

declare class URL {
  constructor(address: string)
  static canParse(address: string): boolean
  readonly protocol: string
  readonly hostname: string
  readonly origin: string
}
