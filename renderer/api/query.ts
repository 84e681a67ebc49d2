/** The cache of answers, and the hooks on it that every page uses. */
import {
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
} from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { AppInfo } from '../../shared/contract/app.ts'
import type { SecretsStatus } from '../../shared/contract/secrets.ts'
import type { PipelineList } from '../../shared/contract/settings.ts'
import type { Settings } from '../../shared/settings.ts'
import { client } from './client.ts'
import { ConnectionLost, type ConnectionState, connectionState, onConnection } from './connection.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // There is no network to wait for: the back end is on this computer.
      networkMode: 'always',
      retry: (count, error) =>
        count < 5 && (error instanceof ConnectionLost || connectionState().phase !== 'open'),
      refetchOnWindowFocus: false,
      staleTime: 5_000,
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

/** After a lost connection everything may have changed. */
let generation = 0
onConnection(() => {
  if (connectionState().generation === generation) return
  generation = connectionState().generation
  if (generation > 1) void queryClient.invalidateQueries()
})

export function useConnection(): ConnectionState {
  return useSyncExternalStore(onConnection, connectionState)
}

export const keys = {
  info: ['app.info'],
  secrets: ['secrets'],
  filters: ['search.saved'],
  exports: ['transfer.exports'],
  presets: ['emulation.presets'],
  settings: ['settings'],
  pipelines: ['pipelines'],
  /** Held for an address; another one has none. */
  gatewayKey: (pipeline: string, gateway: string) => ['pipelines.gatewayKey', pipeline, gateway],
  kafkaPassword: (pipeline: string, bootstrap: string, user: string) => [
    'pipelines.kafkaPassword',
    pipeline,
    bootstrap,
    user,
  ],
  host: (pipeline: string) => ['hosts', pipeline],
  runs: (pipeline: string) => ['emulation.list', pipeline],
  notebooks: (pipeline: string) => ['notebooks', pipeline],
  answers: (pipeline: string) => ['answers', pipeline],
} as const

export function useAppInfo(): UseQueryResult<AppInfo> {
  return useQuery({ queryKey: keys.info, queryFn: ({ signal }) => client.app.info(undefined, { signal }) })
}

export function useSecrets(): UseQueryResult<SecretsStatus> {
  return useQuery({
    queryKey: keys.secrets,
    queryFn: ({ signal }) => client.secrets.status(undefined, { signal }),
  })
}

export function useSettings(): UseQueryResult<Settings> {
  return useQuery({
    queryKey: keys.settings,
    queryFn: ({ signal }) => client.settings.get(undefined, { signal }),
  })
}

export function usePipelines(): UseQueryResult<PipelineList> {
  return useQuery({
    queryKey: keys.pipelines,
    queryFn: ({ signal }) => client.pipelines.list(undefined, { signal }),
  })
}

/** A call that changes something. Its failure is shown where it was asked for: `mutation.error`. */
export function useAction<I, O>(
  call: (input: I) => Promise<O>,
  done?: (output: O, input: I) => void,
): UseMutationResult<O, Error, I> {
  return useMutation<O, Error, I>({
    mutationFn: call,
    ...(done === undefined ? {} : { onSuccess: (output: O, input: I) => done(output, input) }),
  })
}
