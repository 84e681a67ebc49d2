/** The broker's configuration as pure text. */

export interface BrokerPlace {
  readonly port: number
  readonly controllerPort: number
  /** Absolute; holds the log segments. */
  readonly dataFolder: string
}

/**
 * One KRaft node for one computer: bound to loopback, replication 1, quick to come back after a kill (facts: parts, Kafka:
 * the session and heartbeat values bring 13 s down to 7).
 */
export function serverProperties({ port, controllerPort, dataFolder }: BrokerPlace): string {
  const properties: Readonly<Record<string, string>> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': dataFolder,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    // The default of 128 MiB would not fit a small heap.
    'log.cleaner.dedupe.buffer.size': '4194304',
  }
  return `${Object.entries(properties)
    .map(([name, value]) => `${name}=${escapeValue(value)}`)
    .join('\n')}\n`
}

/** In a Java properties file a backslash begins an escape: Windows paths, and folders with odd names. */
function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}

/** MiB of heap for a computer of so much memory: the broker needs little, and a small machine must keep breathing. */
export function heapMiB(memoryBytes: number): number {
  const gib = memoryBytes / 1024 ** 3
  if (gib < 2) return 256
  if (gib < 8) return 400
  return gib < 16 ? 512 : 1024
}
