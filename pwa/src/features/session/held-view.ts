import type { Clock } from '../../ports.ts'

export type HeldView = {
  /** Nothing is drawn until the first call of the returned function, or for `atMostMs`. */
  hold(atMostMs: number): () => void
  isHeld(): boolean
}

/**
 * Drawing a new screen takes as long as a good part of connecting. It waits while the descriptions of a call that
 * begins are being made, and is done while the browsers are busy with the network.
 */
export function createHeldView(clock: Clock, draw: () => void): HeldView {
  let held = 0
  return {
    hold(atMostMs) {
      held += 1
      let over = false
      const release = () => {
        if (over) return
        over = true
        stop()
        held -= 1
        if (held === 0) draw()
      }
      const stop = clock.after(atMostMs, release)
      return release
    },
    isHeld: () => held > 0,
  }
}
