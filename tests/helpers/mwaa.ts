/**
 * MWAA at the wire: environments, their Airflow behind InvokeRestApi, and the way in to its pages; written from AWS's service model
 * and from Airflow's own description of its API (v1 and v2). Strict about paths, bodies and signatures. What is no call of MWAA goes
 * on to moto, whose bucket the Airflow here reads.
 */
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signatureFault } from './awsSignature.ts'
import { type AirflowState, airflowAnswer, newAirflow, type RestCall } from './mwaaAirflow.ts'

export const mwaaKeys = {
  id: 'AKIAWORKWORKWORKWORK',
  secret: 'secret-of-the-work-profile',
  token: 'session-of-the-work-profile',
}
/** That the environments work as. */
export const mwaaRole = 'arn:aws:iam::123456789012:role/service-role/mwaa-execution'
export const mwaaRegion = 'eu-west-2'

export interface FakeEnvironment {
  Status: string
  AirflowVersion: string
  RequirementsS3Path?: string
  RequirementsS3ObjectVersion?: string
  AirflowConfigurationOptions: Record<string, string>
  WebserverAccessMode: string
  LastUpdate?: { Status: string; Error?: { ErrorCode: string; ErrorMessage: string } }
  readonly SourceBucketArn: string
  readonly DagS3Path: string
  readonly airflow: AirflowState
  /** Its Airflow is a real one: the calls go there. */
  readonly real?: { readonly api: string; readonly authorization: string }
  /** What an update comes to, after so many looks at it. */
  update: { left: number; wanted: { key: string; version: string } } | null
}

/** What a call that matches is answered instead; `hang` never is, `cut` ends in the middle of its answer. */
export interface Fault {
  /** `GET /environments/daily`, or of Airflow `GET restapi /dags/x`. */
  readonly of: RegExp
  readonly answer: { readonly status: number; readonly type: string; readonly body: unknown } | 'hang' | 'cut'
  /** So often; for ever where it is left out. */
  times?: number
}

export interface Mwaa {
  readonly url: string
  readonly environments: Map<string, FakeEnvironment>
  readonly faults: Fault[]
  /** Each call, as a fault's `of` matches it. */
  readonly asked: string[]
  add(name: string, change?: Partial<FakeEnvironment>): FakeEnvironment
  close(): Promise<void>
}

/** The role that the identity has in the Airflow; without one, calls are refused as AWS does. */
export const noRole: Fault['answer'] = {
  status: 403,
  type: 'AccessDeniedException',
  body: { message: 'No Airflow role granted in IAM.' },
}

export async function startMwaa(moto: string, bucket: string): Promise<Mwaa> {
  const environments = new Map<string, FakeEnvironment>()
  const faults: Fault[] = []
  const asked: string[] = []
  const read = async (key: string): Promise<string | null> => {
    const answer = await fetch(`${moto}/${bucket}/${key}`, {
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20261130/${mwaaRegion}/s3/aws4_request` },
    })
    return answer.ok ? answer.text() : null
  }

  const answer = async (request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://fake')
    const path = pathname.split('/').slice(1).map(decodeURIComponent)
    const say = (status: number, said: unknown, type?: string) =>
      response
        .writeHead(status, {
          'content-type': 'application/json',
          ...(type === undefined ? {} : { 'x-amzn-errortype': type }),
        })
        .end(JSON.stringify(said))
    const call = body.length === 0 ? {} : JSON.parse(body.toString())
    const rest = path[0] === 'restapi' ? (call as RestCall) : null
    const name = rest === null ? `${request.method} ${pathname}` : `${rest.Method} restapi ${rest.Path}`
    asked.push(name)
    const signed = {
      method: request.method ?? '',
      path: pathname,
      query: search.slice(1),
      headers: request.headers,
      body,
    }
    const wrong = signatureFault(signed, mwaaKeys, `${mwaaRegion}/airflow`)
    if (wrong !== null) return void say(403, { message: wrong }, 'InvalidSignatureException')
    const fault = faults.find(({ of, times }) => of.test(name) && times !== 0)
    if (fault !== undefined) {
      if (fault.times !== undefined) fault.times -= 1
      if (fault.answer === 'hang') return
      if (fault.answer === 'cut') {
        response.writeHead(200, { 'content-length': '1000' }).write('{"Environ')
        setImmediate(() => response.destroy())
        return
      }
      return void say(fault.answer.status, fault.answer.body, fault.answer.type)
    }
    if (request.method === 'GET' && pathname === '/environments') {
      // Pages of one, so that a client that asks for no second page is found out.
      const names = [...environments.keys()]
      const at = Number(new URLSearchParams(search).get('NextToken') ?? 0)
      const more = at + 1 < names.length ? { NextToken: String(at + 1) } : {}
      return void say(200, { Environments: names.slice(at, at + 1), ...more })
    }
    const environment = environments.get(path[1] ?? '')
    if (path.length !== 2 || !['environments', 'webtoken', 'restapi'].includes(path[0] ?? ''))
      return void say(404, { message: `no such path: ${pathname}` }, 'UnknownOperationException')
    if (environment === undefined)
      return void say(404, { message: `Environment ${path[1]} not found` }, 'ResourceNotFoundException')
    if (path[0] === 'environments' && request.method === 'GET')
      return void say(200, { Environment: shown(path[1] ?? '', environment) })
    if (path[0] === 'environments' && request.method === 'PATCH')
      return update(environment, call as Record<string, unknown>, say)
    if (path[0] === 'webtoken' && request.method === 'POST')
      return void say(200, { WebToken: 'canary-web-token', WebServerHostname: webserverOf(path[1] ?? '') })
    if (rest === null || request.method !== 'POST')
      return void say(405, { message: 'wrong method' }, 'UnknownOperationException')
    if (environment.Status === 'CREATING' || environment.Status === 'DELETED')
      return void say(400, { message: 'Environment is not available' }, 'ValidationException')
    const odd = Object.keys(rest).filter(
      (key) => !['Method', 'Path', 'QueryParameters', 'Body'].includes(key),
    )
    if (odd.length > 0 || rest.Path.startsWith('/api'))
      return void say(400, { message: `unknown: ${[...odd, rest.Path].join()}` }, 'ValidationException')
    if (environment.real !== undefined) return passOn(environment.real, rest, say)
    const requirements =
      environment.RequirementsS3Path === undefined ? null : await read(environment.RequirementsS3Path)
    const files = {
      read: (file: string) => read(`${environment.DagS3Path}/${file}`),
      hasProvider: /databricks/.test(requirements ?? ''),
    }
    const { status, body: said } = await airflowAnswer(environment.airflow, rest, files)
    // Of what has no answer, AWS sends none.
    if (status === 204) return void say(200, { RestApiStatusCode: status })
    if (status < 400) return void say(200, { RestApiStatusCode: status, RestApiResponse: said })
    const kind = status < 500 ? 'RestApiClientException' : 'RestApiServerException'
    say(status < 500 ? 400 : 500, { RestApiStatusCode: status, RestApiResponse: said }, kind)
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      if (/\/airflow\/aws4_request/.test(request.headers.authorization ?? '')) {
        answer(request, body, response).catch((thrown) => response.writeHead(500).end(String(thrown)))
        return
      }
      const { hostname, port } = new URL(moto)
      const onward = { hostname, port, path: request.url, method: request.method, headers: request.headers }
      const there = send(onward, (back) => {
        response.writeHead(back.statusCode ?? 502, back.headers)
        back.pipe(response)
      })
      there.on('error', () => response.destroy())
      there.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    environments,
    faults,
    asked,
    add(name, change = {}) {
      const made: FakeEnvironment = {
        Status: 'AVAILABLE',
        AirflowVersion: '3.0.6',
        AirflowConfigurationOptions: {},
        WebserverAccessMode: 'PUBLIC_ONLY',
        SourceBucketArn: `arn:aws:s3:::${bucket}`,
        DagS3Path: 'dags',
        airflow: newAirflow(change.AirflowVersion ?? '3.0.6'),
        update: null,
        ...change,
      }
      environments.set(name, made)
      return made
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Say = (status: number, said: unknown, type?: string) => unknown

/** As InvokeRestApi hands a call on, and what comes back. */
async function passOn(
  { api, authorization }: NonNullable<FakeEnvironment['real']>,
  { Method, Path, QueryParameters = {}, Body }: RestCall,
  say: Say,
): Promise<void> {
  const query = new URLSearchParams(
    Object.entries(QueryParameters).map(([name, value]) => [name, String(value)]),
  )
  const answer = await fetch(`${api}${Path}?${query}`, {
    method: Method,
    headers: {
      authorization,
      accept: 'application/json',
      ...(Body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(Body === undefined ? {} : { body: JSON.stringify(Body) }),
  })
  const text = await answer.text()
  const said = { RestApiStatusCode: answer.status, RestApiResponse: text === '' ? null : JSON.parse(text) }
  if (answer.ok) say(200, said)
  else if (answer.status < 500) say(400, said, 'RestApiClientException')
  else say(500, said, 'RestApiServerException')
}

const webserverOf = (name: string) => `${name}-0a1b.c2.${mwaaRegion}.airflow.amazonaws.com`

function shown(name: string, environment: FakeEnvironment) {
  const { update } = environment
  if (update !== null && update.left-- <= 0) {
    environment.update = null
    environment.Status = 'AVAILABLE'
    if (update.wanted.key.includes('broken') || environment.airflow.refusesRequirements) {
      environment.Status = 'UPDATE_FAILED'
      environment.LastUpdate = {
        Status: 'FAILED',
        Error: {
          ErrorCode: 'INCORRECT_CONFIGURATION',
          ErrorMessage: 'ResolutionImpossible: conflicting dependencies',
        },
      }
    } else {
      environment.LastUpdate = { Status: 'SUCCESS' }
      environment.RequirementsS3Path = update.wanted.key
      environment.RequirementsS3ObjectVersion = update.wanted.version
    }
  }
  const { airflow: _, update: __, real: ___, ...rest } = environment
  return {
    Name: name,
    EnvironmentClass: 'mw1.small',
    WebserverUrl: webserverOf(name),
    ExecutionRoleArn: mwaaRole,
    CreatedAt: 1_700_000_000,
    ...rest,
  }
}

function update(
  environment: FakeEnvironment,
  call: Record<string, unknown>,
  say: (status: number, said: unknown, type?: string) => void,
): void {
  const { RequirementsS3Path: key, RequirementsS3ObjectVersion: version, ...odd } = call
  if (environment.Status !== 'AVAILABLE')
    return void say(400, { message: `Environment is in status ${environment.Status}` }, 'ValidationException')
  if (
    typeof key !== 'string' ||
    typeof version !== 'string' ||
    key === '' ||
    version === '' ||
    Object.keys(odd).length > 0
  )
    return void say(400, { message: `bad update: ${Object.keys(call).join()}` }, 'ValidationException')
  environment.Status = 'UPDATING'
  environment.update = { left: 1, wanted: { key, version } }
  say(200, { Arn: 'arn:aws:airflow:eu-west-2:123456789012:environment/daily' })
}
