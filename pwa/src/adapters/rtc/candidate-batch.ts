import type { Candidate } from '@alcove/shared/call/negotiation'
import type { Clock, Stop } from '../../ports.ts'

/** The first ones open the path and go almost at once, the others together. */
const firstAfterMs = 5
const laterAfterMs = 50
export const maxBatch = 100

export type CandidateBatch = {
  add(candidate: RTCIceCandidate): void
  /** Forgets what has not been sent: it is in the description already. */
  clear(): void
}

/** Collects a connection's own candidates, so that a dozen of them are one or two messages. */
export function createCandidateBatch(clock: Clock, send: (candidates: readonly Candidate[]) => void): CandidateBatch {
  let pending: Candidate[] = []
  let sentBefore = false
  let stop: Stop | null = null

  function flush(): void {
    stop = null
    if (pending.length === 0) return
    const batch = pending.slice(0, maxBatch)
    pending = []
    sentBefore = true
    send(batch)
  }

  return {
    add({ candidate, sdpMid, sdpMLineIndex, usernameFragment }) {
      pending.push({ candidate, sdpMid, sdpMLineIndex, usernameFragment })
      stop ??= clock.after(sentBefore ? laterAfterMs : firstAfterMs, flush)
    },
    clear() {
      stop?.()
      stop = null
      pending = []
    },
  }
}
