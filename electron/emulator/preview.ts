/** The first ten posts' records exactly as they would go out; nothing is sent. */
import type { EmulationOptions, PreviewRecord } from '../../shared/emulation.ts'
import { kinds } from '../../shared/names.ts'
import type { Secret } from '../lib/secret.ts'
import { createOrder } from './order/order.ts'
import { toOutgoing } from './pump/record.ts'
import { createSinks, type SinkOptions } from './sinks/create.ts'
import { createSource } from './sources/create.ts'
import { staticWarnings } from './warnings.ts'

const previewPosts = 10

export async function previewRecords(
  input: SinkOptions & { readonly password: Secret; readonly signal: AbortSignal },
): Promise<{ records: PreviewRecord[]; warnings: string[] }> {
  const { options, network, password, signal } = input
  const sinks = createSinks(input)
  const source = await createSource(options.source, password, network, signal)
  try {
    const order = createOrder({ ...options, size: source.size })
    const count = Math.min(previewPosts, options.posts ?? previewPosts)
    const posts = []
    for (let i = 0; i < count; i++) posts.push(await source.read(order().index, signal))
    const outgoing = posts.flatMap((post) => toOutgoing(post, options.partitionKey))
    const records = sinks.flatMap((sink) =>
      batches(outgoing, options).flatMap(({ kind, records: batch }) => sink.preview(kind, batch)),
    )
    return { records, warnings: [...staticWarnings(options), ...(source.warnings ?? [])] }
  } finally {
    await Promise.allSettled([source.close(), ...sinks.map((sink) => sink.close())])
  }
}

/** Batches of one kind each, in the order in which they would fill. */
function batches(outgoing: readonly ReturnType<typeof toOutgoing>[number][], { batch }: EmulationOptions) {
  const perKind = kinds.map((kind) => ({ kind, records: outgoing.filter((record) => record.kind === kind) }))
  const most = Math.max(...perKind.map(({ records }) => Math.ceil(records.length / batch)))
  return Array.from({ length: most }, (_, i) =>
    perKind.map(({ kind, records }) => ({ kind, records: records.slice(i * batch, (i + 1) * batch) })),
  )
    .flat()
    .filter(({ records }) => records.length > 0)
}
