/** A wire fake in front of moto: answers what moto lacks, and lets everything else through (decision 12). */
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Certificates } from './tls.ts'

export interface AwsAnswer {
  readonly status: number
  readonly body: string
  readonly type?: string
}

/** What a query API was asked: `Action` and its parameters. */
export type AwsRule = (params: URLSearchParams, headers: IncomingHttpHeaders) => AwsAnswer | undefined

interface Asked {
  readonly action: string
  readonly params: URLSearchParams
  /** The id of the key that signed; null where nobody did. */
  readonly by: string | null
  /** The name it was asked by. */
  readonly host: string
}

export interface AwsFront {
  readonly url: string
  readonly port: number
  /** By the action's name; changed while it runs. */
  readonly rules: Map<string, AwsRule>
  /** By the action's name: what comes back from moto, changed on its way. */
  readonly rewrites: Map<string, (body: string) => string>
  /** Every action asked for, in order. */
  readonly asked: Asked[]
  close(): Promise<void>
}

/** An error as the query APIs say it. */
export const awsErrorAnswer = (code: string, message: string, status = 403): AwsAnswer => ({
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
})

/** What IAM's simulator answers, which moto does not have. */
export function simulation(params: URLSearchParams, decide: (action: string) => string): AwsAnswer {
  const actions = [...params]
    .filter(([name]) => name.startsWith('ActionNames.member.'))
    .map(([, value]) => value)
  const results = actions.map((action) => {
    const [decision = '', ...missing] = decide(action).split(' ')
    const context = missing.map((name) => `<member>${name}</member>`).join('')
    return `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>*</EvalResourceName><EvalDecision>${decision}</EvalDecision><MissingContextValues>${context}</MissingContextValues></member>`
  })
  return {
    status: 200,
    body: `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>${results.join('')}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`,
  }
}

/** AWS's price list, which moto does not have: `prices` in dollars, of whatever type is asked for. */
export const priceListAction = 'AWSPriceListService.GetProducts'
export const priceList =
  (prices: { readonly instance: number; readonly address: number; readonly disk: number }): AwsRule =>
  (params) => {
    const asked = [...params.keys()].join('')
    const price = asked.includes('VPCPublicIPv4Address')
      ? prices.address
      : asked.includes('gp3')
        ? prices.disk
        : prices.instance
    const dimension = { unit: 'Hrs', pricePerUnit: { USD: String(price) } }
    const product = { terms: { OnDemand: { a: { priceDimensions: { b: dimension } } } } }
    const body = JSON.stringify({ FormatVersion: 'aws_v1', PriceList: [JSON.stringify(product)] })
    return { status: 200, type: 'application/x-amz-json-1.1', body }
  }

const signerOf = ({ authorization = '' }: IncomingHttpHeaders): string | null =>
  /Credential=([^/]+)/.exec(authorization)?.[1] ?? null

/** With certificates it speaks TLS, as AWS itself does. */
export async function awsFront(target: string, certificates?: Certificates): Promise<AwsFront> {
  const rules = new Map<string, AwsRule>()
  const rewrites: AwsFront['rewrites'] = new Map()
  const asked: AwsFront['asked'] = []
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const params = new URLSearchParams(body.toString())
      const action = params.get('Action') ?? String(request.headers['x-amz-target'] ?? request.url)
      asked.push({ action, params, by: signerOf(request.headers), host: request.headers.host ?? '' })
      const answer = rules.get(action)?.(params, request.headers)
      if (answer !== undefined) {
        response.writeHead(answer.status, { 'content-type': answer.type ?? 'text/xml' }).end(answer.body)
        return
      }
      const { hostname, port } = new URL(target)
      const onward = send(
        { hostname, port, path: request.url, method: request.method, headers: request.headers },
        (back) => {
          const rewrite = rewrites.get(action)
          if (rewrite === undefined) {
            response.writeHead(back.statusCode ?? 502, back.headers)
            back.pipe(response)
            return
          }
          const { 'content-length': _, 'transfer-encoding': __, ...headers } = back.headers
          response.writeHead(back.statusCode ?? 502, headers)
          text(back).then(
            (said) => response.end(rewrite(said)),
            () => response.destroy(),
          )
        },
      )
      onward.on('error', () => response.writeHead(502).end())
      onward.end(body)
    })
  }
  const server = certificates === undefined ? createHttpServer(serve) : createHttpsServer(certificates, serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${certificates === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    rules,
    rewrites,
    asked,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
