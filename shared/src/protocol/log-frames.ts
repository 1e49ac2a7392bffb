import { maxLogJsonBytes } from './log-messages.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** How messages of the sealed log lie in WebSocket frames. Text is the caller's: UTF-8 in, UTF-8 out. */

/** A whole binary frame, its first byte included. */
export const maxLogFrameBytes = 60_000
const goesOn = 1
const ends = 0

export type PackedMessage = { readonly json: Bytes; readonly body: Bytes }

/** One message as frames: the length of the JSON (4 bytes, big-endian), the JSON, the body; each frame begins with 1 (goes on) or 0 (ends). */
export function cutMessage({ json, body }: PackedMessage): Bytes[] {
  const whole = new Uint8Array(4 + json.length + body.length)
  new DataView(whole.buffer).setUint32(0, json.length)
  whole.set(json, 4)
  whole.set(body, 4 + json.length)
  const frames: Bytes[] = []
  for (let at = 0; at < whole.length; at += maxLogFrameBytes - 1) {
    const part = whole.subarray(at, at + maxLogFrameBytes - 1)
    const frame = new Uint8Array(part.length + 1)
    frame[0] = at + part.length < whole.length ? goesOn : ends
    frame.set(part, 1)
    frames.push(frame)
  }
  return frames
}

export type Assembled =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'message'; readonly message: PackedMessage }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too-large' }

/** Puts frames together again. After `malformed` or `too-large` it is of no more use. */
export type FrameAssembler = {
  /** `maxBytes`: of the whole message, as much as may be taken now. Keeps no view of `frame`. */
  take(frame: Bytes, maxBytes: number): Assembled
  /** Bytes that wait for the rest of their message. */
  held(): number
}

export function createFrameAssembler(): FrameAssembler {
  let parts: Bytes[] = []
  let length = 0
  return {
    take(frame, maxBytes) {
      const marker = frame[0]
      // Only the last may be shorter: otherwise a message could have any number of them.
      const isGood = marker === goesOn ? frame.length === maxLogFrameBytes : marker === ends && frame.length <= maxLogFrameBytes
      if (!isGood) return { kind: 'malformed' }
      if (length + frame.length - 1 > maxBytes) return { kind: 'too-large' }
      parts.push(frame.slice(1))
      length += frame.length - 1
      if (marker === goesOn) return { kind: 'waiting' }
      const whole = join(parts, length)
      parts = []
      length = 0
      return unpack(whole)
    },
    held: () => length,
  }
}

function join(parts: readonly Bytes[], length: number): Bytes {
  const [first] = parts
  if (first && parts.length === 1) return first
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function unpack(whole: Bytes): Assembled {
  if (whole.length < 4) return { kind: 'malformed' }
  const length = new DataView(whole.buffer, whole.byteOffset).getUint32(0)
  if (length > maxLogJsonBytes) return { kind: 'too-large' }
  if (4 + length > whole.length) return { kind: 'malformed' }
  return { kind: 'message', message: { json: whole.subarray(4, 4 + length), body: whole.subarray(4 + length) } }
}
