import { randomId } from '@alcove/shared/crypto/bytes'
import { createPeerLink } from '../../../pwa/src/adapters/rtc/peer-link.ts'
import type { Clock, PeerLinks } from '../../../pwa/src/ports.ts'
import { type Ether, FakeMediaStream } from './fake-rtc.ts'

Object.assign(globalThis, { MediaStream: FakeMediaStream })

/** The real adapter over connections that need no browser. `owner` names the page in the ether. */
export function createFakePeerLinks(ether: Ether, clock: Clock, owner: string): PeerLinks {
  const createConnection = (configuration: RTCConfiguration) => ether.create(owner, configuration)
  return { create: (options) => createPeerLink({ clock, randomId, createConnection }, options) }
}
