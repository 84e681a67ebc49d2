/** The calls that change a stream's settings. */
import { invalidArgument } from '../fault.ts'
import { integer, needed } from '../shape.ts'
import { type Call, call, maxRecordKiB, modeDetails, ofStream, streamArn } from './call.ts'

/** A stream keeps records for at least a day and at most a year. */
const hours = needed(integer({ min: 24, max: 8_760 }))

const increaseRetention = call(
  'IncreaseStreamRetentionPeriod',
  { ...ofStream, RetentionPeriodHours: hours },
  async (store, input) => {
    const stream = store.find(input)
    const { retentionHours, name } = stream.meta
    if (input.RetentionPeriodHours < retentionHours) {
      throw invalidArgument(
        `Requested retention period (${input.RetentionPeriodHours} hours) for stream ${name} can not be shorter ` +
          `than existing retention period (${retentionHours} hours). Use DecreaseRetentionPeriod API.`,
      )
    }
    await store.edit(stream, (meta) => ({ ...meta, retentionHours: input.RetentionPeriodHours }))
    return null
  },
)

const decreaseRetention = call(
  'DecreaseStreamRetentionPeriod',
  { ...ofStream, RetentionPeriodHours: hours },
  async (store, input) => {
    const stream = store.find(input)
    const { retentionHours, name } = stream.meta
    if (input.RetentionPeriodHours > retentionHours) {
      throw invalidArgument(
        `Requested retention period (${input.RetentionPeriodHours} hours) for stream ${name} can not be longer ` +
          `than existing retention period (${retentionHours} hours). Use IncreaseRetentionPeriod API.`,
      )
    }
    await store.edit(stream, (meta) => ({ ...meta, retentionHours: input.RetentionPeriodHours }))
    return null
  },
)

const updateStreamMode = call(
  'UpdateStreamMode',
  { StreamARN: needed(streamArn), StreamModeDetails: needed(modeDetails) },
  async (store, input) => {
    const mode = input.StreamModeDetails.StreamMode
    if (mode !== 'PROVISIONED' && mode !== 'ON_DEMAND') throw invalidArgument('StreamMode must be given.')
    await store.edit(store.find(input), (meta) => ({ ...meta, mode }))
    return null
  },
)

const updateMaxRecordSize = call(
  'UpdateMaxRecordSize',
  { StreamARN: needed(streamArn), MaxRecordSizeInKiB: needed(integer(maxRecordKiB)) },
  async (store, input) => {
    await store.edit(store.find(input), (meta) => ({ ...meta, maxRecordKiB: input.MaxRecordSizeInKiB }))
    return null
  },
)

export const settingCalls: readonly Call[] = [
  increaseRetention,
  decreaseRetention,
  updateStreamMode,
  updateMaxRecordSize,
]
