import { isUtf8 } from 'node:buffer'
import { opcodes, unmask } from './frames.ts'

export type FrameListener = {
  /** A whole text message, valid UTF-8. */
  onText(payload: Buffer): void
  onBinary(): void
  onPing(payload: Buffer): void
  onPong(): void
  /** The other side's close: its code, 1005 when it gave none. Nothing comes after it. */
  onClose(code: number): void
  /** A frame that breaks RFC 6455 or a limit. Nothing comes after it. */
  onError(closeCode: number): void
}

/** Of one message. */
const maxFragments = 32
/** Of one frame: whoever sends it byte by byte is not waited for. */
const maxPieces = 256
const closeCodes = { protocol: 1002, noneGiven: 1005, inconsistent: 1007, policy: 1008, tooBig: 1009 } as const
const none: readonly Buffer[] = []

/**
 * Reads a client's WebSocket frames (RFC 6455, section 5) without extensions, in whatever pieces the network delivers.
 * Payloads are unmasked where they lie, and handed on without a copy: a whole frame in one piece, the usual one, costs no
 * more than looking at it. A class, since there are thousands and closures would weigh more than the socket.
 */
export class FrameReader {
  private stopped = false
  /** The beginning of a frame that is not there yet, and how many bytes it takes to go on. */
  private pieces = none
  private gathered = 0
  private needed = 0
  /** The frames of a message that is not complete. */
  private fragments = none
  private fragmentsBytes = 0
  private fragmentsAreText = false
  private readonly maxBytes: number
  private readonly listener: FrameListener

  /** @param maxBytes of the longest message. */
  constructor(maxBytes: number, listener: FrameListener) {
    this.maxBytes = maxBytes
    this.listener = listener
  }

  read(chunk: Buffer): void {
    if (this.stopped) return
    const bytes = this.needed > 0 ? this.gather(chunk) : chunk
    if (bytes === null) return
    let at = 0
    while (at < bytes.length) {
      const next = this.readFrame(bytes, at)
      if (next < 0) break
      at = next
    }
    if (this.stopped || this.needed === 0) return
    this.pieces = [bytes.subarray(at)]
    this.gathered = bytes.length - at
  }

  /** What comes later is thrown away. */
  stop(): void {
    this.stopped = true
    this.pieces = none
    this.fragments = none
  }

  /** @returns all that has come of the frame, once it is enough to go on. */
  private gather(chunk: Buffer): Buffer | null {
    const pieces = [...this.pieces, chunk]
    this.gathered += chunk.length
    if (this.gathered < this.needed) {
      this.pieces = pieces
      if (pieces.length > maxPieces) this.fail(closeCodes.policy)
      return null
    }
    this.pieces = none
    this.needed = 0
    return Buffer.concat(pieces, this.gathered)
  }

  /** @returns where the next frame begins; -1 when this one is not complete, or nothing may be read any more. */
  private readFrame(bytes: Buffer, at: number): number {
    const present = bytes.length - at
    if (present < 2) return this.wait(2)
    const first = bytes[at] ?? 0
    const second = bytes[at + 1] ?? 0
    const opcode = first & 0x0f
    const final = first >= 0x80
    const short = second & 0x7f
    // No extension was agreed on, and a client masks.
    if ((first & 0x70) !== 0 || second < 0x80 || !this.isAllowed(opcode, final, short)) return this.fail(closeCodes.protocol)
    const headLength = short < 126 ? 6 : short === 126 ? 8 : 14
    if (present < headLength) return this.wait(headLength)
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : longLength(bytes, at + 2)
    if (length > this.maxBytes || (opcode < 8 && this.fragmentsBytes + length > this.maxBytes)) return this.fail(closeCodes.tooBig)
    if (present < headLength + length) return this.wait(headLength + length)
    const end = at + headLength + length
    const payload = bytes.subarray(at + headLength, end)
    unmask(payload, bytes.readInt32BE(at + headLength - 4))
    this.take(opcode, final, payload)
    return this.stopped ? -1 : end
  }

  private wait(bytes: number): number {
    this.needed = bytes
    return -1
  }

  private fail(closeCode: number): number {
    this.stop()
    this.listener.onError(closeCode)
    return -1
  }

  private isAllowed(opcode: number, final: boolean, short: number): boolean {
    if (opcode === opcodes.continuation) return this.fragments.length > 0
    if (opcode === opcodes.text || opcode === opcodes.binary) return this.fragments.length === 0
    return opcode >= opcodes.close && opcode <= opcodes.pong && final && short < 126
  }

  private take(opcode: number, final: boolean, payload: Buffer): void {
    if (opcode === opcodes.text && final) this.takeText(payload)
    else if (opcode === opcodes.ping) this.listener.onPing(payload)
    else if (opcode === opcodes.pong) this.listener.onPong()
    else if (opcode === opcodes.close) this.takeClose(payload)
    else this.takeFragment(opcode, final, payload)
  }

  private takeFragment(opcode: number, final: boolean, payload: Buffer): void {
    if (opcode !== opcodes.continuation) this.fragmentsAreText = opcode === opcodes.text
    const fragments = [...this.fragments, payload]
    if (fragments.length > maxFragments) return void this.fail(closeCodes.policy)
    this.fragments = final ? none : fragments
    const bytes = this.fragmentsBytes + payload.length
    this.fragmentsBytes = final ? 0 : bytes
    if (!final) return
    if (this.fragmentsAreText) this.takeText(Buffer.concat(fragments, bytes))
    else this.listener.onBinary()
  }

  private takeText(payload: Buffer): void {
    if (isUtf8(payload)) this.listener.onText(payload)
    else this.fail(closeCodes.inconsistent)
  }

  private takeClose(payload: Buffer): void {
    const code = payload.length === 0 ? closeCodes.noneGiven : payload.length === 1 ? 0 : payload.readUInt16BE(0)
    if (payload.length > 0 && !isCloseCode(code)) return void this.fail(closeCodes.protocol)
    if (!isUtf8(payload.subarray(2))) return void this.fail(closeCodes.inconsistent)
    this.stop()
    this.listener.onClose(code)
  }
}

/** 64 bits; what is beyond 2^53 is far beyond every limit anyway. */
function longLength(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)
}

/** RFC 6455, 7.4: what may be sent. */
function isCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999)
}
