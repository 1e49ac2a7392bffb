import type { SyncErrorCode } from '@alcove/shared/protocol/sync-messages'
import { frameOf, opcodes, textFrame } from '../web-socket/frames.ts'

/** What a client said. What the stock server would pass over in silence is `ignored`. */
export type Said =
  | { readonly type: 'subscribe' | 'unsubscribe'; readonly topics: readonly string[] }
  | { readonly type: 'publish'; readonly topic: string; readonly message: Publication }
  | { readonly type: 'ping' | 'ignored' | 'malformed' }

/** Either the bytes as they came, to which `clients` can be added without reading more, or what they say. */
export type Publication = { readonly kind: 'bytes'; readonly payload: Buffer } | { readonly kind: 'object'; readonly value: object }

const head = Buffer.from('{"type":"publish","topic":"')
const middle = Buffer.from('","data":"')
const quote = 0x22
const backslash = 0x5c
const brace = 0x7d

/** @param payload a text message's bytes, valid UTF-8. Never throws. */
export function read(payload: Buffer): Said {
  return readPlainPublish(payload) ?? readAny(payload)
}

/**
 * `{"type":"publish","topic":"...","data":"..."}` to the byte as y-webrtc with a password sends it, and with no escape in
 * it: what JSON.parse would find is plain to see, so the bytes can be passed on as they are. Null for anything else.
 */
function readPlainPublish(payload: Buffer): Said | null {
  const topicEnd = payload.indexOf(quote, head.length)
  const dataAt = topicEnd + middle.length
  const end = payload.length - 2
  if (topicEnd < 0 || dataAt > end || payload[end] !== quote || payload[end + 1] !== brace) return null
  if (!hasAt(payload, 0, head) || !hasAt(payload, topicEnd, middle)) return null
  if (payload.indexOf(quote, dataAt) !== end || payload.includes(backslash) || hasControl(payload)) return null
  const topic = payload.toString('utf8', head.length, topicEnd)
  return topic === '' ? null : { type: 'publish', topic, message: { kind: 'bytes', payload } }
}

/** For a few bytes a loop is faster than asking the buffer. */
function hasAt(payload: Buffer, at: number, wanted: Buffer): boolean {
  for (let i = 0; i < wanted.length; i++) if (payload[at + i] !== wanted[i]) return false
  return true
}

/** Whether any byte is below 0x20, four at a time: JSON allows none inside a string. */
function hasControl(payload: Buffer): boolean {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
  const whole = payload.length & ~3
  let found = 0
  for (let at = 0; at < whole; at += 4) {
    const four = view.getInt32(at, true)
    found |= (four - 0x20202020) & ~four
  }
  if ((found & 0x80808080) !== 0) return true
  for (let at = whole; at < payload.length; at++) if ((payload[at] ?? 0) < 0x20) return true
  return false
}

/** Everything else, the way the stock server reads it, short of falling over. */
function readAny(payload: Buffer): Said {
  let message: unknown
  try {
    message = JSON.parse(payload.toString())
  } catch {
    return { type: 'malformed' }
  }
  if (typeof message !== 'object' || message === null || !('type' in message)) return { type: 'ignored' }
  switch (message.type) {
    case 'subscribe':
    case 'unsubscribe': {
      const topics = ('topics' in message && message.topics) || []
      if (!Array.isArray(topics)) return { type: 'malformed' }
      return { type: message.type, topics: topics.filter((topic) => typeof topic === 'string') }
    }
    case 'publish':
      if (!('topic' in message) || typeof message.topic !== 'string' || message.topic === '') return { type: 'ignored' }
      return { type: 'publish', topic: message.topic, message: { kind: 'object', value: message } }
    case 'ping':
      return { type: 'ping' }
    default:
      return { type: 'ignored' }
  }
}

const tails: Buffer[] = []

/** There are few sizes of topics. */
function tailFor(clients: number): Buffer {
  const known = tails[clients]
  if (known !== undefined) return known
  const tail = Buffer.from(`,"clients":${clients}}`)
  if (clients < 1000) tails[clients] = tail
  return tail
}

/** What every subscriber gets: the message with the number of subscribers in it. */
export function publicationFrame(message: Publication, clients: number): Uint8Array {
  if (message.kind === 'object') return textFrame(JSON.stringify({ ...message.value, clients }))
  const { payload } = message
  const tail = tailFor(clients)
  const length = payload.length - 1 + tail.length
  const frame = frameOf(opcodes.text, length)
  const at = frame.length - length
  payload.copy(frame, at, 0, payload.length - 1)
  for (let i = 0; i < tail.length; i++) frame[frame.length - tail.length + i] = tail[i] ?? 0
  return frame
}

export const pongFrame = textFrame('{"type":"pong"}')

/** A word that stock clients pass over. */
export function errorFrame(code: SyncErrorCode, topic: string | null = null): Uint8Array {
  return textFrame(JSON.stringify({ type: 'error', code, topic }))
}
