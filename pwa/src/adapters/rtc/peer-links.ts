import { randomId } from '@alcove/shared/crypto/bytes'
import type { Clock, PeerLinks } from '../../ports.ts'
import { createPeerLink } from './peer-link.ts'

/** Peer connections of this browser. */
export function createPeerLinks(clock: Clock): PeerLinks {
  const deps = { clock, randomId, createConnection: (configuration: RTCConfiguration) => new RTCPeerConnection(configuration) }
  return { create: (options) => createPeerLink(deps, options) }
}
