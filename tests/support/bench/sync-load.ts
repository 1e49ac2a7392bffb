import { connect, type Socket } from 'node:net'
import { closeCodeIn, frame, handshake } from '../signaling/raw-socket.ts'

/**
 * Many devices on one `/sync` (or y-webrtc's own server): raw TCP sockets with frames made beforehand, so that the load
 * itself costs as little as it can. Devices sit in rooms, one topic each; everything published is echoed to its sender.
 */
export type LoadOptions = {
  readonly port: number
  /** Of the handshake; y-webrtc's server takes any. */
  readonly path: string
  readonly sockets: number
  /** Devices in one room. */
  readonly roomSize: number
  /** The whole published message. */
  readonly messageBytes: number
}

export type Measured = {
  readonly deliveries: number
  /** Those that were due and never came. */
  readonly lost: number
  /** Milliseconds from publishing to delivery. */
  readonly p50: number
  readonly p99: number
}

export type Load = {
  /** Publishes evenly at this rate, all devices in turn, for so long; resolves when everything has arrived. */
  publish(perSecond: number, forMs: number): Promise<Measured>
  close(): Promise<void>
}

/** Hundredths of a millisecond since the start, in digits: `data` begins with it, at the same place in every frame. */
const stampLength = 10
const tickMs = 4
const atOnce = 100

type Device = { readonly socket: Socket; readonly bytes: Buffer; readonly stampAt: number }

export async function openLoad(options: LoadOptions): Promise<Load> {
  const { sockets, roomSize } = options
  const latencies: number[] = []
  const startedAt = performance.now()
  const stamp = () => Math.round((performance.now() - startedAt) * 100)
  const devices: Device[] = []
  for (let from = 0; from < sockets; from += atOnce) {
    const group = Array.from({ length: Math.min(atOnce, sockets - from) }, (_, index) => open(from + index))
    devices.push(...(await Promise.all(group)))
  }

  async function open(index: number): Promise<Device> {
    const topic = `room ${Math.floor(index / roomSize)} `.padEnd(43, 'x')
    const start = `{"type":"publish","topic":"${topic}","data":"`
    const data = ''.padEnd(options.messageBytes - start.length - 2, 'QmFzZTY0')
    const stampInPayload = start.length
    const socket = await openSocket(options, (payloadAt, bytes) => {
      const at = payloadAt + stampInPayload
      latencies.push((stamp() - Number(bytes.toString('latin1', at, at + stampLength))) / 100)
    })
    socket.write(frame(`{"type":"subscribe","topics":["${topic}"]}`))
    const bytes = frame(`${start}${data}"}`)
    return { socket, bytes, stampAt: bytes.length - options.messageBytes + stampInPayload }
  }

  function send({ socket, bytes, stampAt }: Device): void {
    const copy = Buffer.from(bytes)
    const digits = String(stamp()).padStart(stampLength, '0')
    for (let i = 0; i < stampLength; i++) {
      // Every frame has the same mask; only these digits differ.
      const at = stampAt + i
      copy[at] = digits.charCodeAt(i) ^ maskAt(bytes, at)
    }
    socket.write(copy)
  }

  return {
    async publish(perSecond, forMs) {
      latencies.length = 0
      const total = Math.floor((perSecond * forMs) / 1000)
      const from = performance.now()
      // Neighbours in a room are far apart in time.
      const order = devices.map((_, index) => (index * 7919) % devices.length)
      let sent = 0
      while (sent < total) {
        const due = Math.min(total, Math.floor(((performance.now() - from) * perSecond) / 1000))
        for (; sent < due; sent++) {
          const device = devices[order[sent % order.length] ?? 0]
          if (device !== undefined) send(device)
        }
        await new Promise((resolve) => setTimeout(resolve, tickMs))
      }
      const expected = total * roomSize
      for (let waited = 0; latencies.length < expected && waited < 30_000; waited += 20) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      const sorted = Float64Array.from(latencies).sort()
      const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
      return { deliveries: latencies.length, lost: expected - latencies.length, p50: at(0.5), p99: at(0.99) }
    },
    async close() {
      for (const { socket } of devices) socket.resetAndDestroy()
      await new Promise((resolve) => setTimeout(resolve, 500))
    },
  }
}

function maskAt(bytes: Buffer, at: number): number {
  const headLength = ((bytes[1] ?? 0) & 0x7f) === 126 ? 4 : 2
  return bytes[headLength + ((at - headLength - 4) % 4)] ?? 0
}

/** Resolves once the handshake is accepted. `onPublish` gets where the payload of each publication begins. */
function openSocket({ port, path }: LoadOptions, onPublish: (payloadAt: number, bytes: Buffer) => void): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let rest: Buffer = Buffer.alloc(0)
  socket.on('connect', () => socket.write(handshake(port, { path })))
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`closed with ${closeCodeIn(rest)}: ${rest.toString('latin1').slice(0, 200)}`)))
    socket.on('data', function greet(bytes) {
      rest = Buffer.concat([rest, bytes])
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return
      if (!rest.toString('latin1').startsWith('HTTP/1.1 101')) return reject(new Error(rest.toString('latin1')))
      rest = rest.subarray(end + 4)
      socket.off('data', greet)
      socket.on('data', readFrames)
      resolve(socket)
    })
    function readFrames(chunk: Buffer): void {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let at = 0
      while (bytes.length - at >= 2) {
        const short = (bytes[at + 1] ?? 0) & 0x7f
        const headLength = short === 126 ? 4 : 2
        if (bytes.length - at < headLength) break
        const length = short === 126 ? bytes.readUInt16BE(at + 2) : short
        if (bytes.length - at < headLength + length) break
        if (bytes[at] === 0x89) socket.write(frame(bytes.subarray(at + 2, at + 2 + length), { opcode: 10 }))
        else if (length > 500) onPublish(at + headLength, bytes)
        at += headLength + length
      }
      rest = bytes.subarray(at)
    }
  })
}
