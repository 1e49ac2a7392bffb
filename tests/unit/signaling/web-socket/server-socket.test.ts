import { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ServerSocket } from '../../../../signaling/src/web-socket/server-socket.ts'
import { opcodes } from '../../../../signaling/src/web-socket/frames.ts'
import { frame } from '../../../support/signaling/raw-socket.ts'

/** A connection whose other end reads nothing, and what the listener heard. */
function openSocket(onControl = () => true) {
  const texts: string[] = []
  const errors: Error[] = []
  const stream = new Duplex({ read: () => undefined, write: () => undefined, highWaterMark: 1024 })
  stream.on('error', (error) => errors.push(error))
  const socket = new ServerSocket(stream, 64 * 1024, {
    onText: (payload) => texts.push(payload.toString()),
    onBinary: () => undefined,
    onControl,
    onHeard: () => undefined,
    onBroken: () => undefined,
    onClosed: () => undefined,
  })
  return { stream, socket, texts, errors }
}

describe('the server’s end of a WebSocket', () => {
  it('lets answers to pings not pile up for whoever reads nothing', async () => {
    const { stream, socket } = openSocket()
    socket.start(Buffer.alloc(0))
    const pings = Buffer.concat(Array.from({ length: 5000 }, () => frame('x'.repeat(100), { opcode: opcodes.ping })))
    stream.push(pings)
    await setImmediate()
    expect(socket.bufferedAmount).toBeGreaterThan(0)
    expect(socket.bufferedAmount).toBeLessThan(4 * 1024)
  })

  it('asks about every ping and pong, and answers no ping that came too often', async () => {
    let allowed = 3
    let asked = 0
    const { stream, socket } = openSocket(() => {
      asked += 1
      return allowed-- > 0
    })
    socket.start(Buffer.alloc(0))
    const [ping, pong] = [frame('', { opcode: opcodes.ping }), frame('', { opcode: opcodes.pong })]
    stream.push(Buffer.concat([ping, pong, ping, ping, pong, ping]))
    await setImmediate()
    expect(asked).toBe(6)
    // Two bytes each: the first write is on its way, the second waits.
    expect(socket.bufferedAmount).toBe(4)
  })

  it('reads what came with the handshake', () => {
    const { socket, texts } = openSocket()
    socket.start(frame('first'))
    expect(texts).toEqual(['first'])
  })

  it('writes nothing more once the other side has ended the connection', async () => {
    const { stream, socket, errors } = openSocket()
    socket.start(Buffer.alloc(0))
    stream.push(null)
    await setImmediate()
    socket.send(Buffer.from([0x81, 0]))
    socket.ping()
    await setImmediate()
    expect(errors).toEqual([])
    stream.destroy()
  })
})
