/** One at a time, in the order in which they came; one that fails holds up nobody. */
export type Turns = {
  take<T>(run: () => Promise<T>): Promise<T>
  /** Nobody has or waits for a turn. */
  isIdle(): boolean
}

export function createTurns(): Turns {
  let tail: Promise<unknown> = Promise.resolve()
  let pending = 0
  return {
    take(run) {
      pending += 1
      const turn = tail.then(run).finally(() => {
        pending -= 1
      })
      tail = turn.catch(() => {})
      return turn
    },
    isIdle: () => pending === 0,
  }
}
