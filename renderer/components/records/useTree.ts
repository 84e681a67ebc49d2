/** A body as a JSON tree: a small one is read at once, a large one beside the page, which never stands still for it. */
import { useEffect, useMemo, useState } from 'react'
import type { Bytes } from '../../../shared/contract/base.ts'
import { parseJson, type TreeLine, treeLines } from './decode.ts'
import type { FromTree, ToTree } from './treeWorker.ts'
import workerFile from './treeWorker.ts?worker&url'

export interface Tree {
  /** At most so many lines; `answer` may be called at once or later. Answers how to stop waiting. */
  lines(
    folded: ReadonlySet<string>,
    most: number,
    answer: (lines: readonly TreeLine[]) => void,
  ): (() => void) | undefined
}

/** `null` while it is being read, `undefined` where it is no JSON. */
export type MaybeTree = Tree | null | undefined

/** Characters that are read within a frame. */
const atOnce = 200_000

export function useTree({ encoding, truncated, data }: Bytes): MaybeTree {
  const text = encoding === 'utf8' && !truncated ? data : null
  const large = text !== null && text.length > atOnce && /^\s*[{[]/.test(text)
  const small = useMemo(() => (text === null || text.length > atOnce ? undefined : smallTree(text)), [text])
  const [read, setRead] = useState<{ readonly text: string; readonly tree: Tree | undefined } | null>(null)
  useEffect(() => {
    if (!large) return
    const worker = openWorker()
    const done = (tree: Tree | undefined) => setRead({ text, tree })
    worker.addEventListener('message', ({ data: told }: MessageEvent<FromTree>) => {
      if (told.type === 'read') done(told.json ? treeOf(worker) : undefined)
    })
    worker.addEventListener('error', () => done(undefined))
    worker.postMessage({ type: 'read', text } satisfies ToTree)
    return () => worker.terminate()
  }, [large, text])
  if (!large) return small
  return read?.text === text ? read.tree : null
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string }
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

/** The page takes no address of a script that was not vouched for (decision 17): this one was made by the build. */
function openWorker(): Worker {
  policy ??= (window as { readonly trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
    'pipeline-tree',
    { createScriptURL: (url) => url },
  )
  return new Worker(policy?.createScriptURL(workerFile) ?? workerFile, { type: 'module', name: 'tree' })
}

function smallTree(text: string): Tree | undefined {
  const parsed = parseJson(text)
  if (parsed === undefined) return undefined
  return {
    lines(folded, most, answer) {
      answer(treeLines(parsed.value, folded, most))
      return undefined
    },
  }
}

let asked = 0

function treeOf(worker: Worker): Tree {
  return {
    lines(folded, most, answer) {
      asked += 1
      const ask = asked
      const listen = ({ data }: MessageEvent<FromTree>) => {
        if (data.type === 'lines' && data.ask === ask) answer(data.lines)
      }
      worker.addEventListener('message', listen)
      worker.postMessage({ type: 'lines', ask, folded, most } satisfies ToTree)
      return () => worker.removeEventListener('message', listen)
    },
  }
}
