import { createRouterClient } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import type { Client } from './cli/session.ts'
import { forwardRouter } from './forward.ts'

/** An owner without a window, and what this door was asked to open. */
function attached(opens: boolean) {
  const asked: string[] = []
  const status = {
    auth: 'browser',
    host: 'https://dbc-1.cloud.databricks.com',
    state: 'ask',
    identity: null,
    can: null,
  }
  const url = 'https://dbc-1.cloud.databricks.com/oidc/v1/authorize?state=x'
  const owner = {
    databricks: {
      open: async () => ({ opened: false, url: 'https://dbc-1.cloud.databricks.com/jobs/1' }),
      login: async () => ({
        ...status,
        ...{ hasSecret: false, problem: null, testedAt: null, signIn: { url, opened: false } },
      }),
      status: async () => ({
        ...status,
        ...{ hasSecret: false, problem: null, testedAt: null, signIn: { url, opened: false } },
      }),
    },
  }
  const router = forwardRouter(fill(owner) as Client, {
    openPage: async (kind, page) => {
      asked.push(`${kind} ${page}`)
      return opens
    },
  })
  return { asked, client: createRouterClient(router) }
}

/** Anything else of the contract is not called here. */
const fill = (owner: object): unknown =>
  new Proxy(owner, { get: (target, name) => Reflect.get(target, name) ?? fill({}) })

describe('a window on an owner that has none', () => {
  it('opens what the owner could not', async () => {
    const { client, asked } = attached(true)
    const page = { kind: 'job', id: '1' } as const
    expect(await client.databricks.open({ pipeline: 'a', page })).toMatchObject({ opened: true })
    expect((await client.databricks.login({ pipeline: 'a' })).signIn?.opened).toBe(true)
    expect(asked).toEqual([
      'databricks https://dbc-1.cloud.databricks.com/jobs/1',
      'databricksSignIn https://dbc-1.cloud.databricks.com/oidc/v1/authorize?state=x',
    ])
  })
  it('says so where it cannot either, and opens nothing that nobody asked for', async () => {
    const { client, asked } = attached(false)
    expect((await client.databricks.login({ pipeline: 'a' })).signIn?.opened).toBe(false)
    asked.length = 0
    await client.databricks.status({ pipeline: 'a' })
    expect(asked).toEqual([])
  })
})
