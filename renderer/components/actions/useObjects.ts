/** Topics, streams, groups, runs and pipelines as actions that open them; asked for only while the palette is open. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction, usePipelines } from '../../api/query.ts'
import { useStackRuns } from '../StackStopped.tsx'
import type { Action } from './action.ts'
import { commandOf } from './commands.ts'

export function useObjects(open: boolean, go: (path: string) => void): readonly Action[] {
  const pipeline = usePipeline().id
  const enabled = useStackRuns() === true && open
  const topics = useQuery({
    queryKey: ['palette.topics', pipeline],
    queryFn: ({ signal }) => client.topics.list({ pipeline }, { signal }),
    enabled,
  })
  const streams = useQuery({
    queryKey: ['palette.streams', pipeline],
    queryFn: ({ signal }) => client.streams.list({ pipeline }, { signal }),
    enabled,
  })
  const groups = useQuery({
    queryKey: ['groups', pipeline],
    queryFn: ({ signal }) => client.groups.list({ pipeline }, { signal }),
    enabled,
  })
  const runs = useQuery({
    queryKey: keys.runs(pipeline),
    queryFn: ({ signal }) => client.emulation.list({ pipeline }, { signal }),
    enabled: open,
  })
  const pipelines = usePipelines().data
  const { mutate: select } = useAction(client.pipelines.select, (list) =>
    queryClient.setQueryData(keys.pipelines, list),
  )
  return useMemo(
    () => [
      ...(pipelines?.items ?? [])
        .filter(({ id }) => id !== pipeline)
        .map(({ id, settings }) => ({
          id: `pipeline ${id}`,
          title: settings.name,
          group: 'Pipeline',
          keywords: `${id} switch`,
          command: commandOf.selectPipeline(id),
          run: () => select({ pipeline: id }),
        })),
      ...(topics.data ?? []).map(({ name }) => ({
        id: `topic ${name}`,
        title: name,
        group: 'Topic',
        keywords: 'messages search kafka',
        command: commandOf.topic(name),
        run: () => go(`/topics/${encodeURIComponent(name)}`),
      })),
      ...(streams.data ?? []).map(({ name }) => ({
        id: `stream ${name}`,
        title: name,
        group: 'Stream',
        keywords: 'records kinesis',
        command: commandOf.stream(name),
        run: () => go(`/streams/${encodeURIComponent(name)}`),
      })),
      ...(groups.data ?? []).map(({ id }) => ({
        id: `group ${id}`,
        title: id,
        group: 'Group',
        keywords: 'consumer lag',
        command: commandOf.group(id),
        run: () => go(`/groups/${encodeURIComponent(id)}`),
      })),
      ...(runs.data ?? []).map(({ runId, startedAt, posts, state }) => ({
        id: `run ${runId}`,
        title: `Run of ${new Date(startedAt).toLocaleString()}: ${posts} posts, ${state}`,
        group: 'Run',
        keywords: `emulation ${runId}`,
        run: () => go(`/emulation?run=${encodeURIComponent(runId)}`),
      })),
    ],
    [pipelines, topics.data, streams.data, groups.data, runs.data, pipeline, select, go],
  )
}
