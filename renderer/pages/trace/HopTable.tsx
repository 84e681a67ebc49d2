/** The hops of a trace, record by record: where, when, how long since the hop before and since the post was sent. */
import { Link } from '@tanstack/react-router'
import type { Hop, Trace } from '../../../shared/contract/trace.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { latency, timeAt, unknown } from '../../components/format.ts'
import { Card } from '../../ui/Card.tsx'
import { StateDot } from '../../ui/StateDot.tsx'

const steps: Readonly<Record<Hop['step'], string>> = {
  gatewayToKafka: 'Gateway, to Kafka',
  topic: 'Topic',
  lake: 'Lake',
  gatewayToKinesis: 'Gateway, to Kinesis',
  stream: 'Stream',
}
const order: readonly Hop['step'][] = ['gatewayToKafka', 'topic', 'lake', 'gatewayToKinesis', 'stream']
const states = { waiting: 'working', reached: 'good', missing: 'bad' } as const
const stateWords = { waiting: 'waiting', reached: 'reached', missing: 'not reached' } as const
const kinds = { pin: 'The pin', geo: 'The place', user: 'The person' } as const

export function HopTable({ hops }: Pick<Trace, 'hops'>) {
  const groups = [...Map.groupBy(hops, ({ kind }) => kind)]
  return (
    <>
      {groups.map(([kind, mine]) => (
        <Card key={kind ?? ''} title={kind === null ? 'The record' : kinds[kind]}>
          <div className="overflow-x-auto">
            <table className="w-full text-sm" aria-label={`Hops of ${kind ?? 'the record'}`}>
              <thead>
                <tr className="text-left text-xs text-ink-2 [&>th]:pr-5 [&>th]:pb-1 [&>th]:font-medium">
                  <th scope="col">Hop</th>
                  <th scope="col">Where</th>
                  <th scope="col">Time there</th>
                  <th scope="col">Since the hop before</th>
                  <th scope="col">Since it was sent</th>
                </tr>
              </thead>
              <tbody>
                {mine
                  .toSorted((a, b) => order.indexOf(a.step) - order.indexOf(b.step))
                  .map((hop) => (
                    <tr key={hop.step} className="border-t border-line align-top [&>td]:py-1.5 [&>td]:pr-5">
                      <td className="whitespace-nowrap">
                        <span className="flex items-center gap-2">
                          <StateDot state={states[hop.state]} label={stateWords[hop.state]} />
                          {steps[hop.step]}
                        </span>
                      </td>
                      <td className="[overflow-wrap:anywhere]">
                        <span className="flex items-start gap-0.5">
                          <Where hop={hop} />
                          {hop.place !== null && (
                            <CopyButton text={placeText(hop.place)} what={`the place: ${steps[hop.step]}`} />
                          )}
                        </span>
                        {hop.note !== null && <p className="text-xs text-ink-2">{hop.note}</p>}
                      </td>
                      <td className="num whitespace-nowrap">
                        {hop.at === null ? unknown : timeAt(hop.at, Date.now())}
                      </td>
                      <td className="num whitespace-nowrap">{latency(hop.tookMs)}</td>
                      <td className="num whitespace-nowrap">{latency(hop.afterMs)}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        </Card>
      ))}
    </>
  )
}

/** As paths are written elsewhere: topic/partition/offset, stream/shard/sequence number. */
const placeText = (place: NonNullable<Hop['place']>) =>
  place.in === 'topic'
    ? `${place.topic}/${place.partition}/${place.offset}`
    : `${place.stream}/${place.shard}/${place.sequence}`

function Where({ hop: { place, text } }: { readonly hop: Hop }) {
  if (place?.in === 'topic')
    return (
      <Link
        to="/topics/$topic/$partition/$offset"
        params={{ topic: place.topic, partition: String(place.partition), offset: place.offset }}
        className="num underline"
      >
        {place.topic}, {text}
      </Link>
    )
  if (place?.in === 'stream')
    return (
      <Link
        to="/streams/$stream/$shard/$sequence"
        params={{ stream: place.stream, shard: place.shard, sequence: place.sequence }}
        className="num underline"
      >
        {place.stream}, {text}
      </Link>
    )
  return <span className="num">{text}</span>
}
