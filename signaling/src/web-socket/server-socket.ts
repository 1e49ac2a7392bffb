import type { Duplex } from 'node:stream'
import { after } from '../endpoint.ts'
import { type FrameListener, FrameReader } from './frame-reader.ts'
import { closeFrame, controlFrame, opcodes, pingFrame } from './frames.ts'

export type SocketListener = {
  /** A text message, valid UTF-8. Its bytes are the listener's. Nothing comes after a close was sent or received. */
  onText(payload: Buffer): void
  onBinary(): void
  /** A ping or pong, which costs something like a message does. False: it came too often, and a ping gets no answer. */
  onControl(): boolean
  /** Any sign of life. */
  onHeard(): void
  /** The client broke RFC 6455 or a limit. It is told, and closed. */
  onBroken(): void
  /** The connection is gone, for whatever reason; once. */
  onClosed(): void
}

const closeMs = 5_000
/** What `onClose` of a frame reader says when a client gave no code; it gets none either. */
const noCode = 1005
const emptyCloseFrame = controlFrame(opcodes.close, new Uint8Array())

/**
 * The server's end of a WebSocket over a connection whose handshake was answered. A class, since there are thousands and
 * closures would weigh more than the socket.
 */
export class ServerSocket implements FrameListener {
  private closing = false
  private readonly stream: Duplex
  private readonly reader: FrameReader
  private readonly listener: SocketListener

  constructor(stream: Duplex, maxBytes: number, listener: SocketListener) {
    this.stream = stream
    this.listener = listener
    this.reader = new FrameReader(maxBytes, this)
  }

  /** @param head what came with the handshake. */
  start(head: Buffer): void {
    const { stream, reader } = this
    stream.on('data', (chunk: Buffer) => reader.read(chunk))
    stream.once('end', () => {
      this.closing = true
      stream.end()
    })
    stream.once('close', () => {
      this.closing = true
      reader.stop()
      this.listener.onClosed()
    })
    if (head.length > 0) reader.read(head)
  }

  /** Bytes that wait for the receiver. */
  get bufferedAmount(): number {
    return this.stream.writableLength
  }

  /** A whole frame (frames.ts); the same one may be sent to many. */
  send(frame: Uint8Array): void {
    if (!this.closing) this.stream.write(frame)
  }

  ping(): void {
    this.send(pingFrame)
  }

  /** Says goodbye; whoever does not answer is cut off. */
  close(code: number, reason: string): void {
    if (this.closing) return
    this.send(closeFrame(code, reason))
    this.closing = true
    this.cutOffLater()
  }

  terminate(): void {
    this.closing = true
    this.stream.destroy()
  }

  onText(payload: Buffer): void {
    this.listener.onHeard()
    if (!this.closing) this.listener.onText(payload)
  }

  onBinary(): void {
    this.listener.onHeard()
    if (!this.closing) this.listener.onBinary()
  }

  onPing(payload: Buffer): void {
    this.listener.onHeard()
    if (this.closing || !this.listener.onControl()) return
    // Whoever pings and reads nothing gets no more answers: they would pile up here without end.
    if (!this.stream.writableNeedDrain) this.send(controlFrame(opcodes.pong, payload))
  }

  onPong(): void {
    this.listener.onHeard()
    if (!this.closing) this.listener.onControl()
  }

  onClose(code: number): void {
    this.send(code === noCode ? emptyCloseFrame : closeFrame(code))
    this.closing = true
    this.stream.end()
    this.cutOffLater()
  }

  onError(closeCode: number): void {
    this.listener.onBroken()
    this.close(closeCode, '')
  }

  private cutOffLater(): void {
    const stop = after(closeMs, () => this.stream.destroy())
    this.stream.once('close', stop)
  }
}
