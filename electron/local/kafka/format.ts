/** Makes the broker's folder, once; a format that was cut short leaves nothing in its place. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ClassData } from '../java/classData.ts'
import { type BrokerJvm, formatWords } from './brokerCommands.ts'
import { serverProperties } from './serverProperties.ts'

const run = promisify(execFile)

export interface FormatOptions {
  readonly java: string
  readonly jvm: BrokerJvm
  readonly classData: ClassData
  /** This pipeline's `kafka/` folder. */
  readonly folder: string
  readonly port: number
  readonly controllerPort: number
}

export const dataFolder = (folder: string): string => join(folder, 'data')

/** True where the folder was made a log folder by us; a half-made one is made anew. */
export function isFormatted(folder: string): boolean {
  return existsSync(join(dataFolder(folder), 'meta.properties'))
}

/** Writes the configuration and formats the folder where it is not yet. Answers the path of the configuration. */
export async function prepareBroker(options: FormatOptions, signal: AbortSignal): Promise<string> {
  const { java, jvm, classData, folder, port, controllerPort } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const place = { port, controllerPort, dataFolder: dataFolder(folder) }
  const properties = join(folder, 'server.properties')
  await writeFile(properties, serverProperties(place), { mode: 0o600 })
  if (isFormatted(folder)) return properties
  const aside = `${dataFolder(folder)}.new`
  await rm(aside, { recursive: true, force: true })
  const asideProperties = join(folder, 'format.properties')
  await writeFile(asideProperties, serverProperties({ ...place, dataFolder: aside }), { mode: 0o600 })
  const id = `P${randomBytes(16).toString('base64url').slice(1, 22)}`
  await run(java, formatWords(jvm, classData, id, asideProperties), { signal, windowsHide: true })
  await rm(asideProperties, { force: true })
  await rm(dataFolder(folder), { recursive: true, force: true })
  await rename(aside, dataFolder(folder))
  return properties
}
