/** Of the fake workspace: volumes of Unity Catalog and the Files API. */
import { posix } from 'node:path'
import { z } from 'zod'
import { bodyOf, pageOf, queryOf, Refusal, type Routes } from './wire.ts'

export interface VolumeState {
  /** By `catalog.schema.volume`. */
  readonly volumes: Map<string, { comment: string }>
  /** By their absolute path. */
  readonly files: Map<string, Buffer>
  readonly folders: Set<string>
  /** `catalog.schema` that are there. */
  readonly schemas: Set<string>
}

export const newVolumes = (): VolumeState => ({
  volumes: new Map(),
  files: new Map(),
  folders: new Set(),
  schemas: new Set(['workspace.default']),
})

export function volumeRoutes({ volumes, files, folders, schemas }: VolumeState): Routes {
  const folderOf = (name: string) => `/Volumes/${name.replaceAll('.', '/')}`
  const volumeAt = (path: string) => {
    const name = path.split('/').slice(2, 5).join('.')
    if (!volumes.has(name)) throw new Refusal(404, 'NOT_FOUND', `Volume '${name}' does not exist.`)
  }
  const is = (path: string) => {
    volumeAt(path)
    return path.split('/').length === 5 || folders.has(path)
  }
  const info = (name: string) => ({
    full_name: name,
    volume_type: 'MANAGED',
    comment: volumes.get(name)?.comment,
    storage_location: 's3://managed/x',
  })
  return {
    'POST /api/2.1/unity-catalog/volumes': (call) => {
      const made = bodyOf(
        z.strictObject({
          catalog_name: z.string(),
          schema_name: z.string(),
          name: z.string(),
          volume_type: z.literal('MANAGED'),
          comment: z.string(),
        }),
        call,
      )
      const schema = `${made.catalog_name}.${made.schema_name}`
      if (!schemas.has(schema))
        throw new Refusal(404, 'SCHEMA_DOES_NOT_EXIST', `Schema '${schema}' does not exist.`)
      const name = `${schema}.${made.name}`
      if (volumes.has(name))
        throw new Refusal(409, 'VOLUME_ALREADY_EXISTS', `Volume '${name}' already exists`)
      volumes.set(name, { comment: made.comment })
      return { body: info(name) }
    },
    'GET /api/2.1/unity-catalog/volumes/*': (_call, name) => {
      if (!volumes.has(name))
        throw new Refusal(404, 'VOLUME_DOES_NOT_EXIST', `Volume '${name}' does not exist.`)
      return { body: info(name) }
    },
    'DELETE /api/2.1/unity-catalog/volumes/*': (_call, name) => {
      if (!volumes.delete(name))
        throw new Refusal(404, 'VOLUME_DOES_NOT_EXIST', `Volume '${name}' does not exist.`)
      for (const path of files.keys()) if (path.startsWith(`${folderOf(name)}/`)) files.delete(path)
      for (const path of folders) if (path.startsWith(`${folderOf(name)}/`)) folders.delete(path)
      return { body: {} }
    },
    'PUT /api/2.0/fs/directories*': (_call, path) => {
      volumeAt(path)
      for (let folder = path; folder.split('/').length > 5; folder = posix.dirname(folder))
        folders.add(folder)
      return { status: 204 }
    },
    'GET /api/2.0/fs/directories*': (call, path) => {
      const { page_token: token } = queryOf(call, ['page_size', 'page_token'])
      if (!is(path)) throw new Refusal(404, 'NOT_FOUND', `The directory ${path} does not exist.`)
      const below = [
        ...[...folders].map((each) => ({ path: each, is_directory: true, name: posix.basename(each) })),
        ...[...files].map(([each, data]) => ({
          path: each,
          is_directory: false,
          name: posix.basename(each),
          file_size: data.length,
        })),
      ].filter((each) => posix.dirname(each.path) === path)
      const { items, ...next } = pageOf(below, token, 3)
      return { body: { contents: items, ...next } }
    },
    'PUT /api/2.0/fs/files*': (call, path) => {
      queryOf(call, ['overwrite'])
      const folder = posix.dirname(path)
      // As the real one: it makes no folders on the way.
      if (!is(folder)) throw new Refusal(404, 'NOT_FOUND', `The parent directory ${folder} does not exist.`)
      files.set(path, call.raw)
      return { status: 204 }
    },
    'DELETE /api/2.0/fs/files*': (_call, path) => {
      if (!files.delete(path)) throw new Refusal(404, 'NOT_FOUND', `The file ${path} does not exist.`)
      return { status: 204 }
    },
  }
}
