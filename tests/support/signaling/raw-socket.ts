import { connect, type Socket } from 'node:net'

/** A TCP connection that says exactly what the test wants, well-formed or not. */
export type RawSocket = {
  readonly socket: Socket
  write(bytes: string | Buffer): void
  /** Everything that came so far. */
  read(): Buffer
  /** Resolves when the other side has closed, or after the time is over; says which. */
  closed(withinMs: number): Promise<boolean>
  destroy(): void
}

export function openRaw(port: number): Promise<RawSocket> {
  const socket = connect({ port, host: '127.0.0.1' })
  const chunks: Buffer[] = []
  let isClosed = false
  socket.on('data', (bytes) => chunks.push(bytes))
  socket.on('error', () => {})
  const whenClosed = new Promise<void>((resolve) => {
    const end = () => {
      isClosed = true
      resolve()
    }
    socket.once('end', end)
    socket.once('close', end)
  })
  const raw: RawSocket = {
    socket,
    write: (bytes) => void (socket.writable && socket.write(bytes)),
    read: () => Buffer.concat(chunks),
    async closed(withinMs) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs)
      })
      await Promise.race([whenClosed, late])
      clearTimeout(timer)
      return isClosed
    },
    destroy: () => socket.destroy(),
  }
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(raw))
    socket.once('error', () => resolve(raw))
  })
}

export type HandshakeOptions = { readonly origin?: string; readonly path?: string; readonly headers?: readonly string[] }

export function handshake(port: number, options: HandshakeOptions = {}): string {
  const { origin = `http://localhost:${port}`, path = '/session', headers = [] } = options
  return [
    `GET ${path} HTTP/1.1`,
    `Host: localhost:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: alcove.session.1',
    `Origin: ${origin}`,
    ...headers,
    '\r\n',
  ].join('\r\n')
}

export type FrameOptions = {
  readonly opcode?: number
  readonly final?: boolean
  readonly masked?: boolean
  readonly reserved?: number
  /** Says this length instead of the real one. */
  readonly claimedLength?: bigint
}

/** One WebSocket frame (RFC 6455, 5.2), as wrong as wanted. */
export function frame(payload: string | Buffer, options: FrameOptions = {}): Buffer {
  const { opcode = 1, final = true, masked = true, reserved = 0, claimedLength } = options
  const body = Buffer.from(payload)
  const length = claimedLength ?? BigInt(body.length)
  const first = (final ? 0x80 : 0) | (reserved << 4) | opcode
  const maskBit = masked ? 0x80 : 0
  let head: Buffer
  if (length < 126n) head = Buffer.from([first, maskBit | Number(length)])
  else if (length < 65_536n) {
    head = Buffer.alloc(4)
    head.writeUInt16BE(Number(length), 2)
    head.set([first, maskBit | 126])
  } else {
    head = Buffer.alloc(10)
    head.writeBigUInt64BE(length, 2)
    head.set([first, maskBit | 127])
  }
  if (!masked) return Buffer.concat([head, body])
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78])
  for (let i = 0; i < body.length; i++) body[i] = (body[i] ?? 0) ^ (mask[i % 4] ?? 0)
  return Buffer.concat([head, mask, body])
}

/** The close code in what a server sent, if there is a close frame at its end. */
export function closeCodeIn(bytes: Buffer): number | null {
  for (let at = Math.max(0, bytes.length - 127); at < bytes.length - 3; at++) {
    const length = bytes[at + 1] ?? 0
    if (bytes[at] === 0x88 && length >= 2 && at + 2 + length === bytes.length) return bytes.readUInt16BE(at + 2)
  }
  return null
}
