import { randomId } from '@alcove/shared/crypto/bytes'
import type { Clock, PeerLinks, Stop } from '../../ports.ts'
import { createPeerLink } from './peer-link.ts'
import { type CallTotals, loadBetween, type SendingLoad, totalsOf } from './sending-load.ts'

const lookEveryMs = 2000

export type LoadWatch = {
  /** Whether anybody wants to know just now. */
  readonly isWanted: () => boolean
  readonly report: (load: SendingLoad) => void
}

/** Peer connections of this browser, which tell how well the computer copes with the call. */
export function createWatchedPeerLinks(clock: Clock, { isWanted, report }: LoadWatch): PeerLinks {
  const connections = new Map<RTCPeerConnection, { totals: CallTotals; at: number } | null>()
  /** Only while there are connections: rooms come and go, and the page stays. */
  let stopTicks: Stop | null = null
  let isLooking = false

  function createConnection(configuration: RTCConfiguration): RTCPeerConnection {
    const connection = new RTCPeerConnection(configuration)
    connections.set(connection, null)
    stopTicks ??= clock.every(lookEveryMs, tick)
    return connection
  }

  function tick(): void {
    for (const connection of connections.keys()) if (connection.signalingState === 'closed') connections.delete(connection)
    if (connections.size === 0) {
      stopTicks?.()
      stopTicks = null
    } else if (!isLooking) {
      isLooking = true
      void look().finally(() => {
        isLooking = false
      })
    }
  }

  async function look(): Promise<void> {
    const loads: SendingLoad[] = []
    for (const [connection, before] of connections) {
      if (!isWanted() || connection.connectionState !== 'connected') {
        connections.set(connection, null)
        continue
      }
      const stats = await connection.getStats().catch(() => null)
      if (!stats || !connections.has(connection)) continue
      const now = { totals: totalsOf(stats.values() as Iterable<Record<string, unknown>>), at: clock.now() }
      connections.set(connection, now)
      if (!before || now.at <= before.at) continue
      loads.push(loadBetween(before.totals, now.totals, now.at - before.at))
    }
    if (loads.length === 0) return
    report({ encoderLimited: loads.some((load) => load.encoderLimited), soundSuffers: loads.some((load) => load.soundSuffers) })
  }

  const deps = { clock, randomId, createConnection }
  return { create: (options) => createPeerLink(deps, options) }
}
