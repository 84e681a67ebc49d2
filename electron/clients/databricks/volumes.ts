/** Volumes of Unity Catalog, and the files in them. */
import { createReadStream } from 'node:fs'
import { z } from 'zod'
import { anything, type Workspace } from './http.ts'

/** `catalog.schema.volume`. */
export type VolumeName = string

const volumes = '/api/2.1/unity-catalog/volumes'
const volumeSchema = z.object({ comment: z.string().optional() })

export interface Volume {
  readonly comment: string
}

/** Where its files are, for notebooks and for this API. */
export const volumeFolder = (name: VolumeName): string => `/Volumes/${name.split('.').join('/')}`

/** Null where there is none, or it may not be seen. Rejects with AppError. */
export async function findVolume(
  workspace: Workspace,
  name: VolumeName,
  signal?: AbortSignal,
): Promise<Volume | null> {
  const found = await workspace.find(
    { method: 'GET', path: `${volumes}/${encodeURIComponent(name)}`, schema: volumeSchema },
    signal,
  )
  return found === null ? null : { comment: found.comment ?? '' }
}

/** A managed one: its files lie where the catalog has them. Rejects with AppError. */
export async function makeVolume(
  workspace: Workspace,
  name: VolumeName,
  comment: string,
  signal?: AbortSignal,
): Promise<void> {
  const [catalog_name, schema_name, volume] = name.split('.')
  const body = { catalog_name, schema_name, name: volume, volume_type: 'MANAGED', comment }
  await workspace.call({ method: 'POST', path: volumes, body, schema: volumeSchema }, signal)
}

/** With its files. Rejects with AppError; not where it is gone already. */
export async function deleteVolume(
  workspace: Workspace,
  name: VolumeName,
  signal?: AbortSignal,
): Promise<void> {
  await workspace.find(
    { method: 'DELETE', path: `${volumes}/${encodeURIComponent(name)}`, schema: anything },
    signal,
  )
}

/** Each segment as a URL has it; slashes stay. */
const encoded = (path: string) => path.split('/').map(encodeURIComponent).join('/')

const contentsSchema = z.object({
  contents: z
    .array(
      z.object({
        path: z.string(),
        is_directory: z.boolean().default(false),
        file_size: z.number().default(0),
      }),
    )
    .default([]),
  next_page_token: z.string().optional(),
})

/** All files below a folder by their absolute paths, with their bytes. Rejects with AppError. */
export async function listFiles(
  workspace: Workspace,
  folder: string,
  signal?: AbortSignal,
): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    let token: string | undefined
    do {
      const path = `/api/2.0/fs/directories${encoded(next)}`
      const query = { page_size: 1_000, page_token: token }
      const page = await workspace.find({ method: 'GET', path, query, schema: contentsSchema }, signal)
      for (const { path: at, is_directory: isFolder, file_size: bytes } of page?.contents ?? []) {
        if (isFolder) folders.push(at.replace(/\/$/, ''))
        else found.set(at, bytes)
      }
      token = page?.next_page_token || undefined
    } while (token !== undefined)
  }
  return found
}

/** With the folders above it, below the volume; nothing changes where it is there. Rejects with AppError. */
export async function makeDirectory(workspace: Workspace, path: string, signal?: AbortSignal): Promise<void> {
  await workspace.call(
    { method: 'PUT', path: `/api/2.0/fs/directories${encoded(path)}`, schema: anything },
    signal,
  )
}

/** Rejects with AppError; not where it is gone already. */
export async function deleteFile(workspace: Workspace, path: string, signal?: AbortSignal): Promise<void> {
  await workspace.find(
    { method: 'DELETE', path: `/api/2.0/fs/files${encoded(path)}`, schema: anything },
    signal,
  )
}

/** A file of this computer into a folder that is there. Rejects with AppError. */
export async function uploadFile(
  workspace: Workspace,
  from: string,
  bytes: number,
  to: string,
  signal?: AbortSignal,
): Promise<void> {
  const file = { path: `/api/2.0/fs/files${encoded(to)}`, bytes, open: () => createReadStream(from) }
  await workspace.upload(file, signal)
}
