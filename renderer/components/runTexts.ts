/** A run in words: its state, its settings. */
import type { EmulationOptions, RunSnapshot, RunState, SinkId } from '../../shared/emulation.ts'
import { count, duration, perSecond } from './format.ts'

export const runStates: Readonly<Record<RunState, string>> = {
  starting: 'Starting',
  running: 'Running',
  pausing: 'Pausing',
  paused: 'Paused',
  stopping: 'Stopping',
  verifying: 'Checking what arrived',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
}

export const sinkNames: Readonly<Record<SinkId, string>> = {
  rest: 'Topics, by the REST proxy',
  streams: 'Streams, by the gateway',
  kafka: 'Kafka directly',
  kinesis: 'Kinesis directly',
  file: 'File (dry run)',
}

/** Of a run that sends, or could go on sending. */
export const isActive = (state: RunState): boolean =>
  state === 'starting' ||
  state === 'running' ||
  state === 'pausing' ||
  state === 'paused' ||
  state === 'stopping'

/** "Running for 2 min 05 s: 1,240 posts, 96/s". */
export function runStateText({ state, activeMs, posts, postsPerSecond }: RunSnapshot): string {
  const rate = posts === 0 ? '' : `, ${perSecond(postsPerSecond)}`
  return `${runStates[state]}${state === 'running' ? ' for' : ' after'} ${duration(activeMs)}: ${count(posts)} posts${rate}`
}

const sources = { builtin: 'built-in data', mysql: 'MySQL', files: 'files' }

/** "faithful order, as fast as possible, 500 posts, built-in data → rest, streams". */
export function optionsText(options: EmulationOptions): string {
  const { rate, posts, forMs } = options
  const pace = {
    faithful: 'original pace',
    max: 'as fast as possible',
    constant: '',
    curve: 'a changing pace',
  }[rate.kind]
  const parts = [
    `${options.order} order`,
    rate.kind === 'constant' ? `${count(rate.postsPerSecond)} posts/s` : pace,
    posts === undefined ? '' : `${count(posts)} posts`,
    forMs === undefined ? '' : duration(forMs),
    sources[options.source.kind],
  ]
  return `${parts.filter(Boolean).join(', ')} → ${options.sinks.join(', ')}`
}
