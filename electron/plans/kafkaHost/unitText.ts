/** The files that make Kafka run on a host: its configuration, its words, and the unit that keeps it running. */
import { properties } from './properties.ts'
import { account, javaCurrent, type KafkaHostWanted, kafkaCurrent, places } from './wanted.ts'

/**
 * One KRaft node. It listens where clients are told to go, and nowhere else; its controller only on loopback (facts: apis 5,
 * parts, Kafka).
 */
export const hostServerProperties = ({ ports }: KafkaHostWanted, advertised: string): string =>
  properties({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    listeners: `PLAINTEXT://${advertised}:${ports.kafka},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': `PLAINTEXT://${advertised}:${ports.kafka}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': `${places.data}/kafka`,
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    // The default of 128 MiB would not fit a small heap.
    'log.cleaner.dedupe.buffer.size': '4194304',
  })

/** Warnings to the journal. */
export const log4j2 = properties({
  status: 'warn',
  shutdownHook: 'disable',
  'appender.out.type': 'Console',
  'appender.out.name': 'out',
  'appender.out.layout.type': 'PatternLayout',
  'appender.out.layout.pattern': '%p %c{1} %m%n',
  'rootLogger.level': 'warn',
  'rootLogger.appenderRef.out.ref': 'out',
})

export const serverFile = `${places.settings}/server.properties`
export const log4jFile = `${places.settings}/log4j2.properties`

/** Java's words for the broker and its tools; a `*` in a class path is Java's own, not the shell's. */
export const javaWords = (heapMiB: number): readonly string[] => [
  `${javaCurrent}/bin/java`,
  `-Xmx${heapMiB}m`,
  '-XX:+ExitOnOutOfMemoryError',
  '-Djava.awt.headless=true',
  `-Dlog4j2.configurationFile=${log4jFile}`,
  '-cp',
  `${kafkaCurrent}/libs/*`,
]

export interface BrokerUnit {
  readonly kafkaVersion: string
  readonly javaVersion: string
  readonly heapMiB: number
}

/** Starts at boot, comes back when it fails, and is told apart by its versions, so that an upgrade starts it anew. */
export const brokerUnit = ({ kafkaVersion, javaVersion, heapMiB }: BrokerUnit): string => `[Unit]
Description=Apache Kafka ${kafkaVersion} on Java ${javaVersion} (Pipeline Control)
After=network-online.target
Wants=network-online.target

[Service]
User=${account}
ExecStart=${[...javaWords(heapMiB), 'kafka.Kafka', serverFile].join(' ')}
Restart=on-failure
RestartSec=5
SuccessExitStatus=143
TimeoutStopSec=60
LimitNOFILE=100000
NoNewPrivileges=yes

[Install]
WantedBy=multi-user.target
`
