import { beforeEach, describe, expect, it } from 'vitest'
import { SocketCare } from '../../../signaling/src/socket-care.ts'
import { createManualClock, type ManualClock } from '../../support/session/manual-clock.ts'

describe('the care for a socket', () => {
  let clock: ManualClock
  let care: SocketCare<string>
  let socket: { bufferedAmount: number; sent: string[]; pings: number; terminated: boolean }
  let slow: number

  beforeEach(() => {
    clock = createManualClock()
    slow = 0
    socket = { bufferedAmount: 0, sent: [], pings: 0, terminated: false }
    const doors = {
      get bufferedAmount() {
        return socket.bufferedAmount
      },
      send: (text: string) => socket.sent.push(text),
      ping: () => {
        socket.pings += 1
      },
      terminate: () => {
        socket.terminated = true
      },
    }
    care = new SocketCare<string>(doors, {
      now: clock.now,
      random: () => 0.5,
      after: clock.after,
      maxBufferedBytes: 1000,
      onSlow: () => void slow++,
    })
  })

  it('pings every 20 to 25 seconds and is content with an answer', () => {
    for (let i = 1; i <= 10; i++) {
      clock.advance(22_500)
      expect(socket.pings).toBe(i)
      care.heard()
    }
    expect(socket.terminated).toBe(false)
  })

  it('cuts off who misses two', () => {
    clock.advance(45_000)
    expect([socket.pings, socket.terminated]).toEqual([2, false])
    clock.advance(22_500)
    expect(socket.terminated).toBe(true)
    clock.advance(100_000)
    expect(socket.pings).toBe(2)
  })

  it('stops when told to', () => {
    care.stop()
    clock.advance(100_000)
    expect(socket.pings).toBe(0)
  })

  it('LIMIT_BUFFERED_BYTES_PER_SOCKET cuts off a receiver for whom too much waits', () => {
    socket.bufferedAmount = 1000
    care.send('a')
    expect(socket.sent).toEqual(['a'])
    socket.bufferedAmount = 1001
    care.send('b')
    expect([socket.sent, socket.terminated, slow]).toEqual([['a'], true, 1])
  })

  it('cuts off a receiver that stays behind for ten seconds, not one that catches up', () => {
    socket.bufferedAmount = 300
    care.send('a')
    clock.advance(9_000)
    socket.bufferedAmount = 0
    care.send('b')
    socket.bufferedAmount = 300
    care.send('c')
    clock.advance(10_000)
    care.send('d')
    expect(socket.terminated).toBe(false)
    clock.advance(1)
    care.send('e')
    expect(socket.terminated).toBe(true)
  })
})
