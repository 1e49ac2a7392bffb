/** Runs one task after the other. A task that throws is a fault of this program: it is reported, the next one runs. */
export function createTurns(): (task: () => unknown) => Promise<void> {
  let tail: Promise<void> = Promise.resolve()
  return (task) => {
    tail = tail.then(async () => void (await task())).catch(reportFault)
    return tail
  }
}

/** As an unhandled rejection, where tests and browsers look for faults. */
function reportFault(error: unknown): void {
  void Promise.reject(error)
}
