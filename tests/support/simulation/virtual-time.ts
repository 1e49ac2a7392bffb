import type { Clock, Stop } from '../../../pwa/src/ports.ts'

/** Time that passes only as fast as everything in it is done. Events at the same instant keep their order. */
export type VirtualTime = {
  now(): number
  after(delayMs: number, run: () => void): Stop
  /** Lets everything happen until then. */
  runUntil(at: number): Promise<void>
  /** How many events have happened. */
  events(): number
}

type Event = { readonly at: number; readonly order: number; run: (() => void) | null }

export function createVirtualTime(startAt: number): VirtualTime {
  /** A binary heap, earliest first. */
  const heap: Event[] = []
  let now = startAt
  let order = 0
  let events = 0

  const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order)

  function push(event: Event): void {
    let i = heap.push(event) - 1
    while (i > 0) {
      const up = (i - 1) >> 1
      const parent = heap[up]
      if (!parent || !isBefore(event, parent)) break
      heap[i] = parent
      i = up
    }
    heap[i] = event
  }

  function pop(): Event | undefined {
    const first = heap[0]
    const last = heap.pop()
    if (!last || heap.length === 0) return first
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      const [left, right] = [heap[child], heap[child + 1]]
      if (!left) break
      if (right && isBefore(right, left)) child++
      const smaller = heap[child]
      if (!smaller || !isBefore(smaller, last)) break
      heap[i] = smaller
      i = child
    }
    heap[i] = last
    return first
  }

  return {
    now: () => now,
    after(delayMs, run) {
      const event: Event = { at: now + Math.max(0, delayMs), order: order++, run }
      push(event)
      return () => {
        event.run = null
      }
    },
    async runUntil(at) {
      await settled()
      for (let next = heap[0]; next && next.at <= at; next = heap[0]) {
        pop()
        if (!next.run) continue
        now = next.at
        events++
        next.run()
        await settled()
      }
      now = at
    },
    events: () => events,
  }
}

/** All promises have run: nothing here waits for anything but virtual time. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A device's own clock: off by so much, and gone with its process. */
export function createDeviceClock(time: VirtualTime, skewMs: number): Clock & { stop(): void } {
  let stopped = false
  const guarded = (run: () => void) => () => {
    if (!stopped) run()
  }
  return {
    now: () => Math.round(time.now() + skewMs),
    after: (delayMs, run) => time.after(delayMs, guarded(run)),
    every(intervalMs, run) {
      let stop: Stop = () => undefined
      const again = () => {
        stop = time.after(
          intervalMs,
          guarded(() => {
            again()
            run()
          }),
        )
      }
      again()
      return () => stop()
    },
    stop() {
      stopped = true
    },
  }
}
