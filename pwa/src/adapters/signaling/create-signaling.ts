import { signAuthentication } from '@alcove/shared/crypto/signed'
import { serverToGuestMessage, serverToHostMessage } from '@alcove/shared/protocol/session-messages'
import type { Signaling } from '../../ports.ts'
import { createSessionSocket, type SessionSocketDeps, type WebSocketLike } from './session-socket.ts'

export type SignalingDeps = SessionSocketDeps & {
  /** The page's origin, `https://clinic.example`: proofs are worth nothing on another one. */
  readonly origin: string
}

/** The guest's half alone: all that the patient's page loads. */
export function createGuestSignaling(deps: SignalingDeps): Pick<Signaling, 'guest'> {
  return {
    guest: (room, { guestKey, pair }, listen) =>
      createSessionSocket(deps, {
        schema: serverToGuestMessage,
        listen,
        async authenticate({ nonce, connection }) {
          const signature = await signAuthentication(pair, { origin: deps.origin, connection, nonce, role: 'guest', room })
          return { type: 'authenticate', role: 'guest', room, guestKey, signature }
        },
      }),
  }
}

export function createSignaling(deps: SignalingDeps): Signaling {
  return {
    ...createGuestSignaling(deps),
    host: ({ roomId: room, room: roomPair, device, certificate }, enrolment, listen) =>
      createSessionSocket(deps, {
        schema: serverToHostMessage,
        listen,
        async authenticate({ nonce, connection }) {
          const signature = await signAuthentication(device, { origin: deps.origin, connection, nonce, role: 'host', room })
          const proof = enrolment === null ? {} : { enrolment }
          return { type: 'authenticate', role: 'host', room, roomKey: roomPair.publicKey, certificate, signature, ...proof }
        },
      }),
  }
}

/** The session endpoint of the server that this page came from. */
export function sessionUrl(location: Pick<Location, 'protocol' | 'host'>): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/session`
}

/** What is set on it takes fewer arguments than a browser gives; TypeScript compares what is read instead. */
export function openBrowserSocket(url: string, protocol: string): WebSocketLike {
  return new WebSocket(url, protocol) as WebSocketLike
}
