/** The errors of the Kinesis API as AWS words them; whatever else is thrown inside is answered as InternalFailure. */

/** What a request is refused with: `__type` and status as on the wire. */
export class Fault extends Error {
  readonly type: string
  readonly status: number

  constructor(type: string, message: string, status = 400) {
    super(message)
    this.name = 'Fault'
    this.type = type
    this.status = status
  }
}

/** AWS's own kind of account number, all zeros as in the emulators that learners know. */
export const account = '000000000000'

export function invalidArgument(message: string): Fault {
  return new Fault('InvalidArgumentException', message)
}

export function streamNotFound(name: string): Fault {
  return new Fault('ResourceNotFoundException', `Stream ${name} under account ${account} not found.`)
}

export function consumerNotFound(consumer: string, stream: string): Fault {
  return new Fault(
    'ResourceNotFoundException',
    `Consumer ${consumer} of stream ${stream} under account ${account} not found.`,
  )
}

export function shardNotFound(stream: string, shard: string): Fault {
  return new Fault(
    'ResourceNotFoundException',
    `Could not find shard ${shard} in stream ${stream} under account ${account}.`,
  )
}

export function throttled(stream: string, shard: string): Fault {
  return new Fault('ProvisionedThroughputExceededException', throttledText(stream, shard))
}

/** The text AWS gives for one record of PutRecords and for a whole call alike. */
export function throttledText(stream: string, shard: string): string {
  return `Rate exceeded for shard ${shard} in stream ${stream} under account ${account}.`
}
