import type { Clock } from '../../ports.ts'
import type { DeviceChannel } from '../../sync-ports.ts'
import { createDeviceChannel, type DataChannelLike } from './device-channel.ts'
import { fingerprintOf } from './fingerprints.ts'
import type { Peer } from './y-webrtc.ts'

/** A stream of each connection's SCTP association, opened by both sides without a word (docs/PROTOCOL.md). */
const channelName = 'alcove'
const channelId = 7

/** A lost answer would be waited for without end, and nobody could dial meanwhile. */
const answerWithinMs = 6_000
const connectWithinMs = 15_000
/** Both sides find it at the same time, and should not dial at the same time. */
const jitterMs = 4_000
/** Closed by this side: how long until it is dialled again. Doubles from one time to the next. */
const firstPauseMs = 2_000
const lastPauseMs = 5 * 60_000
/** A channel that lasted this long was a good one. */
const goodAfterMs = 60_000
/** Closed by the other side, which hangs up itself after its pause. */
const abandonedMs = lastPauseMs + 60_000

export type PeerCareDeps = {
  readonly clock: Clock
  readonly random: () => number
  readonly onChannel: (channel: DeviceChannel) => void
}

/** Opens the channel of every connection, and gives up connections that will never be of use, so that they are dialled again. */
export function createPeerCare({ clock, random, onChannel }: PeerCareDeps) {
  /** Connections without a channel, and until when they are left alone. */
  const patience = new WeakMap<Peer, number>()
  /** Until when the other side may take to describe its end at all. */
  const answerBy = new WeakMap<Peer, number>()
  let closings = 0

  function pauseMs(livedMs: number): number {
    if (livedMs > goodAfterMs) closings = 0
    const limitMs = Math.min(lastPauseMs, firstPauseMs * 2 ** closings)
    closings += 1
    return limitMs * (0.5 + random() / 2)
  }

  function opened(peer: Peer, channel: RTCDataChannel): void {
    const mine = fingerprintOf(peer.connection.localDescription?.sdp ?? '')
    const theirs = fingerprintOf(peer.connection.remoteDescription?.sdp ?? '')
    if (mine === null || theirs === null) return peer.hangUp()
    patience.delete(peer)
    const openedAt = clock.now()
    const line = createDeviceChannel(channel as DataChannelLike, { mine, theirs }, (byThisSide) => {
      const leftAloneMs = byThisSide ? pauseMs(clock.now() - openedAt) : abandonedMs
      patience.set(peer, clock.now() + leftAloneMs)
    })
    peer.onClosed(line.lost)
    onChannel(line.channel)
  }

  return {
    meet(peer: Peer): void {
      const spreadMs = random() * jitterMs
      patience.set(peer, clock.now() + connectWithinMs + spreadMs)
      answerBy.set(peer, clock.now() + answerWithinMs + spreadMs)
      // Before anything is agreed, so that both ends are there when the first byte can arrive.
      const channel = peer.connection.createDataChannel(channelName, { negotiated: true, id: channelId })
      channel.binaryType = 'arraybuffer'
      channel.onopen = () => opened(peer, channel)
    },
    /** Now and then. */
    look(peers: readonly Peer[]): void {
      for (const peer of peers) {
        const until = peer.connection.remoteDescription ? patience.get(peer) : answerBy.get(peer)
        if (until !== undefined && clock.now() > until) peer.hangUp()
      }
    },
  }
}
