import { describe, expect, it } from 'vitest'
import { secret } from '../../lib/secret.ts'
import { connectionOf, seenIn, storedConnection } from './airflowConnection.ts'

const nothing = { type: 'databricks', login: '', schema: '', port: null, hasPassword: true, extra: [] }
const seen = (text: string) => seenIn(secret(text))

describe('what a stored connection says', () => {
  it('is what was put there', () => {
    const host = 'https://dbc-1.cloud.databricks.com'
    const ours = storedConnection(connectionOf({ host, token: secret('t'), clientId: '' }))
    expect(seenIn(ours)).toEqual({ ...nothing, host })
    const principal = storedConnection(connectionOf({ host, token: secret('t'), clientId: 'c' }))
    expect(seenIn(principal)).toEqual({ ...nothing, host, login: 'c', extra: ['service_principal_oauth'] })
  })

  it('is read in the other words that Airflow takes', () => {
    const text = '{"engine": "databricks", "server": "h", "user_name": "u", "pass": "p", "port": "443"}'
    expect(seen(text)).toEqual({ ...nothing, host: 'h', login: 'u', port: 443 })
    const extra = '{"conn_type": "databricks", "host": "h", "extra": "{\\"token\\": \\"x\\"}"}'
    expect(seen(extra)).toEqual({ ...nothing, host: 'h', hasPassword: false, extra: ['token'] })
  })

  it('is read from an address', () => {
    expect(seen('databricks://:dapi%2F1@dbc-1.cloud.databricks.com')).toEqual({
      ...nothing,
      host: 'dbc-1.cloud.databricks.com',
    })
    expect(seen('databricks://me%40example.com:p@h:443/http?token=x&host=y')).toEqual({
      ...nothing,
      ...{ host: 'h', login: 'me@example.com', port: 443, schema: 'http', extra: ['token', 'host'] },
    })
    // As `airflow connections get` writes what this app itself puts there.
    expect(seen('databricks://https://:dapi1@dbc-1.cloud.databricks.com')).toEqual({
      ...nothing,
      host: 'https://dbc-1.cloud.databricks.com',
    })
    const whole = encodeURIComponent('{"service_principal_oauth": true}')
    expect(seen(`databricks://c:s@h?__extra__=${whole}`)?.extra).toEqual(['service_principal_oauth'])
  })

  it('is nothing where it is none', () => {
    for (const text of ['', 'dapi0123', 'word:rest', '[1]', '{', '{"a": 1', 'databricks://['])
      expect(seen(text), text).toBeNull()
  })
})
