/** The parts of kafkajs below its public face that `link.ts` stands on; it ships no types for them. */

declare module 'kafkajs/src/network/connection.js' {
  import type { Duplex } from 'node:stream'

  interface Payload {
    readonly buf: Buffer
    readonly buffer: Buffer
  }

  interface ConnectionOptions {
    readonly host: string
    readonly port: number
    readonly logger: object
    readonly socketFactory: (options: {
      readonly host: string
      readonly port: number
      readonly ssl: object | null | undefined
      readonly onConnect: () => void
    }) => Duplex
    readonly requestTimeout: number
    readonly connectionTimeout: number
    readonly clientId: string
  }

  export default class Connection {
    constructor(options: ConnectionOptions)
    readonly requestQueue: { rejectAll(error: Error): void }
    isConnected(): boolean
    connect(): Promise<unknown>
    disconnect(): Promise<unknown>
    send<T>(call: {
      readonly request: {
        readonly apiKey: number
        readonly apiVersion: number
        readonly apiName: string
        readonly expectResponse: () => boolean
        readonly encode: () => Promise<Payload>
      }
      readonly response: {
        readonly decode: (payload: Buffer) => Promise<{ readonly payload: Buffer }>
        readonly parse: (decoded: { readonly payload: Buffer }) => Promise<T>
      }
      readonly requestTimeout: number
      readonly logResponseError: boolean
    }): Promise<T>
  }
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    readonly buf: Buffer
    readonly buffer: Buffer
    writeBuffer(buffer: Buffer): Encoder
  }
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    readonly pending: readonly unknown[]
    readonly throttledUntil: number
    scheduleCheckPendingRequests(): void
  }
}
