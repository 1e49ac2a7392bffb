import { issueCertificate } from '@alcove/shared/crypto/admission'
import { randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import type { KeyPair } from '@alcove/shared/crypto/identity'
import type { RoomId } from '@alcove/shared/domain/ids'
import { type Limits, limitDefaults } from '../../../signaling/src/limits.ts'
import { createSessionHub, type SessionHub } from '../../../signaling/src/session-hub.ts'
import type { Epochs } from '../../../signaling/src/session-hub/epochs.ts'
import type { Proofs } from '../../../signaling/src/session-hub/proofs.ts'
import type { HubEvent, IceSource } from '../../../signaling/src/session-hub/context.ts'
import type { Enrolment } from '../../../signaling/src/enrolment.ts'
import { createProofs } from '../../../signaling/src/session-proofs.ts'
import { dayMs, newPair, noon, type TestRoom } from '../crypto-people.ts'
import { createManualClock, type ManualClock } from '../session/manual-clock.ts'
import { connectGuest, connectHost, type ScriptedGuest, type ScriptedHost } from '../wire-client.ts'
import { openSocketPair, type SocketPair } from './socket-pair.ts'

export const origin = 'https://alcove.example'

export type At<P> = Omit<P, 'wire'> & { readonly wire: SocketPair }

/** The real hub with real signatures over socket pairs, and time that passes when told to. */
export type HubWorld = {
  readonly hub: SessionHub
  readonly clock: ManualClock
  readonly events: HubEvent[]
  pair(address?: string): SocketPair
  guest(room: RoomId, options?: { pair?: KeyPair; address?: string }): Promise<At<ScriptedGuest>>
  host(room: TestRoom, options?: { enrolment?: string; address?: string }): Promise<At<ScriptedHost>>
  /** Another hub with the same people: the server was killed and started anew. */
  restarted(): HubWorld
}

export type WorldOptions = {
  readonly limits?: Partial<Limits>
  readonly ice?: IceSource
  readonly enrolment?: Enrolment | null
  readonly clock?: ManualClock
  readonly proofs?: Partial<Proofs>
  readonly epochs?: Epochs
}

export function createHubWorld(options: WorldOptions = {}): HubWorld {
  const clock = options.clock ?? createManualClock(noon)
  const events: HubEvent[] = []
  const epochs = options.epochs ?? createMemoryEpochs()
  const hub = createSessionHub({
    now: clock.now,
    after: clock.after,
    random: (bytes) => toBase64Url(randomBytes(bytes)),
    limits: { ...limitDefaults, ...options.limits },
    proofs: { ...createProofs(), ...options.proofs },
    ice: options.ice ?? { servers: () => [], renewEveryMs: null },
    enrolment: options.enrolment ?? null,
    epochs,
    report(event) {
      events.push(event)
    },
  })
  const pair = (address?: string) => openSocketPair(hub, origin, address)
  return {
    hub,
    clock,
    events,
    pair,
    async guest(room, { pair: keys, address } = {}) {
      const wire = pair(address)
      const guest = await connectGuest(wire, origin, room, keys)
      await wire.settled()
      return { ...guest, wire }
    },
    async host(room, { enrolment, address } = {}) {
      const wire = pair(address)
      const host = await connectHost(wire, origin, room, clock.now, enrolment)
      await wire.settled()
      return { ...host, wire }
    },
    restarted: () => createHubWorld({ ...options, clock, epochs }),
  }
}

/** Minimum epochs that survive as long as the test. */
export function createMemoryEpochs(): Epochs {
  const raised = new Map<RoomId, number>()
  return {
    minimum: (room) => raised.get(room) ?? 0,
    async raise(room, epoch) {
      raised.set(room, Math.max(epoch, raised.get(room) ?? 0))
      return 'stored'
    },
  }
}

/** A guest that waits, with the sealed characters of its knock. */
export async function waitingGuest(world: HubWorld, room: RoomId, options?: { pair?: KeyPair; address?: string }) {
  const guest = await world.guest(room, options)
  const sealed = guest.knock()
  await guest.sync()
  return { ...guest, sealed }
}

/** The same room on another of the clinician's devices. */
export async function withOtherDevice(room: TestRoom): Promise<TestRoom> {
  const device = await newPair()
  const validity = { notBeforeAt: noon - dayMs, expiresAt: noon + dayMs, epoch: 0 }
  return { ...room, device, certificate: await issueCertificate(room.roomPair, room.room, device.publicKey, validity) }
}
