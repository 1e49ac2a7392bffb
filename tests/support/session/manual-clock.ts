import type { Clock } from '../../../pwa/src/ports.ts'

export type ManualClock = Clock & { advance(byMs: number): void }

/** Time that passes when told to; what is due runs in order. */
export function createManualClock(startAt = 1_000_000): ManualClock {
  type Due = { at: number; readonly run: () => void; readonly everyMs: number | null }
  let now = startAt
  let due: Due[] = []
  const add = (one: Due) => {
    due.push(one)
    return () => {
      due = due.filter((other) => other !== one)
    }
  }
  return {
    now: () => now,
    after: (delayMs, run) => add({ at: now + delayMs, run, everyMs: null }),
    every: (intervalMs, run) => add({ at: now + intervalMs, run, everyMs: intervalMs }),
    advance(byMs) {
      const until = now + byMs
      for (;;) {
        const next = due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        now = next.at
        if (next.everyMs === null) due = due.filter((one) => one !== next)
        else next.at += next.everyMs
        next.run()
      }
      now = until
    },
  }
}
