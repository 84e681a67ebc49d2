/** The list of topics of large clusters: soon there, and its refresh never holds up the page. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createApp } from '../electron/app.ts'
import { connectKafka } from '../electron/clients/kafka/client.ts'
import type { KafkaTopic, PartitionOffsets } from '../electron/clients/kafka/types.ts'
import type { KafkaWorkbench } from '../electron/clients/kafka/workbench.ts'
import { topicsFeature } from '../electron/features/topics.ts'
import { nodePlatform } from '../electron/host/nodePlatform.ts'
import { serveWeb } from '../electron/host/web/serve.ts'
import { startBroker } from '../tests/helpers/broker.ts'
import { root } from '../tests/helpers/home.ts'
import { type Bench, type Context, type Row, row } from './bench.ts'
import {
  cpuMs,
  homeWith,
  longestTasksOf,
  openMeasured,
  type Smoothness,
  smoothness,
  startDoor,
  startMeasuring,
  watching,
} from './lib/page.ts'

/** What a person types into the list's filter while it is refreshed, and how fast, ms a key. */
const typed = 'topic-00123'
const typeEveryMs = 150
/** Topics are made so many at a time. */
const atOnce = 10

export const bench: Bench = {
  name: 'topics',
  title: 'List of many topics in Chromium',
  async run(context) {
    const [topics, partitions] = context.quick ? [200, 1_000] : [1_000, 5_000]
    const few = await inFake(context, 3, 13)
    return [
      ...(await onBroker(context, topics, partitions, few)),
      ...rowsOf('9,000 topics, 39,000 partitions of a fake', await inFake(context, 9_000, 39_000), few),
    ]
  },
}

interface Listed extends Smoothness {
  /** From opening the page to the first row, ms. */
  readonly usableMs: number
  /** The longest task of the page while the list is refreshed and searched, ms of processor time. */
  readonly longestCpu: number
  /** Processor time of the back end in that time, of one core, %. */
  readonly backend: number
}

function rowsOf(what: string, ours: readonly Listed[], few: readonly Listed[]): Row[] {
  const of = (pick: (listed: Listed) => number, from = ours) => from.map(pick)
  return [
    row({
      what: `${what}: list there after`,
      unit: 'ms',
      ours: of(({ usableMs }) => usableMs),
      target: { atMost: 2_000 },
      notes: [
        `with three topics: ${of(({ usableMs }) => usableMs, few)
          .map(Math.round)
          .join(', ')} ms`,
      ],
    }),
    row({
      what: `${what}: longest task of the page while it refreshes`,
      unit: 'ms of processor time',
      ours: of(({ longestCpu }) => longestCpu),
      target: { atMost: 50 },
      notes: [
        `with three topics ${of(({ longestCpu }) => longestCpu, few)
          .map(Math.round)
          .join(', ')} ms`,
        `by the clock: longest tasks over 50 ms ${of(({ longestTask }) => longestTask)
          .map(Math.round)
          .join(', ')} ms, longest frame ${of(({ longestFrame }) => longestFrame)
          .map(Math.round)
          .join(', ')} ms`,
      ],
    }),
    row({
      what: `${what}: slowest key while it is searched`,
      unit: 'ms to the next frame',
      ours: of(({ slowestKey }) => slowestKey),
      target: { atMost: 100 },
    }),
    row({
      what: `${what}: back end meanwhile`,
      unit: '% of a core',
      ours: of(({ backend }) => backend),
      notes: [
        `with three topics ${of(({ backend }) => backend, few)
          .map(Math.round)
          .join(', ')} %`,
      ],
    }),
  ]
}

/** Opens the list `rounds` times, each in a new browser, and searches it for some seconds. */
async function list(
  { rounds, say }: Context,
  door: { readonly address: string; readonly pid: number },
  topics: number,
): Promise<Listed[]> {
  const seen: Listed[] = []
  for (let round = 0; round < rounds; round += 1) {
    const { page, close } = await openMeasured(door.address)
    try {
      await page.getByRole('heading', { name: 'Overview' }).waitFor()
      const usableMs = await openList(page)
      const sub = `${topics.toLocaleString('en-US')} topics, live.`
      await page.getByText(sub).waitFor()
      let backend = 0
      const tasks = await longestTasksOf(page, async () => {
        await startMeasuring(page)
        const [began, used] = [performance.now(), await cpuMs(door.pid)]
        await search(page)
        backend = ((await cpuMs(door.pid)) - used) / (performance.now() - began)
      })
      seen.push({ ...(await smoothness(page)), usableMs, longestCpu: tasks[0] ?? 0, backend: 100 * backend })
      say(`${topics} topics: ${JSON.stringify(seen.at(-1))}`)
    } finally {
      await close()
    }
  }
  return seen
}

/** A page that is opened at the list; answers when its first row stood there, ms since the page was asked for. */
async function openList(page: Page): Promise<number> {
  await page.addInitScript(() => {
    const look = () => {
      const there = document.querySelector('[aria-label="Topics"] [role=row][data-index]') !== null
      if (there) Reflect.set(window, 'listedAt', performance.now())
      else setTimeout(look, 10)
    }
    look()
  })
  await page.goto(`${new URL(page.url()).origin}/#/topics`)
  await page.reload()
  const listed = await page.waitForFunction(() => Reflect.get(window, 'listedAt') as number | undefined)
  return (await listed.jsonValue()) ?? Number.NaN
}

/** Types and clears for some ten seconds, through several refreshes; without a filter it only waits as long. */
async function search(page: Page): Promise<void> {
  const find = page.getByLabel('Find', { exact: true })
  const there = (await find.count()) > 0
  for (let nth = 0; nth < 4; nth += 1) {
    if (!there) {
      await page.waitForTimeout(2 * typed.length * typeEveryMs * 0.75)
      continue
    }
    await find.pressSequentially(typed, { delay: typeEveryMs })
    for (let at = 0; at < typed.length; at += 1)
      await page.keyboard.press('Backspace', { delay: typeEveryMs / 2 })
  }
}

async function onBroker(
  context: Context,
  topics: number,
  partitions: number,
  few: readonly Listed[],
): Promise<Row[]> {
  const broker = await startBroker()
  const kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'bench' })
  const door = await startDoor(watching(broker.bootstrap))
  try {
    let next = 0
    const make = async () => {
      for (let nth = next++; nth < topics; nth = next++)
        await kafka.createTopic({ topic: nameOf(nth), partitions: partitions / topics })
    }
    await Promise.all(Array.from({ length: atOnce }, make))
    context.say(`made ${topics} topics`)
    const what = `${topics.toLocaleString('en-GB')} topics, ${partitions.toLocaleString('en-GB')} partitions on a broker`
    return rowsOf(what, await list(context, door, topics), few)
  } finally {
    await door.close()
    await kafka.close()
    await broker.stop()
  }
}

const nameOf = (nth: number) => `topic-${String(nth).padStart(5, '0')}`

/** The whole back end and its web door, but for the cluster. */
async function inFake(context: Context, topics: number, partitions: number): Promise<Listed[]> {
  const home = await homeWith(watching(''))
  const folders = {
    home: home.home,
    cache: home.home,
    resources: join(root, 'resources'),
    entries: join(root, 'out', 'entries'),
  }
  const app = await createApp(nodePlatform('web', 'bench', folders))
  const kafka = fakeKafka(topics, partitions)
  const faked = topicsFeature({
    kafka: async () => kafka,
    kindOf: () => null,
    lakeGroup: () => null,
    consent: { redeem: async () => undefined, describe: () => undefined },
    activity: { add: () => undefined },
  })
  const router = { ...app.router, topics: faked }
  const door = await serveWeb({ app: { router }, root: join(root, 'out', 'renderer'), port: 0 })
  try {
    return await list(context, { address: door.address, pid: process.pid }, topics)
  } finally {
    await door.close()
    await app.dispose()
    await home.remove()
  }
}

/** Topics that all get messages all the time: each row is another one at each look. */
function fakeKafka(count: number, partitions: number): KafkaWorkbench {
  const each = Math.floor(partitions / count)
  const more = partitions - each * count
  const topics = Array.from({ length: count }, (_, nth): KafkaTopic => {
    const size = each + (nth < more ? 1 : 0)
    const list = Array.from({ length: size }, (_, partition) => ({
      partition,
      leader: 1,
      replicas: [1],
      inSync: [1],
    }))
    return { name: nameOf(nth), id: nameOf(nth), internal: false, partitions: list }
  })
  let looks = 0
  const only = {
    topics: async () => topics,
    sizes: async () =>
      new Map(
        topics.map(({ name, partitions: all }) => [
          name,
          all.map(({ partition }) => ({ partition, bytes: 1_000 })),
        ]),
      ),
    logs: async () => {
      looks += 1
      const high = BigInt(looks * 100)
      const log = (all: KafkaTopic['partitions']): PartitionOffsets[] =>
        all.map(({ partition }) => ({ partition, low: 0n, high }))
      return new Map(topics.map(({ name, partitions: all }) => [name, log(all)]))
    },
  }
  return only as Partial<KafkaWorkbench> as KafkaWorkbench
}
