/** Whatever comes in over the wire, our Kinesis answers with a 4xx and lives: bodies, headers, protocols, addresses. */

import { request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, base64, eventually, type TestKinesis, testKinesis } from '../helpers/kinesis.ts'

let kinesis: TestKinesis
beforeAll(async () => {
  kinesis = await testKinesis({ enforceLimits: true })
  await kinesis.ask('CreateStream', { StreamName: 'pins', ShardCount: 1 })
})
afterAll(() => kinesis?.stop())

const calls = [
  'AddTagsToStream',
  'CreateStream',
  'DecreaseStreamRetentionPeriod',
  'DeleteStream',
  'DeregisterStreamConsumer',
  'DescribeLimits',
  'DescribeStream',
  'DescribeStreamConsumer',
  'DescribeStreamSummary',
  'GetRecords',
  'GetShardIterator',
  'IncreaseStreamRetentionPeriod',
  'ListShards',
  'ListStreamConsumers',
  'ListStreams',
  'ListTagsForResource',
  'ListTagsForStream',
  'MergeShards',
  'PutRecord',
  'PutRecords',
  'RegisterStreamConsumer',
  'RemoveTagsFromStream',
  'SplitShard',
  'SubscribeToShard',
  'TagResource',
  'UntagResource',
  'UpdateMaxRecordSize',
  'UpdateShardCount',
  'UpdateStreamMode',
]

/** A request of HTTP/1.1 with exactly these headers. */
function raw(
  headers: Record<string, string>,
  body = '{}',
  method = 'POST',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: kinesis.server.port,
        method,
        headers: {
          'x-amz-target': 'Kinesis_20131202.ListStreams',
          'content-type': 'application/x-amz-json-1.1',
          ...headers,
        },
      },
      async (response) => {
        let text = ''
        for await (const chunk of response) text += chunk
        resolve({ status: response.statusCode ?? 0, body: text })
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

async function stillWell(): Promise<void> {
  const put = { StreamName: 'pins', Data: base64('x'), PartitionKey: 'a' }
  await eventually(async () => (await kinesis.ask('PutRecord', put)).status === 200, 5_000)
  expect(kinesis.lines.filter((line) => line.includes('failed'))).toEqual([])
}

describe('bad bodies', () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  const bodies: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['cut off', '{"StreamName":"pi'],
    ['no JSON', 'StreamName=pins'],
    ['a number', '5'],
    ['null', 'null'],
    ['a list', '[]'],
    ['bytes', '\u0000\u0001\ufffd'],
    ['deep lists', `{"StreamName":${deep(100_000)}}`],
    ['deep objects', `{"StreamName":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
    ['a list of streams', '{"StreamName":["pins"]}'],
    ['an object as stream', '{"StreamName":{"toString":"x"}}'],
    ['a huge number', '{"StreamName":"pins","ShardCount":1e400,"Limit":1e400,"TargetShardCount":1e400}'],
    ['a negative number', '{"StreamName":"pins","ShardCount":-1,"Limit":-5,"RetentionPeriodHours":-1}'],
    ['a fraction', '{"StreamName":"pins","Limit":0.5,"TargetShardCount":0.5}'],
    ['__proto__', '{"__proto__":{"StreamName":"pins"},"constructor":{"prototype":{}}}'],
    ['a prototype name', '{"StreamName":"__proto__","ShardId":"constructor","ResourceARN":"toString"}'],
    [
      'a path',
      '{"StreamName":"../../etc/passwd","StreamARN":"arn:aws:kinesis:x:000000000000:stream/../../x"}',
    ],
    ['a long name', JSON.stringify({ StreamName: 'x'.repeat(100_000) })],
    [
      'wrong types',
      '{"StreamName":1,"Records":{},"Tags":[],"TagKeys":5,"ShardFilter":"x","Data":{},"ShardIterator":[]}',
    ],
    [
      'wrong members',
      '{"StreamName":"pins","Records":[null,5,"x",[],{"Data":5}],"Tags":{"a":5},"TagKeys":[{}]}',
    ],
    [
      'bad base64',
      '{"StreamName":"pins","Data":"###","PartitionKey":"a","Records":[{"Data":"a","PartitionKey":"a"}]}',
    ],
    ['odd tokens', '{"ShardIterator":"AAAA","NextToken":"AAAA","StreamName":"nope"}'],
    [
      'odd shards',
      '{"StreamName":"pins","ShardId":"shardId-999999999999","ShardToSplit":"x","ShardToMerge":"y","AdjacentShardToMerge":"z","NewStartingHashKey":"9"}',
    ],
  ]

  it.each(bodies)('refuses %s in every call', async (_, body) => {
    for (const call of calls) {
      // The stream itself is still needed.
      const named = call === 'DeleteStream' ? body.replace('"pins"', '"none"') : body
      const answer = await ask(kinesis.server.endpoint, call, named)
      expect({ call, ok: answer.status < 500 }).toEqual({ call, ok: true })
      if (answer.status >= 400) {
        expect(answer.body).toEqual({ __type: expect.any(String), message: expect.any(String) })
        expect(answer.headers.get('x-amzn-errortype')).toBe(answer.body.__type)
        expect(answer.body.message.length).toBeLessThan(2_000)
      }
    }
    await stillWell()
  })

  it('refuses 20 MB without keeping them', async () => {
    const answer = await ask(
      kinesis.server.endpoint,
      'PutRecord',
      `{"Data":"${'A'.repeat(20_000_000)}"}`,
    ).catch((reason: unknown) => reason)
    // Either the answer comes through, or the connection ends while the client is still writing.
    if (!(answer instanceof Error)) expect(answer).toMatchObject({ status: 413 })
    await stillWell()
  })

  it('refuses random bytes, 500 of them', async () => {
    let seed = 42
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed / 2_147_483_648
    }
    const good = JSON.stringify({
      StreamName: 'pins',
      Records: [{ Data: base64('x'), PartitionKey: 'a' }],
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'LATEST',
    })
    for (let nth = 0; nth < 500; nth += 1) {
      const bytes = [...good]
      for (let change = 0; change < 4; change += 1) {
        bytes[Math.floor(random() * bytes.length)] = String.fromCharCode(32 + Math.floor(random() * 200))
      }
      const call = ['PutRecords', 'GetShardIterator', 'ListShards', 'DescribeStream'][nth % 4] ?? ''
      const answer = await ask(kinesis.server.endpoint, call, bytes.join(''))
      expect({ body: bytes.join(''), ok: answer.status < 500 }).toMatchObject({ ok: true })
    }
    await stillWell()
  })

  it('does not let an iterator be made up', async () => {
    const at = { StreamName: 'pins', ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' }
    const token: string = (await kinesis.ask('GetShardIterator', at)).body.ShardIterator
    for (let nth = 0; nth < token.length; nth += 1) {
      const changed = `${token.slice(0, nth)}${token[nth] === 'A' ? 'B' : 'A'}${token.slice(nth + 1)}`
      const answer = await kinesis.ask('GetRecords', { ShardIterator: changed })
      // The last characters of base64 may hold bits that mean nothing.
      if (Buffer.from(changed, 'base64').equals(Buffer.from(token, 'base64'))) continue
      expect(answer.body.__type).toBe('InvalidArgumentException')
    }
  })
})

describe('who may call', () => {
  it('refuses a page of any origin, on both protocols', async () => {
    for (const origin of ['http://evil.example', 'null', kinesis.server.endpoint]) {
      const answer = await ask(kinesis.server.endpoint, 'ListStreams', {}, { origin })
      expect([answer.status, answer.body.__type]).toEqual([403, 'AccessDeniedException'])
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
    expect((await raw({ origin: 'http://evil.example' }, '', 'OPTIONS')).status).toBe(403)
    expect(await overHttp2({ origin: 'http://evil.example' })).toBe(403)
  })

  it('refuses any other name for itself, as after DNS rebinding', async () => {
    const { port } = kinesis.server
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `localhost.:${port}`,
    ]) {
      expect((await raw({ host })).status).toBe(403)
      expect(await overHttp2({ ':authority': host })).toBe(403)
    }
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      expect((await raw({ host })).status).toBe(200)
      expect(await overHttp2({ ':authority': host })).toBe(200)
    }
  })

  it('takes calls by POST and of its own content type only', async () => {
    expect((await raw({}, '', 'GET')).status).toBe(403)
    expect((await raw({ 'content-type': 'text/plain' })).status).toBe(400)
    expect(
      JSON.parse((await raw({ 'x-amz-target': 'Kinesis_20131202.StartStreamEncryption' })).body).__type,
    ).toBe('UnknownOperationException')
    expect((await raw({ 'x-amz-target': 'DynamoDB_20120810.ListTables' })).status).toBe(400)
    expect((await raw({ 'x-amz-target': 'Kinesis_20131202.__proto__' })).status).toBe(400)
  })

  it('listens on this computer only', async () => {
    expect(kinesis.server.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const { networkInterfaces } = await import('node:os')
    const others = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
    for (const { address, internal, family } of others) {
      if (internal || family !== 'IPv4') continue
      await expect(fetch(`http://${address}:${kinesis.server.port}`)).rejects.toThrow()
    }
  })
})

describe('odd connections', () => {
  it.each([
    ['nothing at all', ''],
    ['half of the HTTP/2 preface', 'PRI * HT'],
    ['the preface and then nonsense', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense nonsense nonsense'],
    ['nonsense', '\u0016\u0003\u0001\u0002 hello'],
    ['half a request', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"a"'],
  ])('survives %s', async (_, text) => {
    for (const end of ['end', 'destroy'] as const) {
      await new Promise<void>((resolve) => {
        const socket = connect(kinesis.server.port, '127.0.0.1', () => {
          socket.write(text, 'latin1', () => {
            socket[end]()
            socket.resume()
          })
        })
        socket.on('error', () => {})
        socket.on('close', () => resolve())
      })
    }
    await stillWell()
  })

  it('survives a request that is given up half-way', async () => {
    const session = connectHttp2(kinesis.server.endpoint)
    for (let nth = 0; nth < 20; nth += 1) {
      const stream = session.request({
        ':method': 'POST',
        'x-amz-target': 'Kinesis_20131202.PutRecord',
        'content-type': 'application/x-amz-json-1.1',
      })
      stream.on('error', () => {})
      stream.write('{"StreamName":"pins","Data":"')
      stream.close(8)
    }
    await new Promise<void>((resolve) => session.close(resolve))
    await stillWell()
  })
})

/** The status of a ListStreams over HTTP/2. */
async function overHttp2(headers: Record<string, string>): Promise<number> {
  const session = connectHttp2(kinesis.server.endpoint)
  try {
    return await new Promise<number>((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        'x-amz-target': 'Kinesis_20131202.ListStreams',
        'content-type': 'application/x-amz-json-1.1',
        ...headers,
      })
      stream.on('response', (answer) => resolve(Number(answer[':status'])))
      stream.on('error', reject)
      stream.end('{}')
      stream.resume()
    })
  } finally {
    session.destroy()
  }
}
