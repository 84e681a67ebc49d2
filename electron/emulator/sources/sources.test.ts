import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { builtinSource } from './builtin.ts'
import { readCredentials } from './credentials.ts'
import { filesSource } from './files.ts'

const signal = new AbortController().signal
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sources-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('says which row the built-in source does not have (F-75)', async () => {
  const source = builtinSource(100)
  await expect(source.read(11_154, signal)).rejects.toMatchObject({
    code: 'ROW_BEYOND_SOURCE',
    message: expect.stringContaining('11154 posts'),
  })
  expect((await source.read(11_153, signal)).rows.user.ind).toBe(11_153)
})

function files(format: 'ndjson' | 'csv', pin: string, geo: string, user: string) {
  const paths = { pin: join(folder, 'pin'), geo: join(folder, 'geo'), user: join(folder, 'user') }
  writeFileSync(paths.pin, pin)
  writeFileSync(paths.geo, geo)
  writeFileSync(paths.user, user)
  return filesSource({ kind: 'files', format, paths }, signal)
}

describe('files', () => {
  it('reads NDJSON rows in any order, datetimes in the original’s text (F-37)', async () => {
    const source = await files(
      'ndjson',
      '{"index":0,"title":"é\\n"}\r\n\n{"index":1,"title":"b"}',
      '{"ind":0,"timestamp":"2020-08-28T03:52:47"}\n{"ind":1,"timestamp":"2020-08-28 03:52:47.000000"}\n',
      '{"ind":0,"date_joined":"2015-10-24T11:23:51Z"}\n{"ind":1,"date_joined":"someday"}\n',
    )
    expect(source.size).toBe(2)
    const [second, first] = [await source.read(1, signal), await source.read(0, signal)]
    expect(first.rows).toEqual({
      pin: { index: 0, title: 'é\n' },
      geo: { ind: 0, timestamp: '2020-08-28 03:52:47' },
      user: { ind: 0, date_joined: '2015-10-24 11:23:51' },
    })
    expect(second.rows.geo.timestamp).toBe('2020-08-28 03:52:47')
    expect(second.rows.user.date_joined).toBe('someday')
    await expect(source.read(2, signal)).rejects.toMatchObject({ code: 'ROW_BEYOND_SOURCE' })
    await source.close()
  })

  it('reads CSV with quotes, line breaks, a byte order mark and empty lines; numbers are numbers', async () => {
    const source = await files(
      'csv',
      '\ufeffindex,title,follower_count\r\n0,"a ""q"", x\nline",437\r\n\r\n1,é,28k\r\n2,last,1',
      'ind,latitude\n0,-89.9787\n1,\n2,x\n',
      ',ind,age\n0,0,20\n1,1,21\n',
    )
    expect(source.size).toBe(2)
    expect(source.warnings).toEqual([
      'The files have different numbers of rows (3, 3, 2); the smallest counts.',
    ])
    expect((await source.read(1, signal)).rows).toEqual({
      pin: { index: 1, title: 'é', follower_count: '28k' },
      geo: { ind: 1, latitude: null },
      user: { column_0: '1', ind: 1, age: 21 },
    })
    expect((await source.read(0, signal)).rows.pin).toEqual({
      index: 0,
      title: 'a "q", x\nline',
      follower_count: '437',
    })
    await source.close()
  })

  it('names the broken row, the missing file and the empty one', async () => {
    const source = await files('ndjson', '{"index":0}\n{"index":\n', '{}\n{}\n', '{}\n{}\n')
    await expect(source.read(1, signal)).rejects.toMatchObject({
      code: 'SOURCE_ROW_BROKEN',
      message: expect.stringContaining('Row 1'),
    })
    await source.close()
    await expect(files('csv', 'index,title\n', 'ind\n', 'ind\n')).rejects.toMatchObject({
      code: 'SOURCE_FILE_EMPTY',
    })
    const paths = { pin: join(folder, 'none'), geo: join(folder, 'geo'), user: join(folder, 'user') }
    await expect(filesSource({ kind: 'files', format: 'csv', paths }, signal)).rejects.toMatchObject({
      code: 'SOURCE_FILE_UNREADABLE',
      field: 'options.source.paths.pin',
    })
  })
})

describe('db_creds.yaml', () => {
  const wanted = { host: 'db.example.com', port: 3306, user: 'project_user', database: 'pinterest_data' }

  it.each([
    [
      'upper case',
      'HOST: db.example.com\nUSER: project_user\nPASSWORD: ":t%;yCY3Yjg"\nDATABASE: pinterest_data\nPORT: 3306\n',
    ],
    ['lower case', 'host: db.example.com\nuser: project_user\npassword: ":t%;yCY3Yjg"\n'],
    ['prefixed', 'RDS_HOST: db.example.com\nRDS_USER: project_user\nRDS_PASSWORD: ":t%;yCY3Yjg"\n'],
    ['nested', 'mysql:\n  host: db.example.com\n  username: project_user\n  password: ":t%;yCY3Yjg"\n'],
    [
      '.env',
      '# secret\nexport MYSQL_HOST=db.example.com\nMYSQL_USER="project_user"\nMYSQL_PASSWORD=:t%;yCY3Yjg\n',
    ],
  ])('is read: %s', (_name, text) => {
    const { password, ...rest } = readCredentials(text)
    expect(rest).toEqual(wanted)
    expect(password?.reveal()).toBe(':t%;yCY3Yjg')
    expect(inspect(password) + JSON.stringify({ password }) + String(password)).not.toContain('yCY3')
  })

  it('knows a numeric password and a missing one', () => {
    expect(readCredentials('HOST: a\nUSER: b\nPASSWORD: 12345').password?.reveal()).toBe('12345')
    expect(readCredentials('HOST: a\nUSER: b').password).toBeNull()
  })

  it.each([
    ['HOST: a\n', 'USER'],
    ['USER: a\nPASSWORD: canary-5f1', 'HOST'],
    ['HOST: a\nUSER: b\nPORT: many\nPASSWORD: canary-5f1', 'PORT'],
    ['- canary-5f1', 'text'],
    ['canary-5f1: [', 'text'],
    ['', 'text'],
  ])('is refused with the field and without its text: %j', (text, field) => {
    let thrown: unknown
    try {
      readCredentials(text)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'CREDENTIALS_UNREADABLE', field })
    expect(inspect(thrown, { depth: 9 })).not.toContain('canary')
  })
})
