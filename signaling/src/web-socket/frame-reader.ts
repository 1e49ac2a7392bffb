import { isUtf8 } from 'node:buffer'
import { opcodes, unmask } from './frames.ts'

export type FrameReaderDeps = {
  /** The longest message. */
  readonly maxBytes: number
  onText(payload: Buffer): void
  onBinary(): void
  onPing(payload: Buffer): void
  onPong(): void
  /** The other side's close: its code, 1005 when it gave none. */
  onClose(code: number): void
  /** A frame that breaks RFC 6455 or a limit; nothing is read after it. */
  onError(closeCode: number): void
}

/** Takes what the network delivers, in whatever pieces. */
export type FrameReader = {
  read(chunk: Buffer): void
  /** What comes later is thrown away. */
  stop(): void
}

/** Of one message. */
const maxFragments = 32
/** Of one frame: whoever sends it byte by byte is not waited for. */
const maxPieces = 256
const closeCodes = { protocol: 1002, policy: 1008, inconsistent: 1007, tooBig: 1009, none: 1005 } as const

/**
 * Reads a client's WebSocket frames (RFC 6455, section 5) without extensions. Payloads are unmasked where they lie, and
 * handed on without a copy: a whole frame in one piece, the usual one, costs no more than looking at it.
 */
export function createFrameReader(deps: FrameReaderDeps): FrameReader {
  let stopped = false
  /** The beginning of a frame that is not there yet, and how many bytes it takes to go on. */
  let pieces: Buffer[] = []
  let gathered = 0
  let needed = 0
  /** The frames of a message that is not complete. */
  let fragments: Buffer[] = []
  let fragmentsBytes = 0
  let fragmentsAreText = false

  function fail(closeCode: number): void {
    stop()
    deps.onError(closeCode)
  }

  function stop(): void {
    stopped = true
    pieces = []
    fragments = []
  }

  /** @returns where the next frame begins; -1 when this one is not complete, or nothing may be read any more. */
  function readFrame(bytes: Buffer, at: number): number {
    const present = bytes.length - at
    if (present < 2) return wait(2)
    const first = bytes[at] ?? 0
    const second = bytes[at + 1] ?? 0
    const opcode = first & 0x0f
    const final = first >= 0x80
    const short = second & 0x7f
    // No extension was agreed on, and a client masks.
    if ((first & 0x70) !== 0 || second < 0x80 || !isAllowed(opcode, final, short)) return refuse(closeCodes.protocol)
    const headLength = short < 126 ? 6 : short === 126 ? 8 : 14
    if (present < headLength) return wait(headLength)
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : longLength(bytes, at + 2)
    if (length > deps.maxBytes || (opcode < 8 && fragmentsBytes + length > deps.maxBytes)) return refuse(closeCodes.tooBig)
    if (present < headLength + length) return wait(headLength + length)
    const end = at + headLength + length
    const payload = bytes.subarray(at + headLength, end)
    unmask(payload, bytes.readInt32BE(at + headLength - 4))
    take(opcode, final, payload)
    return stopped ? -1 : end
  }

  function wait(bytes: number): number {
    needed = bytes
    return -1
  }

  function refuse(closeCode: number): number {
    fail(closeCode)
    return -1
  }

  function isAllowed(opcode: number, final: boolean, short: number): boolean {
    if (opcode === opcodes.continuation) return fragments.length > 0
    if (opcode === opcodes.text || opcode === opcodes.binary) return fragments.length === 0
    return opcode >= opcodes.close && opcode <= opcodes.pong && final && short < 126
  }

  function take(opcode: number, final: boolean, payload: Buffer): void {
    if (opcode === opcodes.text && final) return takeText(payload)
    if (opcode === opcodes.ping) return deps.onPing(payload)
    if (opcode === opcodes.pong) return deps.onPong()
    if (opcode === opcodes.close) return takeClose(payload)
    if (opcode !== opcodes.continuation) fragmentsAreText = opcode === opcodes.text
    fragments.push(payload)
    fragmentsBytes += payload.length
    if (fragments.length > maxFragments) return fail(closeCodes.policy)
    if (!final) return
    const whole = Buffer.concat(fragments, fragmentsBytes)
    fragments = []
    fragmentsBytes = 0
    if (fragmentsAreText) takeText(whole)
    else deps.onBinary()
  }

  function takeText(payload: Buffer): void {
    if (isUtf8(payload)) deps.onText(payload)
    else fail(closeCodes.inconsistent)
  }

  function takeClose(payload: Buffer): void {
    const code = payload.length === 0 ? closeCodes.none : payload.length === 1 ? 0 : payload.readUInt16BE(0)
    if (payload.length > 0 && !isCloseCode(code)) return fail(closeCodes.protocol)
    if (!isUtf8(payload.subarray(2))) return fail(closeCodes.inconsistent)
    stop()
    deps.onClose(code)
  }

  return {
    read(chunk) {
      if (stopped) return
      let bytes = chunk
      if (needed > 0) {
        pieces.push(chunk)
        gathered += chunk.length
        if (gathered < needed) {
          if (pieces.length > maxPieces) fail(closeCodes.policy)
          return
        }
        bytes = Buffer.concat(pieces, gathered)
        pieces = []
        needed = 0
      }
      let at = 0
      while (at < bytes.length) {
        const next = readFrame(bytes, at)
        if (next < 0) break
        at = next
      }
      if (stopped || needed === 0) return
      const rest = bytes.subarray(at)
      pieces.push(rest)
      gathered = rest.length
    },
    stop,
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
