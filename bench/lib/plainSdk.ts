/** The peer of our Kinesis sink: kinesalite, given PutRecords of 500 by the AWS SDK as it is. */
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Source } from '../../electron/emulator/types.ts'
import { eventually } from '../../tests/helpers/kinesis.ts'

const perCall = 500

export interface PlainSdk {
  /** Records a second into a stream of its own with 3 shards. Throws where a record is refused. */
  put(stream: string, records: number, inFlight: number): Promise<number>
  end(): Promise<void>
}

export async function startKinesalite(source: Source): Promise<PlainSdk> {
  const child = fork(join(import.meta.dirname, 'kinesalite.ts'), { stdio: 'inherit' })
  const [endpoint]: string[] = await once(child, 'message')
  const client = new KinesisClient({
    endpoint: endpoint ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    // Over plain HTTP it does not speak HTTP/2, which is the SDK's default.
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  })
  const { signal } = new AbortController()
  const texts = await Promise.all(
    Array.from({ length: source.size }, async (_, index) =>
      Buffer.from(JSON.stringify((await source.read(index, signal)).rows.pin)),
    ),
  )
  return {
    async put(stream, records, inFlight) {
      await client.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 3 }))
      await eventually(async () => {
        const { StreamDescriptionSummary } = await client.send(
          new DescribeStreamSummaryCommand({ StreamName: stream }),
        )
        return StreamDescriptionSummary?.StreamStatus === 'ACTIVE'
      })
      const began = performance.now()
      let given = 0
      const write = async () => {
        while (given < records) {
          const first = given
          given += perCall
          const Records = Array.from({ length: perCall }, (_, nth) => ({
            Data: texts[(first + nth) % texts.length],
            PartitionKey: randomUUID(),
          }))
          const { FailedRecordCount } = await client.send(
            new PutRecordsCommand({ StreamName: stream, Records }),
          )
          if (FailedRecordCount) throw new Error(`kinesalite refused ${FailedRecordCount} records`)
        }
      }
      await Promise.all(Array.from({ length: inFlight }, write))
      const perSecond = (given * 1_000) / (performance.now() - began)
      await client.send(new DeleteStreamCommand({ StreamName: stream }))
      return perSecond
    },
    async end() {
      client.destroy()
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
