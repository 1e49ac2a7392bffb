import type { DocumentId } from '@alcove/shared/domain/ids'
import type { Clock, Stop } from '../../ports.ts'

/** A peer that does not answer must not keep the others from being asked. */
const turnMs = 15_000

/**
 * Lets one peer at a time be asked for a document: the next one is then told what the first one gave, and sends nothing
 * of it again.
 */
export type Asking = {
  /** Calls back when it is one's turn, perhaps at once. The turn ends with the returned function, or after a while by itself. */
  take(document: DocumentId, begin: () => void): Stop
}

export function createAsking(clock: Clock): Asking {
  type Turn = { readonly begin: () => void; done: boolean; stopTimer: Stop }
  const lines = new Map<DocumentId, Turn[]>()

  function end(document: DocumentId, turn: Turn): void {
    if (turn.done) return
    turn.done = true
    turn.stopTimer()
    const line = lines.get(document) ?? []
    const wasFirst = line[0] === turn
    const left = line.filter((one) => one !== turn)
    if (left.length === 0) lines.delete(document)
    else lines.set(document, left)
    if (wasFirst && left[0]) start(document, left[0])
  }

  function start(document: DocumentId, turn: Turn): void {
    turn.stopTimer = clock.after(turnMs, () => end(document, turn))
    turn.begin()
  }

  return {
    take(document, begin) {
      const turn: Turn = { begin, done: false, stopTimer: () => undefined }
      const line = lines.get(document)
      if (line) {
        line.push(turn)
      } else {
        lines.set(document, [turn])
        start(document, turn)
      }
      return () => end(document, turn)
    },
  }
}
