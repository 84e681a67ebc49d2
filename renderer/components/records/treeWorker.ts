/** Reads a large JSON text beside the page, and answers the lines of its tree that are in view. */
import { parseJson, type TreeLine, treeLines } from './decode.ts'

export type ToTree =
  | { readonly type: 'read'; readonly text: string }
  | {
      readonly type: 'lines'
      readonly ask: number
      readonly folded: ReadonlySet<string>
      readonly most: number
    }

export type FromTree =
  /** `json`: whether it is any. */
  | { readonly type: 'read'; readonly json: boolean }
  | { readonly type: 'lines'; readonly ask: number; readonly lines: readonly TreeLine[] }

let root: unknown

const tell = (message: FromTree) => self.postMessage(message)

self.addEventListener('message', ({ data }: MessageEvent<ToTree>) => {
  if (data.type === 'lines') {
    tell({ type: 'lines', ask: data.ask, lines: treeLines(root, data.folded, data.most) })
    return
  }
  const parsed = parseJson(data.text)
  root = parsed?.value
  tell({ type: 'read', json: parsed !== undefined })
})
