/** Profiles of ~/.databrickscfg, of every kind that Databricks' own tools write. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canaryToken, type DatabricksFake, databricksFake } from '../helpers/databricks/server.ts'
import { type Finished, runProgram, type TestHome, testHome } from '../helpers/home.ts'

describe('Profiles of ~/.databrickscfg', () => {
  let fake: DatabricksFake
  let home: TestHome
  let folder: string

  const cli = (...words: string[]): Promise<Finished> =>
    runProgram('cli.js', ['databricks', ...words], {
      ...home.env,
      DATABRICKS_CONFIG_FILE: join(folder, 'databrickscfg'),
      PATH: `${folder}${delimiter}${process.env.PATH}`,
    })

  beforeAll(async () => {
    fake = await databricksFake()
    fake.oauth.clients.set('app-1', 'oauth-canary-secret')
    home = await testHome()
    folder = await mkdtemp(join(tmpdir(), 'databricks-'))
    await writeFile(
      join(folder, 'databrickscfg'),
      `; by hand
[DEFAULT]
host  = ${fake.url}/
token = ${canaryToken}

[principal]
host          = ${fake.url}
client_id     = app-1
client_secret = oauth-canary-secret

[person]
host      = ${fake.url}
auth_type = databricks-cli

[ended]
host      = ${fake.url}
auth_type = databricks-cli

[azure]
host      = https://adb-1.azuredatabricks.net
auth_type = azure-cli

[nowhere]
token = dapi00000000000000000000000000000000

[__settings__]
default_profile = DEFAULT
`,
    )
    const token = 'eyJcanary.of.the-command-line'
    fake.tokens.add(token)
    const program = join(folder, 'databricks')
    // As Databricks' own command line answers.
    await writeFile(
      program,
      `#!/bin/sh
[ "$1 $2 $3" = "auth token --profile" ] || exit 2
[ "$4" = person ] || { echo "Error: cache: databricks OAuth is not configured for this host" >&2; exit 1; }
echo '{"access_token": "${token}", "token_type": "Bearer", "expiry": "2099-01-01T00:00:00Z"}'
`,
    )
    await chmod(program, 0o755)
  })
  afterAll(async () => {
    await fake?.close()
    await home?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  it('are listed with how each signs in, without anything secret', async () => {
    const { out } = await cli('profiles', '--json')
    const { items } = JSON.parse(out)
    expect(items.map(({ name, kind }: { name: string; kind: string }) => [name, kind])).toEqual([
      ['DEFAULT', 'token'],
      ['principal', 'oauth'],
      ['person', 'cli'],
      ['ended', 'cli'],
      ['azure', 'other'],
    ])
    expect(out).not.toMatch(/dapi|canary/)
  })
  it.each(['', 'principal', 'person'])('sign in: %s', async (profile) => {
    const { code, out, err } = await cli('use', '--auth', 'profile', '--profile', profile)
    expect(code, err).toBe(0)
    expect(out).toContain('Ada (ada@example.com)')
    expect(out + err).not.toMatch(/dapi|canary/)
  })
  it.each([
    ['azure', 'azure-cli'],
    ['nowhere', 'names no host'],
    ['missing', 'it is not in'],
    ['ended', 'not configured for this host'],
  ])('say what is wrong with them: %s', async (profile, why) => {
    const { code, err } = await cli('use', '--auth', 'profile', '--profile', profile)
    expect(code).toBe(1)
    expect(err).toContain(why)
    expect(err).toContain('DATABRICKS_PROFILE')
  })
  it('a token of a profile is not sent to another workspace', async () => {
    fake.requests.length = 0
    const { code, err } = await cli('use', 'http://127.0.0.1:9', '--auth', 'profile', '--profile', 'DEFAULT')
    expect(code).toBe(1)
    expect(err).toContain('for another workspace')
    expect(fake.requests).toEqual([])
  })
})
