import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy, staticFile } from './staticFiles.ts'

const root = resolve('/srv/app')

describe('staticFile', () => {
  it('maps the root to the page', () => {
    expect(staticFile(root, '/')?.path).toBe(join(root, 'index.html'))
  })
  it('marks hashed assets as immutable and the page not', () => {
    expect(staticFile(root, '/assets/a-1f.js')).toMatchObject({
      immutable: true,
      mediaType: expect.stringContaining('javascript'),
    })
    expect(staticFile(root, '/index.html')?.immutable).toBe(false)
  })
  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/a/../../secret.txt',
    '/..%5csecret.txt',
    '/a%00.html',
    '/%',
    '/app.exe',
    '/.env',
  ])('refuses %s', (path) => expect(staticFile(root, path)).toBeNull())
  it('is not fooled by a sibling folder with the same beginning', () => {
    expect(staticFile(root, '/../app-evil/index.html')).toBeNull()
  })
})

it('allows no inline code and no foreign origin', () => {
  expect(contentSecurityPolicy).not.toContain('unsafe')
  expect(contentSecurityPolicy).not.toContain('http')
})
