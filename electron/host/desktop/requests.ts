/** What the system asks of the window (a link, a second start), kept until there is one to show it in. */

export interface Requests {
  /** `null` only brings the window to the front. */
  ask(path: string | null): void
  /** Shows what was asked for last, and from now on everything at once. */
  serve(show: (path: string | null) => void): void
}

/** macOS tells the link it starts us with once, before the app is ready. */
export function holdRequests(): Requests {
  let show: ((path: string | null) => void) | null = null
  let held: string | null = null
  return {
    ask: (path) => {
      if (show === null) held = path ?? held
      else show(path)
    },
    serve: (serve) => {
      show = serve
      serve(held)
    },
  }
}
