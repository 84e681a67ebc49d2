/** The workspace's tree: folders and notebooks. */
import { z } from 'zod'
import { anything, type Workspace } from './http.ts'

const statusSchema = z.object({
  path: z.string(),
  /** `NOTEBOOK`, `DIRECTORY`, `FILE`, `LIBRARY`, `REPO`. */
  object_type: z.string(),
})
const listSchema = z.object({ objects: z.array(statusSchema).default([]) })
const exportSchema = z.object({ content: z.string() })

const base = '/api/2.0/workspace'

/** `DIRECTORY`, `NOTEBOOK` …; null where nothing is there. Rejects with AppError. */
export async function kindAt(
  workspace: Workspace,
  path: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const query = { path }
  const found = await workspace.find(
    { method: 'GET', path: `${base}/get-status`, query, schema: statusSchema },
    signal,
  )
  return found?.object_type ?? null
}

/** With the folders above it; nothing changes where it is there. Rejects with AppError. */
export async function makeFolder(workspace: Workspace, path: string, signal?: AbortSignal): Promise<void> {
  await workspace.call(
    { method: 'POST', path: `${base}/mkdirs`, body: { path }, schema: anything, repeatable: true },
    signal,
  )
}

/** Paths of what is in a folder; empty where there is none. Rejects with AppError. */
export async function listFolder(
  workspace: Workspace,
  path: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const query = { path }
  const found = await workspace.find(
    { method: 'GET', path: `${base}/list`, query, schema: listSchema },
    signal,
  )
  return found?.objects.map((each) => each.path) ?? []
}

/** A Python notebook in Databricks' source format; replaces what is there. Rejects with AppError. */
export async function importNotebook(
  workspace: Workspace,
  path: string,
  text: string,
  signal?: AbortSignal,
): Promise<void> {
  const content = Buffer.from(text).toString('base64')
  const body = { path, format: 'SOURCE', language: 'PYTHON', content, overwrite: true }
  await workspace.call(
    { method: 'POST', path: `${base}/import`, body, schema: anything, repeatable: true },
    signal,
  )
}

/** The source of a notebook; null where there is none. Rejects with AppError. */
export async function exportNotebook(
  workspace: Workspace,
  path: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const query = { path, format: 'SOURCE' }
  const found = await workspace.find(
    { method: 'GET', path: `${base}/export`, query, schema: exportSchema },
    signal,
  )
  return found === null ? null : Buffer.from(found.content, 'base64').toString('utf8')
}

/** A folder only where it is empty. Rejects with AppError; not for what is gone already. */
export async function deletePath(workspace: Workspace, path: string, signal?: AbortSignal): Promise<void> {
  const body = { path, recursive: false }
  await workspace.find(
    { method: 'POST', path: `${base}/delete`, body, schema: anything, repeatable: true },
    signal,
  )
}
