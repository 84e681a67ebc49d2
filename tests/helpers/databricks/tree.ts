/** Of the fake workspace: folders and notebooks, secret scopes, who is signed in, clusters and warehouses. */
import { posix } from 'node:path'
import { z } from 'zod'
import { bodyOf, queryOf, Refusal, type Routes } from './wire.ts'

export interface TreeState {
  me: { userName: string; displayName: string; admin: boolean; clusters: boolean }
  /** Null: the workspace has no Unity Catalog. */
  catalog: string | null
  /** Null: warehouses may not be listed. */
  serverless: boolean | null
  clusters: { cluster_id: string; cluster_name: string; state: string; cluster_source?: string }[]
  /** Text of a notebook; null is a folder. */
  readonly tree: Map<string, string | null>
  readonly scopes: Map<string, Map<string, string>>
}

export const newTree = (): TreeState => ({
  me: { userName: 'ada@example.com', displayName: 'Ada', admin: false, clusters: false },
  catalog: 'workspace',
  serverless: true,
  clusters: [],
  tree: new Map([
    ['/Users', null],
    ['/Users/ada@example.com', null],
    ['/Shared', null],
  ]),
  scopes: new Map(),
})

/** The workspace writes a notebook anew from its cells: not as it was sent, where that says nothing. */
const written = (text: string) =>
  `${text
    .replace(/^# MAGIC$/gm, '# MAGIC ')
    .replace(/\n{3,}# COMMAND/g, '\n\n# COMMAND')
    .trimEnd()}\n\n`

const missing = (path: string) => new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', `Path (${path}) doesn't exist.`)
const pathBody = z.strictObject({ path: z.string().startsWith('/') })

export function treeRoutes(state: TreeState): Routes {
  const { tree, scopes } = state
  const at = (path: string) => {
    const text = tree.get(path)
    if (text === undefined) throw missing(path)
    return text
  }
  const info = (path: string) => ({
    path,
    object_type: at(path) === null ? 'DIRECTORY' : 'NOTEBOOK',
    object_id: 1,
  })
  const scopeOf = (scope: string) => {
    const found = scopes.get(scope)
    if (found === undefined)
      throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', `Scope ${scope} does not exist!`)
    return found
  }
  return {
    'GET /api/2.0/preview/scim/v2/Me': () => ({
      body: {
        id: '1',
        userName: state.me.userName,
        displayName: state.me.displayName,
        active: true,
        groups: state.me.admin ? [{ display: 'admins', value: '2', type: 'direct' }] : [],
        entitlements: state.me.clusters ? [{ value: 'allow-cluster-create' }] : [],
      },
    }),
    'GET /api/2.1/unity-catalog/current-metastore-assignment': () => {
      if (state.catalog === null)
        throw new Refusal(404, 'METASTORE_DOES_NOT_EXIST', 'No metastore assigned for the current workspace.')
      return { body: { metastore_id: 'm-1', default_catalog_name: state.catalog } }
    },
    'GET /api/2.0/sql/warehouses': () => {
      if (state.serverless === null) throw new Refusal(403, 'PERMISSION_DENIED', 'No access to warehouses')
      return { body: { warehouses: [{ id: 'w', enable_serverless_compute: state.serverless }] } }
    },
    'GET /api/2.1/clusters/list': (call) => {
      queryOf(call, ['page_size', 'page_token'])
      return { body: { clusters: state.clusters } }
    },
    'POST /api/2.0/workspace/mkdirs': (call) => {
      const { path } = bodyOf(pathBody, call)
      for (let folder = path; folder !== '/'; folder = posix.dirname(folder)) {
        if (tree.get(folder) === undefined) tree.set(folder, null)
        if (tree.get(folder) !== null)
          throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', `${folder} is a notebook`)
      }
      return { body: {} }
    },
    'GET /api/2.0/workspace/get-status': (call) => ({ body: info(queryOf(call, ['path']).path ?? '') }),
    'GET /api/2.0/workspace/list': (call) => {
      const { path = '' } = queryOf(call, ['path'])
      at(path)
      const objects = [...tree.keys()].filter((each) => posix.dirname(each) === path).map(info)
      // An empty folder is answered without the list.
      return { body: objects.length === 0 ? {} : { objects } }
    },
    'POST /api/2.0/workspace/import': (call) => {
      const importBody = z.strictObject({
        path: z.string().startsWith('/'),
        format: z.literal('SOURCE'),
        language: z.literal('PYTHON'),
        content: z.base64(),
        overwrite: z.boolean(),
      })
      const { path, content, overwrite } = bodyOf(importBody, call)
      const text = Buffer.from(content, 'base64').toString()
      if (tree.get(posix.dirname(path)) !== null) throw missing(posix.dirname(path))
      if (!overwrite && tree.has(path)) throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', path)
      if (!text.startsWith('# Databricks notebook source'))
        throw new Refusal(400, 'BAD_REQUEST', 'This is no notebook')
      tree.set(path, text)
      return { body: {} }
    },
    'GET /api/2.0/workspace/export': (call) => {
      const { path = '', format } = queryOf(call, ['path', 'format'])
      const text = at(path)
      if (format !== 'SOURCE' || text === null) throw new Refusal(400, 'INVALID_PARAMETER_VALUE', path)
      return { body: { content: Buffer.from(written(text)).toString('base64'), file_type: 'py' } }
    },
    'POST /api/2.0/workspace/delete': (call) => {
      const { path, recursive } = bodyOf(pathBody.extend({ recursive: z.boolean() }), call)
      at(path)
      const below = [...tree.keys()].filter((each) => each.startsWith(`${path}/`))
      if (below.length > 0 && !recursive)
        throw new Refusal(400, 'DIRECTORY_NOT_EMPTY', `Folder (${path}) is not empty`)
      for (const each of [path, ...below]) tree.delete(each)
      return { body: {} }
    },
    'GET /api/2.0/secrets/scopes/list': () => ({
      body:
        scopes.size === 0
          ? {}
          : { scopes: [...scopes.keys()].map((name) => ({ name, backend_type: 'DATABRICKS' })) },
    }),
    'POST /api/2.0/secrets/scopes/create': (call) => {
      const { scope } = bodyOf(z.strictObject({ scope: z.string().regex(/^[\w.@-]{1,128}$/) }), call)
      if (scopes.has(scope))
        throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', `Scope ${scope} already exists!`)
      scopes.set(scope, new Map())
      return { body: {} }
    },
    'POST /api/2.0/secrets/scopes/delete': (call) => {
      const { scope } = bodyOf(z.strictObject({ scope: z.string() }), call)
      scopeOf(scope)
      scopes.delete(scope)
      return { body: {} }
    },
    'GET /api/2.0/secrets/list': (call) => {
      const keys = [...scopeOf(queryOf(call, ['scope']).scope ?? '').keys()]
      const secrets = keys.map((key) => ({ key, last_updated_timestamp: 1 }))
      return { body: keys.length === 0 ? {} : { secrets } }
    },
    'POST /api/2.0/secrets/put': (call) => {
      const putBody = z.strictObject({
        scope: z.string(),
        key: z.string(),
        string_value: z.string().max(131_072),
      })
      const { scope, key, string_value: value } = bodyOf(putBody, call)
      scopeOf(scope).set(key, value)
      return { body: {} }
    },
  }
}
