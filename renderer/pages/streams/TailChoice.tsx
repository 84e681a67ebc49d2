/** How a tail reads, and from where: reads that all readers share, or enhanced fan-out with a consumer of its own. */
import { useState } from 'react'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { RegisterDialog } from './RegisterDialog.tsx'
import { useConsumers, useRegister } from './useFanOut.ts'

export type TailBy = 'shared' | 'fanOut'
export type TailFrom = 'latest' | 'place'

interface TailChoiceProps {
  readonly stream: string
  readonly by: TailBy
  readonly onBy: (by: TailBy) => void
  readonly from: TailFrom
  /** Whether the place to read from is complete. */
  readonly placed: boolean
  readonly onFrom: (from: TailFrom) => void
}

export function TailChoice({ stream, by, onBy, from, placed, onFrom }: TailChoiceProps) {
  const consumers = useConsumers(stream)
  const [asking, setAsking] = useState(false)
  const register = useRegister(stream, consumers, () => {
    setAsking(false)
    onBy('fanOut')
  })
  const { data } = consumers
  const choose = (to: TailBy) => {
    if (to === 'shared' || data?.consumers.some(({ ours, state }) => ours && state === 'ACTIVE')) onBy(to)
    else if (data?.cost.free) register.mutate(false)
    else setAsking(true)
  }
  const none = data?.unsupported ?? null
  const price = data?.cost.free ? 'costs on AWS only' : 'costs per consumer-shard-hour and GB'
  return (
    <>
      <div className="flex flex-wrap items-start gap-3">
        <SelectField
          className="w-full max-w-xl"
          label="Tail by"
          value={by}
          disabled={register.isPending}
          options={[
            { value: 'shared', label: 'Shared reads (5 a second and shard, free)' },
            {
              value: 'fanOut',
              label: `Enhanced fan-out (own 2 MB/s, pushed; ${price})`,
              disabled: data === undefined || none !== null,
            },
          ]}
          onChange={choose}
          help={
            none ??
            (by === 'fanOut'
              ? `Reads as ${data?.ownName ?? ''}, which stays registered until you deregister it on the tab Consumers.`
              : 'All readers of a shard share its five reads and 2 MB a second.')
          }
        />
        <SelectField
          className="w-56"
          label="Tail from"
          value={from}
          options={[
            { value: 'latest', label: 'The latest record' },
            { value: 'place', label: 'The place chosen in “Read”', disabled: !placed },
          ]}
          onChange={onFrom}
        />
      </div>
      <ProblemNotice problem={consumers.error ?? (asking ? null : register.error)} />
      {asking && data !== undefined && (
        <RegisterDialog
          stream={stream}
          name={data.ownName}
          cost={data.cost.note}
          busy={register.isPending}
          problem={register.error}
          onRegister={() => register.mutate(true)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
