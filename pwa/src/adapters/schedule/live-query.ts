import type { Stop } from '../../ports.ts'

/**
 * Runs a query now and whenever `refresh` is called, one at a time, and tells the listener when the answer is another
 * one. A query that fails tells nothing: the last answer stands, and the next change asks again.
 */
export function createLiveQuery<T>(
  run: () => Promise<T>,
  same: (a: T, b: T) => boolean,
  listener: (answer: T) => void,
): { refresh(): void; stop: Stop } {
  let running = false
  let askedAgain = false
  let stopped = false
  let last: { readonly answer: T } | null = null

  async function loop(): Promise<void> {
    running = true
    let next: { readonly answer: T } | null
    do {
      askedAgain = false
      next = await run().then(
        (answer) => ({ answer }),
        () => null,
      )
      if (stopped) return
    } while (askedAgain)
    running = false
    if (!next || (last && same(last.answer, next.answer))) return
    last = next
    listener(next.answer)
  }

  function refresh(): void {
    if (running) askedAgain = true
    else if (!stopped) void loop()
  }

  refresh()
  return {
    refresh,
    stop() {
      stopped = true
    },
  }
}

/** Lists of entities that keep their identity while they are unchanged. */
export function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}
