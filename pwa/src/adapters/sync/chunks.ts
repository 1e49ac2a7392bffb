import { type Bytes, fromUtf8, utf8 } from '@alcove/shared/crypto/bytes'
import { maxChannelMessageBytes } from '@alcove/shared/protocol/sync-messages'

/**
 * Messages of the channel `alcove`: text in UTF-8, cut into chunks that every browser carries (docs/PROTOCOL.md, "Between
 * devices"). A chunk's first byte says whether the message goes on in the next one.
 */
export const chunkBytes = 60_000
const last = 0
const more = 1

/** Null when the text is longer than a message may be. */
export function toChunks(text: string): Iterable<Bytes> | null {
  const bytes = utf8(text)
  return bytes.length > maxChannelMessageBytes ? null : cut(bytes)
}

/** One at a time: a long message is not in memory twice. */
function* cut(bytes: Bytes): Generator<Bytes> {
  const room = chunkBytes - 1
  for (let from = 0; from === 0 || from < bytes.length; from += room) {
    const part = bytes.subarray(from, from + room)
    const chunk = new Uint8Array(part.length + 1)
    chunk[0] = from + room < bytes.length ? more : last
    chunk.set(part, 1)
    yield chunk
  }
}

export type Assembly =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'message'; readonly text: string }
  /** Not what an honest device sends: the channel is worth nothing any more. */
  | { readonly kind: 'broken' }

export type Assembler = { take(chunk: Bytes): Assembly }

/** Grows with what has really arrived, never with what somebody promises, and never beyond `limitBytes`. */
export function createAssembler(limitBytes = maxChannelMessageBytes): Assembler {
  let buffer: Bytes = new Uint8Array(0)
  let filled = 0

  function append(part: Bytes): void {
    if (filled + part.length > buffer.length) {
      const bigger = new Uint8Array(Math.min(limitBytes, Math.max(filled + part.length, buffer.length * 2)))
      bigger.set(buffer.subarray(0, filled))
      buffer = bigger
    }
    buffer.set(part, filled)
    filled += part.length
  }

  return {
    take(chunk) {
      const [mark] = chunk
      const part = chunk.subarray(1)
      const isLast = mark === last
      // An empty part that is not the last one would let a message go on for ever.
      if ((!isLast && (mark !== more || part.length === 0)) || filled + part.length > limitBytes) return { kind: 'broken' }
      if (!isLast) {
        append(part)
        return { kind: 'incomplete' }
      }
      let whole = part
      if (filled > 0) {
        append(part)
        whole = buffer.subarray(0, filled)
      }
      buffer = new Uint8Array(0)
      filled = 0
      const text = fromUtf8(whole)
      return text === null ? { kind: 'broken' } : { kind: 'message', text }
    },
  }
}
