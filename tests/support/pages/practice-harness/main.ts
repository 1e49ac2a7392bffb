import type { Appointment, AppointmentDraft } from '@alcove/shared/domain/appointment'
import type { DeviceKey, MemberId } from '@alcove/shared/domain/ids'
import type { Result } from '@alcove/shared/domain/result'
import type { WelcomeContents } from '@alcove/shared/protocol/sync-messages'
import { createClock } from '../../../../pwa/src/adapters/platform/clock.ts'
import { createTabChannel } from '../../../../pwa/src/adapters/platform/tab-channel.ts'
import { createTabLock } from '../../../../pwa/src/adapters/platform/tab-lock.ts'
import { openStore, type Store } from '../../../../pwa/src/adapters/schedule/open-store.ts'
import { createRelay, openRelaySocket } from '../../../../pwa/src/adapters/signaling/relay.ts'
import { createLaterLinks } from '../../../../pwa/src/adapters/sync/later-links.ts'
import { createPracticeSync } from '../../../../pwa/src/features/sync/practice-sync.ts'
import type { PracticeSync, SyncState } from '../../../../pwa/src/features/sync/sync-state.ts'
import type { KeyPair } from '../../../../pwa/src/ports.ts'

/** The real store, engine and links of one device, in a page without an interface. */

declare global {
  interface Window {
    practice: typeof practice
  }
}

const clock = createClock()
const connections: RTCPeerConnection[] = []
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration)
    connections.push(this)
  }
}
let store: Store | null = null
let sync: PracticeSync | null = null
let state: SyncState | null = null
let joining: KeyPair | null = null

function opened(): Store {
  if (!store) throw new Error('Open the store first')
  return store
}

function accepted<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`Refused: ${String(result.error)}`)
  return result.value
}

function first<T>(watch: (listener: (value: T) => void) => () => void): Promise<T> {
  return new Promise((resolve) => {
    const stop = watch((value) => {
      resolve(value)
      queueMicrotask(() => stop())
    })
  })
}

async function me(): Promise<MemberId> {
  const found = await first(opened().practice.watch)
  if (!found) throw new Error('There is no practice')
  return found.me.id
}

/** In one month, every quarter of an hour or so. */
function draft(clinicianId: MemberId, index: number): AppointmentDraft {
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `2026-11-${two(1 + (index % 28))}`
  const time = `${two(8 + (index % 10))}:${two((index * 15) % 60)}`
  const start = { date, time, zone: 'America/New_York' }
  return { type: 'scheduled-event', patientId: null, clinicianId, start, durationMinutes: 50, useTelehealth: false, status: 'booked' }
}

function all(): Promise<readonly Appointment[]> {
  const from = Date.UTC(2026, 9, 1)
  return first((listener) => opened().schedule.watchRange(from, Date.UTC(2027, 0, 1), listener))
}

const practice = {
  async open(): Promise<void> {
    store = accepted(await openStore({ now: Date.now, label: 'A browser' }))
  },
  async found(): Promise<void> {
    const roles = ['administrator', 'clinician'] as const
    accepted(
      await opened().practice.create({
        name: 'Harbor',
        memberName: 'Dr. Rivera',
        contactPhone: '',
        contactEmail: '',
        roles,
        telehealth: 'basic',
      }),
    )
  },
  async book(count: number): Promise<void> {
    const clinician = await me()
    const saved = await Promise.all(Array.from({ length: count }, (_, index) => opened().schedule.save(null, draft(clinician, index))))
    for (const one of saved) accepted(one)
  },
  async move(index: number, date: string, durationMinutes: number): Promise<void> {
    const one = (await all())[index]
    if (!one) throw new Error('No such appointment')
    const base = { ...draft(one.clinicianId, 0), start: one.start, durationMinutes: one.durationMinutes }
    accepted(await opened().schedule.save(one.id, { ...base, start: { ...one.start, date }, durationMinutes }, base))
  },
  /** What every device must agree on. */
  async schedule(): Promise<readonly string[]> {
    return (await all()).map(({ id, start, durationMinutes }) => `${id} ${start.date} ${start.time} ${durationMinutes}`).sort()
  },
  async count(): Promise<number> {
    return (await all()).length
  },
  async rename(name: string): Promise<void> {
    accepted(await opened().practice.updatePractice({ name }))
  },
  async name(): Promise<string | null> {
    return (await first(opened().practice.watch))?.practice.name ?? null
  },
  /** The size of the largest document but the practice's own, as one Yjs update. */
  async largest(): Promise<number> {
    const { sync: documents } = opened()
    const { documents: ids } = await documents.changedSince(0)
    const others = ids.filter((id) => id !== documents.practiceDocument())
    const sizes = await Promise.all(others.map(async (id) => (await documents.updateFor(id, null)).length))
    return Math.max(0, ...sizes)
  },

  async newDevice(): Promise<string> {
    joining = await opened().pairing.newDevice()
    return joining.publicKey
  },
  async admit(device: string): Promise<WelcomeContents> {
    return accepted(await opened().pairing.admit({ kind: 'own-device' }, device as DeviceKey, 'Phone'))
  },
  async adopt(welcome: WelcomeContents): Promise<void> {
    if (!joining) throw new Error('Make the keys first')
    accepted(await opened().pairing.adopt(welcome, joining, 'own-device'))
  },

  startSync(url: string): void {
    const { sync: documents, chain } = opened()
    sync = createPracticeSync({
      clock,
      random: Math.random,
      store: documents,
      chain,
      links: createLaterLinks({ clock, url, random: Math.random }),
      relay: createRelay({ clock, url, random: Math.random, openSocket: openRelaySocket }),
      tabLock: createTabLock(),
      tabs: createTabChannel('alcove-sync'),
      iceServers: () => [],
    })
    sync.watch((next) => {
      state = next
    })
  },
  stopSync(): void {
    sync?.close()
    state = null
  },
  connections: () => connections.filter((one) => one.connectionState === 'connected').length,
  line: () => (state ? `${state.line.kind}, ${state.unsynced}` : 'stopped'),
}

window.practice = practice
