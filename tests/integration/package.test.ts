/** The package, made offline over a stand-in for Electron's program and then read back: all that is needed and nothing else. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { extractFile, listPackage, statFile } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { makeElectronDist } from '../helpers/electronDist.ts'

/** A fuse's digit in the wire, as a character code: the package does not export its names for them. */
const off = '0'.charCodeAt(0)
const on = '1'.charCodeAt(0)

const root = resolve(import.meta.dirname, '../..')
let folder = ''
let resources = ''
let archive = ''
let files: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipeline-package-'))
  const manifest = z
    .object({ devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))
  const electronDist = join(folder, 'electron')
  await makeElectronDist(electronDist, manifest.devDependencies.electron ?? '')
  await promisify(execFile)(
    join(root, 'node_modules/.bin/electron-builder'),
    [
      '--linux',
      'dir',
      `-c.electronDist=${electronDist}`,
      `-c.directories.output=${join(folder, 'dist')}`,
      '--publish',
      'never',
    ],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  )
  resources = join(folder, 'dist', 'linux-unpacked', 'resources')
  archive = join(resources, 'app.asar')
  files = listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/').replace(/^\//, ''))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

const isFile = (name: string) => !('files' in statFile(archive, name))

describe('the package', () => {
  it('holds every program, the page, the preload and the licences', () => {
    for (const name of [
      'package.json',
      'LICENSE',
      'out/main.js',
      'out/cli.js',
      'out/preload.cjs',
      'out/renderer/index.html',
      'out/renderer/licences.md',
      'out/licences-programs.md',
      'out/entries/kinesis.mjs',
      'out/entries/stack.mjs',
      'out/entries/pumpWorker.mjs',
      'out/entries/searchWorker.mjs',
      'out/entries/owner.mjs',
      'resources/icons/icon.png',
      'resources/kafka/jars.lock.json',
      'resources/kafka/pom.xml',
      'resources/airflow/parse.py',
      'resources/airflow/requirements-2.txt',
      'resources/airflow/requirements-3.txt',
      'resources/spark/run.py',
      'resources/spark/requirements.txt',
      'notebooks/dag.py',
      'notebooks/setup.py',
      'notebooks/clean.py',
      'notebooks/batch.py',
      'notebooks/streaming.py',
    ]) {
      expect(files, name).toContain(name)
    }
  })

  it('holds nothing else: no tests, no sources, no dependencies, no maps, no hidden files', () => {
    const allowed =
      /^(package\.json|LICENSE|out(\/.*)?|notebooks(\/\w+\.py)?|resources(\/(icons(\/icon\.png)?|kafka(\/.*)?|(airflow|spark)(\/[\w-]+\.(py|txt))?))?)$/
    expect(files.filter((name) => !allowed.test(name))).toEqual([])
    expect(files.filter((name) => /node_modules|\.tsx?$|\.map$|\.test\.|(^|\/)\./.test(name))).toEqual([])
  })

  it('holds no secret and no path of the machine that built it', () => {
    const patterns = [/AKIA[0-9A-Z]{16}/, /-----BEGIN [A-Z ]*PRIVATE KEY-----\n/]
    const guilty = files
      .filter((name) => isFile(name) && /\.(m?js|cjs|json|html|css|md|properties)$/.test(name))
      .filter((name) => {
        const text = extractFile(archive, name).toString('utf8')
        return text.includes(root) || patterns.some((pattern) => pattern.test(text))
      })
    expect(guilty).toEqual([])
  })

  it('has no dependencies left to install', () => {
    const manifest = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(extractFile(archive, 'package.json').toString('utf8')))
    expect(manifest.main).toBe('out/main.js')
    // What Electron calls itself in menus and to the system's key store, and what its windows say they belong to.
    expect(manifest).toMatchObject({
      productName: 'Pipeline Control',
      desktopName: 'pipeline-control.desktop',
    })
    expect(manifest.devDependencies).toBeUndefined()
  })

  it('keeps child programs and what is read by its path outside the archive', () => {
    for (const name of [
      'out/entries/kinesis.mjs',
      'out/entries/stack.mjs',
      'out/entries/owner.mjs',
      'out/licences-programs.md',
      'out/renderer/licences.md',
      'resources/icons/icon.png',
      'resources/kafka/jars.lock.json',
    ]) {
      expect(existsSync(join(`${archive}.unpacked`, name)), name).toBe(true)
    }
  })

  // Whatever package.json a user has in a folder above (npm writes "type": "commonjs") would decide about a .js file.
  it('names what lies outside the archive as the modules they are', () => {
    const outside = files.filter((name) => /^out\/(entries|chunks)\/.+\.[a-z]+$/.test(name))
    expect(outside.length).toBeGreaterThan(0)
    expect(outside.filter((name) => !name.endsWith('.mjs'))).toEqual([])
  })

  it('has the fuses as configured', async () => {
    const wire = await getCurrentFuseWire(join(folder, 'dist', 'linux-unpacked', 'pipeline-control'))
    const expected: [FuseV1Options, number][] = [
      [FuseV1Options.RunAsNode, off],
      [FuseV1Options.EnableCookieEncryption, on],
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable, off],
      [FuseV1Options.EnableNodeCliInspectArguments, off],
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, on],
      [FuseV1Options.OnlyLoadAppFromAsar, on],
      [FuseV1Options.GrantFileProtocolExtraPrivileges, off],
    ]
    for (const [fuse, state] of expected) expect(wire[fuse], FuseV1Options[fuse]).toBe(state)
  })
})
