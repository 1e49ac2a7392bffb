import type { Duplex } from 'node:stream'
import { after } from '../endpoint.ts'
import { createFrameReader } from './frame-reader.ts'
import { closeFrame, controlFrame, opcodes, pingFrame } from './frames.ts'

export type ServerSocketDeps = {
  readonly maxBytes: number
  /** A text message, valid UTF-8. Nothing comes after a close was sent or received. */
  onText(payload: Buffer): void
  onBinary(): void
  /** Any sign of life. */
  heard(): void
  /** The client broke RFC 6455 or a limit. It is told, and closed. */
  onError(): void
  /** The connection is gone, for whatever reason; once. */
  onClosed(): void
}

/** The server's end of a WebSocket over a connection whose handshake was answered. */
export type ServerSocket = {
  /** Bytes that wait for the receiver. */
  readonly bufferedAmount: number
  /** A whole frame (frames.ts); the same one may be sent to many. */
  send(frame: Uint8Array): void
  ping(): void
  /** Says goodbye; whoever does not answer is cut off. */
  close(code: number, reason: string): void
  terminate(): void
}

const closeMs = 5_000

export function openServerSocket(stream: Duplex, head: Buffer, deps: ServerSocketDeps): ServerSocket {
  let closing = false
  const reader = createFrameReader({
    maxBytes: deps.maxBytes,
    onText(payload) {
      deps.heard()
      if (!closing) deps.onText(payload)
    },
    onBinary() {
      deps.heard()
      if (!closing) deps.onBinary()
    },
    onPing(payload) {
      deps.heard()
      if (!closing) stream.write(controlFrame(opcodes.pong, payload))
    },
    onPong: deps.heard,
    onClose(code) {
      // 1005: it gave none, and gets none.
      if (!closing) stream.write(code === 1005 ? controlFrame(opcodes.close, new Uint8Array()) : closeFrame(code))
      closing = true
      stream.end()
      cutOffLater()
    },
    onError(code) {
      deps.onError()
      close(code, '')
    },
  })

  function close(code: number, reason: string): void {
    if (closing) return
    closing = true
    stream.write(closeFrame(code, reason))
    cutOffLater()
  }

  function cutOffLater(): void {
    const stop = after(closeMs, () => stream.destroy())
    stream.once('close', stop)
  }

  stream.on('data', reader.read)
  stream.once('end', () => stream.end())
  stream.once('close', () => {
    closing = true
    reader.stop()
    deps.onClosed()
  })
  if (head.length > 0) reader.read(head)

  return {
    get bufferedAmount() {
      return stream.writableLength
    },
    send(frame) {
      if (!closing) stream.write(frame)
    },
    ping() {
      if (!closing) stream.write(pingFrame)
    },
    close,
    terminate() {
      closing = true
      stream.destroy()
    },
  }
}
