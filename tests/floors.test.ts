/** The floors of the house (docs/architecture.md): who may import whom, and where each vendor's package may be used. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** Folder → what its files may import besides their own folder. The most specific folder that matches a file counts. */
const floors: Record<string, readonly string[]> = {
  shared: [],
  'electron/lib': ['shared'],
  'electron/platform.ts': ['shared', 'electron/lib'],
  'electron/clients': ['shared', 'electron/lib'],
  'electron/plan': ['shared', 'electron/lib'],
  'electron/gateway': ['shared', 'electron/lib', 'electron/clients'],
  'electron/local': [
    'shared',
    'electron/lib',
    'electron/clients',
    'electron/gateway',
    'electron/platform.ts',
  ],
  'electron/emulator': [
    'shared',
    'electron/lib',
    'electron/clients',
    'electron/local/lake',
    'electron/platform.ts',
  ],
  'electron/plans': [
    'shared',
    'electron/lib',
    'electron/clients',
    'electron/plan',
    'electron/local',
    'electron/gateway',
    'electron/platform.ts',
  ],
  'electron/filter': ['shared', 'electron/lib'],
  'electron/search': ['shared', 'electron/lib', 'electron/clients', 'electron/filter'],
  'electron/features': [
    'shared',
    'electron/lib',
    'electron/clients',
    'electron/plan',
    'electron/plans',
    'electron/local',
    'electron/gateway',
    'electron/emulator',
    'electron/filter',
    'electron/search',
    'electron/platform.ts',
  ],
  'electron/app.ts': ['shared', 'electron'],
  'electron/host': ['shared', 'electron/lib', 'electron/platform.ts', 'electron/app.ts', 'package.json'],
  'electron/entries': ['shared', 'electron'],
  'electron/main.ts': ['shared', 'electron/app.ts', 'electron/host', 'electron/lib', 'electron/cli.ts'],
  'electron/preload.ts': ['shared'],
  'electron/web.ts': ['shared', 'electron/app.ts', 'electron/host', 'electron/lib'],
  'electron/cli.ts': ['shared', 'electron/app.ts', 'electron/host', 'electron/lib'],
  'electron/start.ts': ['electron/host', 'electron/lib'],
  'renderer/ui': [],
  'renderer/api': ['shared'],
  'renderer/components': ['shared', 'renderer/ui', 'renderer/api'],
  'renderer/pages': ['shared', 'renderer/ui', 'renderer/api', 'renderer/components'],
  'renderer/terminal': ['shared'],
  'renderer/App.tsx': ['shared', 'renderer'],
  'renderer/routes.tsx': ['shared', 'renderer'],
  'renderer/main.tsx': ['shared', 'renderer'],
  'renderer/start.tsx': ['shared', 'renderer'],
}

/** Package → the only folders that may import it. Whatever is not named here is free below its tsconfig's floor. */
const vendors: Record<string, readonly string[]> = {
  electron: ['electron/host/desktop', 'electron/main.ts', 'electron/preload.ts'],
  acorn: ['electron/filter'],
  '@lezer/python': ['electron/plans/airflow/python'],
  '@lezer/common': ['electron/plans/airflow/python'],
  kafkajs: ['electron/clients/kafka'],
  '@platformatic/kafka': ['electron/clients/kafka'],
  '@aws-sdk/client-kinesis': ['electron/clients/kinesis'],
  '@smithy/node-http-handler': ['electron/clients'],
  '@smithy/signature-v4': ['electron/clients'],
  '@smithy/core/checksum': ['electron/clients'],
  '@smithy/core/transport': ['electron/clients'],
  '@smithy/core/event-streams': ['electron/clients'],
  '@aws-sdk/credential-provider-node': ['electron/clients'],
  '@aws-sdk/credential-providers': ['electron/clients/aws'],
  '@aws-sdk/client-sts': ['electron/clients/aws'],
  '@aws-sdk/client-iam': ['electron/clients/aws'],
  '@aws-sdk/client-ec2': ['electron/clients/aws'],
  '@aws-sdk/client-s3': ['electron/clients/aws'],
  '@aws-sdk/client-secrets-manager': ['electron/clients/aws'],
  '@aws-sdk/client-sso-oidc': ['electron/clients/aws'],
  // Reads INI: the profiles of AWS and of Databricks.
  '@smithy/core/config': ['electron/clients/aws', 'electron/clients/databricks'],
  'mysql2/promise': ['electron/clients'],
  mysql2: ['electron/clients'],
  react: ['renderer'],
  'react-dom': ['renderer'],
  uplot: ['renderer'],
  '@xterm/xterm': ['renderer/terminal'],
  '@xterm/addon-fit': ['renderer/terminal'],
  fastify: ['electron/gateway'],
  ssh2: ['electron/clients/ssh'],
}

interface Import {
  readonly file: string
  readonly target: string
  readonly typeOnly: boolean
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.(test|d)\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
}

const importPattern =
  /^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(importPattern)].map((match) => {
    const specifier = match[2] ?? match[3] ?? ''
    const target = specifier.startsWith('.')
      ? relative(root, resolve(root, dirname(file), specifier)).replaceAll('\\', '/')
      : `npm:${specifier}`
    return { file, target, typeOnly: match[1] !== undefined }
  })
}

const within = (file: string, folder: string) => file === folder || file.startsWith(`${folder}/`)

function floorOf(file: string): string | undefined {
  return Object.keys(floors)
    .filter((folder) => within(file, folder))
    .sort((a, b) => b.length - a.length)[0]
}

const files = [...sourceFiles('shared'), ...sourceFiles('electron'), ...sourceFiles('renderer')]
const imports = files.flatMap(importsOf)

describe('floors', () => {
  it('finds the sources', () => {
    expect(files.length).toBeGreaterThan(20)
    expect(imports.length).toBeGreaterThan(20)
  })

  it('has a floor for every file', () => {
    expect(files.filter((file) => floorOf(file) === undefined)).toEqual([])
  })

  it('has no import that goes up', () => {
    const up = imports
      .filter(({ target }) => !target.startsWith('npm:'))
      .filter(({ file, target }) => {
        const floor = floorOf(file) ?? ''
        const allowed = [floor, ...(floors[floor] ?? [])]
        return !allowed.some((folder) => within(target, folder))
      })
      .map(({ file, target }) => `${file} → ${target}`)
    expect(up).toEqual([])
  })

  it('uses each vendor package only on its own floor', () => {
    const strangers = imports
      .filter(({ target }) => target.startsWith('npm:'))
      .filter(({ file, target }) => {
        const allowed = vendors[target.slice('npm:'.length)]
        return allowed !== undefined && !allowed.some((folder) => within(file, folder))
      })
      .map(({ file, target }) => `${file} → ${target}`)
    expect(strangers).toEqual([])
  })

  it('has no cycle', () => {
    const graph = new Map<string, string[]>()
    for (const { file, target, typeOnly } of imports) {
      if (target.startsWith('npm:') || typeOnly) continue
      graph.set(file, [...(graph.get(file) ?? []), target])
    }
    const done = new Set<string>()
    const cycles: string[] = []
    const walk = (file: string, path: readonly string[]): void => {
      const at = path.indexOf(file)
      if (at >= 0) {
        cycles.push([...path.slice(at), file].join(' → '))
        return
      }
      if (done.has(file)) return
      for (const next of graph.get(file) ?? []) walk(next, [...path, file])
      done.add(file)
    }
    for (const file of files) walk(file, [])
    expect(cycles).toEqual([])
  })
})
