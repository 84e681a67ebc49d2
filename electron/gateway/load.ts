/** What is being worked on, counted in requests and bytes before a body is read, so that memory cannot grow without end. */

export interface Load {
  /** Takes a place; answers how to give it back, or null where all are taken. */
  enter(bytes: number): (() => void) | null
  readonly requests: number
  readonly bytes: number
}

/** Bounds on requests and on the bytes of their bodies that are held at once. One body always fits. */
export function createLoad(limits: { readonly requests: number; readonly bytes: number }): Load {
  let requests = 0
  let held = 0
  return {
    enter: (bytes) => {
      if (requests >= limits.requests || (held > 0 && held + bytes > limits.bytes)) return null
      requests += 1
      held += bytes
      let left = false
      return () => {
        if (left) return
        left = true
        requests -= 1
        held -= bytes
      }
    },
    get requests() {
      return requests
    },
    get bytes() {
      return held
    },
  }
}
