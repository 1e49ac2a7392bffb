import { randomId } from '@alcove/shared/crypto/bytes'
import type { Clock, PeerLinks } from '../../ports.ts'
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

  function createConnection(configuration: RTCConfiguration): RTCPeerConnection {
    const connection = new RTCPeerConnection(configuration)
    connections.set(connection, null)
    return connection
  }

  async function look(): Promise<void> {
    const loads: SendingLoad[] = []
    for (const [connection, before] of connections) {
      if (connection.signalingState === 'closed') {
        connections.delete(connection)
        continue
      }
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

  clock.every(lookEveryMs, () => void look())
  const deps = { clock, randomId, createConnection }
  return { create: (options) => createPeerLink(deps, options) }
}
