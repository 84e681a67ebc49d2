/** The contract's branch `streamOps`: records put, hot keys, and changes of a stream as a plan. */
import { AppError } from '../../shared/errors.ts'
import type { Kind } from '../../shared/names.ts'
import type { ReadPace } from '../clients/kinesis/pace.ts'
import type { KinesisClient } from '../clients/kinesis/types.ts'
import type { ActivityLog } from './deps.ts'
import { checkValues } from './produce.ts'
import { api } from './rpc.ts'
import { costOf, type PlannedStep, planChange } from './streamChange.ts'
import { hotKeys } from './streamKeys.ts'
import { putPatiently } from './streamPut.ts'
import type { PipelineKinesis } from './streams.ts'
import { neverAborted, told } from './told.ts'

export interface StreamOpsDeps {
  kinesis(pipeline: string): Promise<PipelineKinesis>
  kindOf(pipeline: string, stream: string): Kind | null
  readonly pace: ReadPace
  readonly activity: ActivityLog
}

const shownStep = ({ run: _run, ...step }: PlannedStep) => step

export function streamOpsFeature(deps: StreamOpsDeps) {
  const note = (pipeline: string, text: string) =>
    deps.activity.add({ level: 'info', area: 'streams', pipeline, text })

  async function* change(
    {
      pipeline,
      stream,
      change: wanted,
    }: { pipeline: string; stream: string; change: Parameters<typeof planChange>[1] },
    signal: AbortSignal,
  ) {
    const { client } = await deps.kinesis(pipeline)
    const steps = planChange(await client.describe(stream), wanted)
    const refused = steps.find((step) => step.refused !== null)
    if (refused?.refused) throw impossible(refused.title, refused.refused)
    for (const [done, step] of steps.entries()) {
      yield { done, of: steps.length, now: `${step.title}: ${step.before} → ${step.after}` }
      await step.run(client as Required<KinesisClient>, signal)
      note(pipeline, `${stream}: ${step.title.toLowerCase()} ${step.before} → ${step.after}`)
      if (signal.aborted) return
    }
    yield { done: steps.length, of: steps.length, now: '' }
  }

  async function* keys(
    {
      pipeline,
      ...what
    }: { pipeline: string; stream: string; lastMs: number; records: number; timeLimitMs: number },
    signal: AbortSignal,
  ) {
    const { client } = await deps.kinesis(pipeline)
    yield* hotKeys(client, deps.pace, what, signal)
  }

  const s = api.streamOps
  return s.router({
    put: s.put.handler(async ({ input, signal = neverAborted }) => {
      const { pipeline, stream, records, anyValue } = input
      const kind = deps.kindOf(pipeline, stream)
      if (kind !== null && !anyValue)
        checkValues(
          records.map(({ data }) => ({ key: null, value: data, headers: [] })),
          kind,
        )
      const { client } = await deps.kinesis(pipeline)
      const answer = await putPatiently(client, stream, records, signal)
      const sent = answer.results.filter(({ place }) => place !== null).length
      note(pipeline, `Put ${sent} of ${records.length} records into ${stream}`)
      return answer
    }),
    hotKeys: s.hotKeys.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(keys(input, signal), signal)
    }),
    plan: s.plan.handler(async ({ input }) => {
      const { client, counts } = await deps.kinesis(input.pipeline)
      const info = await client.describe(input.stream)
      return {
        steps: planChange(info, input.change).map(shownStep),
        cost: costOf(info, input.change, counts() !== null),
      }
    }),
    change: s.change.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(change(input, signal), signal)
    }),
  })
}

function impossible(title: string, reason: string): AppError {
  return new AppError({
    code: 'STREAM_CHANGE_IMPOSSIBLE',
    message: `${title} cannot be changed like that: ${reason}`,
    hint: 'Choose another value.',
    field: 'change',
  })
}
