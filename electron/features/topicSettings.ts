/** A topic's settings as a person reads them: where each comes from, and Kafka's own explanation as plain text. */
import type { TopicSetting } from '../../shared/contract/topicOps.ts'
import type { KafkaSetting, KafkaWorkbench } from '../clients/kafka/workbench.ts'

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
}

/** Kafka explains in HTML made for its web site. */
export function plainText(html: string): string {
  return html
    .replace(/<li>/gi, ' • ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|amp|quot|#39|nbsp);/g, (_whole, name: string) => entities[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}

const shown = ({ documentation, ...rest }: KafkaSetting): TopicSetting => ({
  ...rest,
  explanation: plainText(documentation),
})

/** What was set on the topic first, then by name. */
export async function settingsOf(kafka: KafkaWorkbench, topic: string): Promise<TopicSetting[]> {
  const settings = (await kafka.topicSettings(topic)).map(shown)
  const own = (setting: TopicSetting) => Number(setting.source === 'topic')
  return settings.sort((a, b) => own(b) - own(a) || (a.name < b.name ? -1 : 1))
}

/** What a copy of it needs to be the same. */
export async function ownSettings(kafka: KafkaWorkbench, topic: string): Promise<Record<string, string>> {
  const own = (await kafka.topicSettings(topic)).filter(
    ({ source, value }) => source === 'topic' && value !== null,
  )
  return Object.fromEntries(own.map(({ name, value }) => [name, value ?? '']))
}
