import { randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import type { Enrolment } from '../../../signaling/src/enrolment.ts'
import { type Limits, limitDefaults } from '../../../signaling/src/limits.ts'
import { createLogHub, type LogHub } from '../../../signaling/src/log-hub.ts'
import type { LogHubEvent } from '../../../signaling/src/sealed-log/context.ts'
import type { LogStore } from '../../../signaling/src/sealed-log/log-store.ts'
import { noon } from '../crypto-people.ts'
import { createManualClock, type ManualClock } from '../session/manual-clock.ts'
import type { LogDevice, LogPractice } from './log-people.ts'
import { createLogParty, type FrameWire, type LogParty } from './log-wire.ts'
import { createMemoryLogStore } from './memory-log-store.ts'

export const origin = 'https://alcove.example'

export type LogWorldOptions = {
  readonly store?: LogStore | null
  readonly limits?: Partial<Limits>
  readonly enrolment?: Enrolment | null
  readonly clock?: ManualClock
}

/** The real hub over socket pairs, and time that passes when told to. */
export type LogWorld = {
  readonly hub: LogHub
  readonly clock: ManualClock
  readonly events: LogHubEvent[]
  connect(address?: string): LogParty & { readonly wire: HubWire }
  /** Makes the practice's space, from a stranger's connection. */
  make(practice: LogPractice): Promise<void>
  /** A connection of this device that has said who it is. */
  enter(practice: LogPractice, device?: LogDevice, address?: string): Promise<LogParty & { readonly wire: HubWire }>
}

export type HubWire = FrameWire & {
  /** Resolves when the hub has dealt with everything that reached it. */
  settled(): Promise<void>
  sendText(): void
  /** Was on its way when the hub closed. */
  sendLate(frame: Uint8Array<ArrayBuffer>): Promise<void>
}

export function createLogWorld(options: LogWorldOptions = {}): LogWorld {
  const clock = options.clock ?? createManualClock(noon)
  const events: LogHubEvent[] = []
  const hub = createLogHub({
    now: clock.now,
    after: clock.after,
    random: (bytes) => toBase64Url(randomBytes(bytes)),
    limits: { ...limitDefaults, ...options.limits },
    store: options.store === undefined ? createMemoryLogStore() : options.store,
    enrolment: options.enrolment ?? null,
    report(event) {
      events.push(event)
    },
  })
  const connect: LogWorld['connect'] = (address) => {
    const wire = openLogPair(hub, address)
    return { ...createLogParty(wire), wire }
  }
  return {
    hub,
    clock,
    events,
    connect,
    async make(practice) {
      const stranger = connect()
      await stranger.ask('access-kept', { type: 'access', statements: practice.statements, enrolment: null })
      stranger.wire.cut()
    },
    async enter(practice, device = practice.founder, address) {
      const party = connect(address)
      await party.authenticate(practice.space, device, origin)
      return party
    },
  }
}

function openLogPair(hub: LogHub, address = '192.0.2.1'): HubWire {
  const frames: Uint8Array<ArrayBuffer>[] = []
  let open = true
  let closeCode: number | null = null
  let tail: Promise<unknown> = Promise.resolve()
  const client = hub.connect({
    address,
    origin,
    send: (frame) => void frames.push(frame),
    close(code) {
      open = false
      closeCode = code
    },
  })
  return {
    frames,
    send(frame) {
      if (open) tail = Promise.all([tail, client.receive(frame)])
    },
    sendText: () => client.refuseText(),
    sendLate: (frame) => client.receive(frame),
    isOpen: () => open,
    closeCode: () => closeCode,
    cut() {
      open = false
      client.closed()
    },
    async settled() {
      await tail
    },
  }
}
