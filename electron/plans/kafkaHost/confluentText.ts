/** The files that keep Confluent's REST proxy running on a host. */
import { hasLog4j2 } from './confluentVersion.ts'
import { type MskSignIn, mskClient } from './iamText.ts'
import { properties } from './properties.ts'
import { log4j2 } from './unitText.ts'
import { account, confluentCurrent, kafkaUnit, mskIamJar, places } from './wanted.ts'

export const confluentRestFile = `${places.settings}/kafka-rest.properties`
export const confluentLogFile = `${places.settings}/kafka-rest-log4j.properties`

/**
 * ms until it gives up on a topic that is not there, or on brokers that are gone, then on a record that none of them takes:
 * together below the 29 s of API Gateway, which else answers for it with a 504 that says nothing (facts: apis 4.1). Kafka's
 * own limits are 60 s and 120 s.
 */
const maxBlockMs = 10_000
const deliveryMs = 15_000
const requestMs = 10_000

/** It listens on loopback only, as our own gateway does; `producer.…` goes to its Kafka producers (facts: apis 2.3). */
export const confluentRest = ({
  port,
  bootstrap,
  msk,
}: {
  readonly port: number
  readonly bootstrap: string
  /** How it signs in to MSK; null speaks in clear to a broker. */
  readonly msk: MskSignIn | null
}) =>
  properties({
    listeners: `http://127.0.0.1:${port}`,
    'bootstrap.servers': bootstrap
      .split(',')
      .map((broker) => `${msk === null ? 'PLAINTEXT' : 'SASL_SSL'}://${broker}`)
      .join(','),
    // Without this prefix it would not hand them to its clients (F-21).
    ...Object.fromEntries(
      Object.entries(msk === null ? {} : mskClient(msk)).map(([name, value]) => [`client.${name}`, value]),
    ),
    'producer.acks': 'all',
    'producer.max.block.ms': String(maxBlockMs),
    'producer.delivery.timeout.ms': String(deliveryMs),
    'producer.request.timeout.ms': String(requestMs),
  })

/** Warnings to the journal, in the words of log4j 1. */
const log4j1 = properties({
  'log4j.rootLogger': 'WARN, out',
  'log4j.appender.out': 'org.apache.log4j.ConsoleAppender',
  'log4j.appender.out.layout': 'org.apache.log4j.PatternLayout',
  'log4j.appender.out.layout.ConversionPattern': '%p %c{1} %m%n',
})

export const confluentLog = (version: string): string => (hasLog4j2(version) ? log4j2 : log4j1)

export interface ConfluentUnit {
  readonly version: string
  readonly javaHome: string
  readonly javaVersion: string
  readonly heapMiB: number
  /** The IAM jar is on its class path (F-20). */
  readonly msk: boolean
}

/**
 * Its own start command, told by its environment. It adds its jars to the class path it is given; given none, it would begin
 * that with nothing, which is Java's word for the folder it runs in. What it would write beside its programs goes to a /tmp of its own.
 */
export const confluentUnitText = ({
  version,
  javaHome,
  javaVersion,
  heapMiB,
  msk,
}: ConfluentUnit): string => {
  const option = hasLog4j2(version) ? 'log4j2.configurationFile=' : 'log4j.configuration=file:'
  return `[Unit]
Description=Confluent REST Proxy ${version} on Java ${javaVersion} (Pipeline Control)
After=network-online.target ${kafkaUnit}
Wants=network-online.target

[Service]
User=${account}
Environment=JAVA_HOME=${javaHome}
Environment=CLASSPATH=${confluentCurrent}/share/java/kafka-rest/*${msk ? `:${mskIamJar}` : ''}
Environment=KAFKAREST_HEAP_OPTS=-Xmx${heapMiB}m
Environment=KAFKAREST_OPTS=-XX:+ExitOnOutOfMemoryError
Environment=KAFKAREST_LOG4J_OPTS=-D${option}${confluentLogFile}
Environment=LOG_DIR=/tmp
ExecStart=${confluentCurrent}/bin/kafka-rest-start ${confluentRestFile}
Restart=always
RestartSec=5
SuccessExitStatus=143
TimeoutStopSec=30
LimitNOFILE=16384
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
`
}
