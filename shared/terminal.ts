/** What the page and the document of its terminal say to each other. */

export type ToFrame =
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  | { readonly kind: 'look'; readonly look: 'light' | 'dark' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'focus' }

export type FromFrame =
  | { readonly kind: 'ready' | 'size'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'typed'; readonly text: string }
  /** One write is on the screen: the next one may come. */
  | { readonly kind: 'written' }
  /** The keyboard wants out. */
  | { readonly kind: 'leave' }
