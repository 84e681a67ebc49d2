/** Waits for something to become true: tests poll with a deadline, they never sleep to be right. */

/** Looks every 20 ms, for at most 60 s; what the last look threw is in the failure. */
export async function until(look: () => boolean | Promise<boolean>, deadlineMs = 60_000): Promise<void> {
  const deadline = Date.now() + deadlineMs
  let last: unknown
  for (;;) {
    try {
      if (await look()) return
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) throw new Error(`It did not become true: ${look}`, { cause: last })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
