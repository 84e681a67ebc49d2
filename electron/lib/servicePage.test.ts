import { describe, expect, it } from 'vitest'
import { servicePage } from './servicePage.ts'

describe('servicePage', () => {
  it('lets through what a browser may open', () => {
    expect(servicePage('https://dbc-1.cloud.databricks.com/?o=1#job/2/run/3')).toBe(
      'https://dbc-1.cloud.databricks.com/?o=1#job/2/run/3',
    )
    expect(servicePage('http://127.0.0.1:8020/x')).toBe('http://127.0.0.1:8020/x')
  })
  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://example.com',
    'smb://host/share',
    'https://user:word@example.com',
    'not an address',
    '',
  ])('keeps %s back', (text) => {
    expect(servicePage(text)).toBeNull()
  })
  it('keeps back another origin', () => {
    expect(servicePage('https://evil.example/run', 'https://dbc-1.cloud.databricks.com')).toBeNull()
  })
})
