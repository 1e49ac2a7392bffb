import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWatchedPeerLinks } from '../../../../../pwa/src/adapters/rtc/watched-peer-links.ts'
import type { Clock, PeerLinkOptions } from '../../../../../pwa/src/ports.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

const connections: FakeConnection[] = []

/** Connected at once; its statistics come when the test says so. */
class FakeConnection extends EventTarget {
  signalingState = 'stable'
  connectionState = 'connected'
  readonly asked: (() => void)[] = []
  constructor() {
    super()
    connections.push(this)
  }
  getStats(): Promise<Map<string, object>> {
    return new Promise((resolve) => this.asked.push(() => resolve(new Map())))
  }
  close(): void {
    this.signalingState = 'closed'
    this.connectionState = 'closed'
  }
}

beforeEach(() => {
  connections.length = 0
  vi.stubGlobal('RTCPeerConnection', FakeConnection)
  vi.stubGlobal('MediaStream', class {})
})
afterEach(() => void vi.unstubAllGlobals())

const options = {
  polite: true,
  iceServers: [],
  relayOnly: false,
  send: () => undefined,
  onState: () => undefined,
} as unknown as PeerLinkOptions
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** How many timers run that look every so often. */
function counted(clock: Clock): Clock & { readonly running: () => number } {
  let running = 0
  return {
    ...clock,
    running: () => running,
    every(intervalMs, run) {
      running += 1
      const stop = clock.every(intervalMs, run)
      return () => {
        running -= 1
        stop()
      }
    },
  }
}

describe('watched connections', () => {
  it('are looked at from the first to the last one, again and again', () => {
    const manual = createManualClock()
    const clock = counted(manual)
    const links = createWatchedPeerLinks(clock, { isWanted: () => true, report: () => undefined })
    expect(clock.running()).toBe(0)
    for (let round = 0; round < 2; round++) {
      connections.length = 0
      links.create(options)
      const before = clock.running()
      links.create(options)
      connections[0]?.close()
      manual.advance(2000)
      expect(clock.running()).toBeGreaterThan(0)
      expect(before).toBe(1)
      connections[1]?.close()
      manual.advance(2000)
      expect(clock.running()).toBe(0)
    }
  })

  it('are asked for nothing more while they still answer', async () => {
    const clock = createManualClock()
    const reports: unknown[] = []
    createWatchedPeerLinks(clock, { isWanted: () => true, report: (load) => reports.push(load) }).create(options)
    const [connection] = connections
    clock.advance(6000)
    expect(connection?.asked).toHaveLength(1)
    connection?.asked[0]?.()
    await settle()
    clock.advance(2000)
    connection?.asked[1]?.()
    await settle()
    expect(reports).toEqual([{ encoderLimited: false, soundSuffers: false }])
  })
})
