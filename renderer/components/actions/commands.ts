/** What the page offers to copy as a command, in one place: `tests/unit/pageCommands.test.ts` gives each to the terminal's parser. */
import type { IncidentOptions } from '../../../shared/incidents.ts'
import type { BrokerChoice, ProxyChoice, ServiceAction, ServiceId } from '../../../shared/services.ts'

/** With all that it is set with, so that the command does the same whatever the defaults are. */
export function incidentCommand(options: IncidentOptions): string {
  const flags: readonly string[] = (() => {
    switch (options.id) {
      case 'broker-down':
        return []
      case 'throttled-shard':
        return [
          ...(options.stream === undefined ? [] : [`--stream=${word(options.stream)}`]),
          ...(options.shard === undefined ? [] : [`--shard=${word(options.shard)}`]),
          `--left ${options.recordsPerSecond}`,
        ]
      case 'slow-gateway':
        return [`--delay ${options.delayMs}ms`]
      case 'bad-records':
        return [`--records ${options.count}`, `--kinds ${options.kinds.join(',')}`]
      case 'rebalance':
        return [`--members ${options.members}`, `--every ${options.everyMs}ms`]
    }
  })()
  return ['incidents start', options.id, `--for ${options.forMs / 1_000}s`, ...flags].join(' ')
}

export const serviceCommand = (action: ServiceAction, service: ServiceId): string =>
  `services ${action} ${service}`

/** `pipeline` is its id. */
export const kafkaHostCommand = (
  pipeline: string,
  { broker, proxy }: { readonly broker: BrokerChoice; readonly proxy: ProxyChoice },
): string => `pipelines set ${word(pipeline)} kafkaHost.broker=${broker} kafkaHost.proxy=${proxy}`

/** Of all where several are meant: who has both proxies has them for the time of a change. */
export const logCommand = (services: readonly ServiceId[]): string =>
  services.length > 1 ? 'services log --follow' : `services log ${services[0]} --follow`

/** One word in a POSIX shell; one that begins with a dash is kept from being an option. */
function word(text: string): string {
  const quoted = /^[\w.:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
  return text.startsWith('-') ? `-- ${quoted}` : quoted
}

/** Of pages, by their path. */
export const pageCommands: Readonly<Record<string, string>> = {
  '/setup': 'local status',
  '/topics': 'topics list',
  '/groups': 'groups list',
  '/cluster': 'cluster',
  '/streams': 'streams list',
  '/notebooks': 'notebooks list',
  '/databricks': 'databricks test',
  '/jobs': 'databricks runs',
  '/airflow': 'airflow status',
  '/airflow-setup': 'airflow setup --check',
  '/answers': 'answers list',
  '/incidents': 'incidents list',
  '/aws': 'aws status',
  '/machine': 'host show',
  '/launch': 'machines launch --check',
  '/services': 'services list',
  '/doctor': 'doctor',
  '/settings': 'settings show',
}

export const commands = {
  localUp: 'local up',
  localDown: 'local down',
  createTopic: 'topics create new.topic --partitions 1',
  createStream: 'streams create new-stream --shards 1',
  emulate: 'emulate --posts 500',
  createPipeline: 'pipelines create new-pipeline',
  endIncident: 'incidents end',
  importPipeline: 'pipelines import pipeline.json',
} as const

export const commandOf = {
  topic: (name: string) => `topics browse ${word(name)}`,
  stream: (name: string) => `streams browse ${word(name)}`,
  group: (name: string) => `groups show ${word(name)}`,
  doctor: (pipeline: string) => `doctor ${word(pipeline)}`,
  selectPipeline: (id: string) => `pipelines select ${word(id)}`,
  exportPipeline: (id: string) => `pipelines export ${word(id)}`,
  deletePipeline: (id: string) => `pipelines delete ${word(id)}`,
  theme: (theme: string) => `settings set theme=${theme}`,
} as const
