/** Frames of RFC 6455, section 5.2. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** Room for a whole unmasked frame, with its header written; the payload is the last `length` bytes. */
export function frameOf(opcode: number, length: number): Buffer {
  if (length < 126) {
    const frame = Buffer.allocUnsafe(2 + length)
    frame[0] = 0x80 | opcode
    frame[1] = length
    return frame
  }
  if (length < 0x1_0000) {
    const frame = Buffer.allocUnsafe(4 + length)
    frame[0] = 0x80 | opcode
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
    return frame
  }
  const frame = Buffer.allocUnsafe(10 + length)
  frame[0] = 0x80 | opcode
  frame[1] = 127
  frame.writeBigUInt64BE(BigInt(length), 2)
  return frame
}

export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const frame = frameOf(opcodes.text, length)
  frame.write(text, frame.length - length)
  return frame
}

export function controlFrame(opcode: number, payload: Uint8Array): Buffer {
  const frame = frameOf(opcode, payload.length)
  frame.set(payload, 2)
  return frame
}

export const pingFrame = controlFrame(opcodes.ping, new Uint8Array())

/** @param code RFC 6455, 7.4.1. */
export function closeFrame(code: number, reason = ''): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason))
  payload.writeUInt16BE(code)
  payload.write(reason, 2)
  return controlFrame(opcodes.close, payload)
}

/** In place, four bytes at a time. */
export function unmask(payload: Buffer, mask: number): void {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
  const whole = payload.length & ~3
  for (let at = 0; at < whole; at += 4) view.setInt32(at, view.getInt32(at) ^ mask)
  for (let at = whole; at < payload.length; at++) payload[at] = (payload[at] ?? 0) ^ (mask >>> (24 - 8 * (at - whole)))
}
