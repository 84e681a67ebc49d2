/** Kafka's own load tool, `org.apache.kafka.tools.ProducerPerformance`, as its script starts it. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { kafkaLibs } from '../../tests/helpers/broker.ts'

const exec = promisify(execFile)

/** What `kafka-producer-perf-test.sh` and `kafka-run-class.sh` of 4.3.1 give the JVM. */
const jvm = [
  '-Xmx512M',
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:+ExplicitGCInvokesConcurrent',
]

/** Records a second after its first `warmUp` records, by its own count. The producer's settings are its defaults, but for `acks`. */
export async function producerPerformance(options: {
  readonly bootstrap: string
  readonly topic: string
  readonly records: number
  readonly warmUp: number
  readonly recordBytes: number
  readonly acks: '1' | 'all'
}): Promise<number> {
  const { bootstrap, topic, records, warmUp, recordBytes, acks } = options
  const libs = await kafkaLibs()
  const { stdout } = await exec('java', [
    ...jvm,
    '-cp',
    `${libs}/*`,
    'org.apache.kafka.tools.ProducerPerformance',
    ...['--topic', topic, '--num-records', String(records + warmUp), '--warmup-records', String(warmUp)],
    ...['--record-size', String(recordBytes), '--throughput', '-1'],
    ...['--bootstrap-server', bootstrap, '--command-property', `acks=${acks}`],
  ])
  const [, perSecond] = /steady state records sent, ([\d.]+) records/.exec(stdout) ?? []
  if (perSecond === undefined) throw new Error(`ProducerPerformance said: ${stdout.slice(-1_000)}`)
  return Number(perSecond)
}
