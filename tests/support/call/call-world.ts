import { fromBase64Url, randomBytes, randomId } from '@alcove/shared/crypto/bytes'
import { deriveLink, formatLink, type LinkSubject, parseLink } from '@alcove/shared/crypto/link'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import type { Appointment, AppointmentDraft } from '@alcove/shared/domain/appointment'
import type { GuestKey } from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import { wallTimeAt } from '@alcove/shared/domain/time'
import type { LinkCard } from '@alcove/shared/protocol/peer-messages'
import { createSignaling } from '../../../pwa/src/adapters/signaling/create-signaling.ts'
import type { LocalMediaState } from '../../../pwa/src/features/device-check/local-media-state.ts'
import { createClinicianRoom } from '../../../pwa/src/features/session/clinician-room.ts'
import type { ClinicianRoom, ClinicianRoomState } from '../../../pwa/src/features/session/room-state.ts'
// Loaded ahead: what the page fetches while waiting is there at once.
import '../../../pwa/src/features/visit/visit-call.ts'
import { createVisit } from '../../../pwa/src/features/visit/visit.ts'
import type { Visit, VisitPhase } from '../../../pwa/src/features/visit/visit-state.ts'
import type { GuestIdentity, PracticeDraft, Preferences, TabLock } from '../../../pwa/src/ports.ts'
import { createFakeJournal } from '../fakes/fake-journal.ts'
import { createFakeKeyVault } from '../fakes/fake-key-vault.ts'
import { createFakeMemory, type FakeMemory } from '../fakes/fake-memory.ts'
import { createFakePatientRepository } from '../fakes/fake-patient-repository.ts'
import { createFakePeerLinks } from '../fakes/fake-peer-links.ts'
import { createFakePracticeRepository } from '../fakes/fake-practice-repository.ts'
import { createEther, type Ether, fakeTrack } from '../fakes/fake-rtc.ts'
import { createFakeScheduleRepository } from '../fakes/fake-schedule-repository.ts'
import { noon, unwrap } from '../crypto-people.ts'
import { createManualClock, type ManualClock } from '../session/manual-clock.ts'
import { createFakeServer, type FakeServer, origin } from './fake-server.ts'
import { settled } from './pending-crypto.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

/** Whole engines on both sides, real cryptography, the real hub; no browser and no real time. */
export type CallWorld = {
  readonly clock: ManualClock
  readonly server: FakeServer
  readonly ether: Ether
  /** Lets time pass, in steps, and everybody act on it. */
  pass(ms: number): Promise<void>
  settled(): Promise<void>
  /** The next downloads of patients' pages fail. */
  failDownloads(count: number): void
  clinician(): Promise<TestClinician>
  /** A browser tab with this link, on Welcome!. `browser` shared between tabs keeps its keys. */
  patient(name: string, link: string, browser?: TestBrowser): Promise<TestPatient>
}

export type TestBrowser = { readonly keys: Map<string, GuestIdentity> }

export type TestClinician = {
  readonly memory: FakeMemory
  room(): ClinicianRoom
  state(): ClinicianRoomState
  /** Every guest ever announced, in order; the same one twice in a row only if the announcement was gone in between. */
  readonly rings: GuestKey[]
  addPatient(firstName: string, lastName?: string): Promise<Patient>
  /** Saved with telehealth on; starts `inMs` from now. */
  book(patient: Patient, inMs: number, change?: Partial<AppointmentDraft>): Promise<Appointment>
  move(appointment: Appointment, change: Partial<AppointmentDraft>): Promise<Appointment>
  linkOf(patient: Patient): Promise<string>
  standingLink(): Promise<string>
  /** Well formed, to this room, but never handed out: with the tag of a real link and a guessed secret, or all guessed. */
  forgedLink(tagOf: Patient | null): Promise<string>
  replaceLink(patient: Patient): Promise<void>
  replaceStandingLink(): Promise<void>
  reload(): Promise<void>
  /** The page is closed; `open` starts it again. */
  close(): void
  open(): Promise<void>
  /** Another tab of the same browser. */
  secondTab(): Promise<ClinicianRoom>
  setMedia(change: Partial<LocalMediaState>): void
  goHidden(hidden: boolean): void
}

export type TestPatient = {
  readonly name: string
  readonly browser: TestBrowser
  visit(): Visit
  phase(): VisitPhase
  reload(): Promise<void>
  close(): void
  setMedia(change: Partial<LocalMediaState>): void
  key(): GuestKey
}

const draft: PracticeDraft = {
  name: 'Quiet Rooms',
  memberName: 'Dr. Rivera',
  contactPhone: '555 0100',
  contactEmail: 'desk@quiet.example',
  roles: ['administrator', 'clinician'],
  telehealth: 'basic',
}

export function createCallWorld(options: { readonly startAt?: number } = {}): CallWorld {
  const clock = createManualClock(options.startAt ?? noon)
  const server = createFakeServer(clock)
  const ether = createEther(clock)
  let failing = 0

  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 250) {
      clock.advance(Math.min(250, left))
      await settled()
    }
  }

  function signalingOf(page: string) {
    return createSignaling({ url: 'wss://alcove.example/session', origin, clock, random: () => 0.5, openSocket: server.openSocket(page) })
  }

  async function clinician(): Promise<TestClinician> {
    const owner = 'clinician'
    const memory = createFakeMemory()
    const practice = createFakePracticeRepository(memory)
    unwrap(await practice.create(draft))
    const patients = createFakePatientRepository(memory)
    const schedule = createFakeScheduleRepository(memory)
    const tabLock = createFakeTabLock()
    const preferences = createFakePreferences()
    const media = createTestMedia(owner)
    const page = createTestPage()
    const rings: GuestKey[] = []
    let current: ClinicianRoom | null = null

    function openRoom(): ClinicianRoom {
      const room = createClinicianRoom({
        clock,
        signaling: signalingOf(owner),
        peerLinks: createFakePeerLinks(ether, clock, owner),
        journal: createFakeJournal(memory),
        vault: createFakeKeyVault(memory, clock.now),
        practice,
        patients,
        schedule,
        localMedia: media,
        tabLock,
        page,
        preferences,
        name: null,
      })
      let last: GuestKey | null = null
      room.subscribe(({ announced }) => {
        if (announced && announced.guest !== last) rings.push(announced.guest)
        last = announced?.guest ?? null
      })
      return room
    }

    function close(): void {
      server.dropSockets(owner)
      ether.vanish(owner)
      room().close()
      current = null
    }

    async function open(): Promise<void> {
      current = openRoom()
      await settled()
    }

    function room(): ClinicianRoom {
      if (!current) throw new Error('The clinician has no page open')
      return current
    }

    function me() {
      const found = memory.practice?.me
      if (!found) throw new Error('No practice')
      return found
    }

    async function link(subject: LinkSubject, startMinutes: number | null): Promise<string> {
      const { roomKey, id } = me()
      const linkKey = memory.linkKeys.get(id)
      const compressed = fromBase64Url(roomKey ?? '')
      if (!linkKey || !compressed) throw new Error('No room')
      const card: LinkCard = { clinician: 'Dr. Rivera', practice: 'Quiet Rooms', phone: '555 0100', email: '', startMinutes }
      return formatLink(origin, { roomKey: compressed, card, ...(await deriveLink(linkKey, subject)) })
    }

    const linkOf = (patient: Patient) =>
      link({ kind: 'patient', patientId: patient.id, generation: memory.patients.get(patient.id)?.linkGenerations[me().id] ?? 0 }, null)

    await open()
    return {
      memory,
      room,
      state: () => room().state(),
      rings,
      async addPatient(firstName, lastName = 'Doe') {
        const saved = unwrap(await patients.save(null, { firstName, lastName }))
        await settled()
        return saved
      },
      async book(patient, inMs, change = {}) {
        const saved = await schedule.save(null, {
          type: 'therapy-session',
          patientId: patient.id,
          clinicianId: me().id,
          start: wallTimeAt(clock.now() + inMs, 'UTC'),
          durationMinutes: 50,
          useTelehealth: true,
          status: 'booked',
          ...change,
        })
        await settled()
        return unwrap(saved)
      },
      async move({ id, type, patientId, clinicianId, start, durationMinutes, useTelehealth, status }, change) {
        const before = { type, patientId, clinicianId, start, durationMinutes, useTelehealth, status }
        const saved = unwrap(await schedule.save(id, { ...before, ...change }))
        await settled()
        return saved
      },
      linkOf,
      standingLink: () => link({ kind: 'standing', generation: me().standingLinkGeneration }, null),
      async forgedLink(tagOf) {
        const real = tagOf && (await parseLink(new URL(await linkOf(tagOf)).hash))
        const tag = real?.ok ? real.value.tag : randomId()
        const card: LinkCard = { clinician: '', practice: '', phone: '', email: '', startMinutes: null }
        return formatLink(origin, { roomKey: fromBase64Url(me().roomKey ?? '') ?? randomBytes(33), secret: randomBytes(16), tag, card })
      },
      async replaceLink(patient) {
        unwrap(await patients.replaceLink(patient.id, me().id))
        await settled()
      },
      async replaceStandingLink() {
        unwrap(await practice.replaceStandingLink())
        await settled()
      },
      async reload() {
        close()
        await open()
      },
      close,
      open,
      async secondTab() {
        const second = openRoom()
        await pass(2000)
        return second
      },
      setMedia: media.set,
      goHidden: page.setHidden,
    }
  }

  async function patient(name: string, link: string, browser: TestBrowser = { keys: new Map() }): Promise<TestPatient> {
    const fragment = link.slice(link.indexOf('#'))
    const parsed = unwrap(await parseLink(fragment))
    const media = createTestMedia(name)
    const page = createTestPage()
    let memory: string | null = null
    let current = open()

    function open(): Visit {
      return createVisit(
        {
          clock,
          signaling: signalingOf(name),
          guestKeys: {
            async open(linkName) {
              const kept = browser.keys.get(linkName)
              if (kept) return kept
              const pair = await importKeyPair(await generateSecret())
              const identity = { guestKey: pair.publicKey as GuestKey, pair }
              browser.keys.set(linkName, identity)
              return identity
            },
          },
          async loadPeerLinks() {
            if (failing > 0) {
              failing -= 1
              throw new TypeError('Failed to fetch')
            }
            return createFakePeerLinks(ether, clock, name)
          },
          localMedia: media,
          memory: {
            read: () => memory,
            write: (text) => {
              memory = text
            },
          },
          page,
        },
        parsed,
        fragment,
      )
    }

    function close(): void {
      server.dropSockets(name)
      ether.vanish(name)
      current.close()
    }

    return {
      name,
      browser,
      visit: () => current,
      phase: () => current.state().phase,
      async reload() {
        close()
        current = open()
        await settled()
      },
      close,
      setMedia: media.set,
      key() {
        const identity = browser.keys.get(`${parsed.room}.${parsed.tag}`)
        if (!identity) throw new Error(`${name} has no key yet`)
        return identity.guestKey
      },
    }
  }

  function failDownloads(count: number): void {
    failing = count
  }

  return { clock, server, ether, pass, settled, failDownloads, clinician, patient }
}

function createTestMedia(owner: string) {
  const listeners = new Set<(state: LocalMediaState) => void>()
  let state: LocalMediaState = {
    camera: { kind: 'live', track: fakeTrack('video', `${owner} camera`), enabled: true },
    microphone: { kind: 'live', track: fakeTrack('audio', `${owner} microphone`), enabled: true },
    screen: null,
    devices: { cameras: [], microphones: [], speakers: null },
    chosenCamera: 'default',
    chosenMicrophone: 'default',
    chosenSpeaker: 'default',
    notice: null,
  }
  return {
    state: () => state,
    subscribe(listener: (state: LocalMediaState) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    set(change: Partial<LocalMediaState>) {
      state = { ...state, ...change }
      for (const listener of listeners) listener(state)
    },
  }
}

function createTestPage() {
  const hiddenListeners = new Set<(hidden: boolean) => void>()
  return {
    watchOnline: () => () => undefined,
    watchVisibility(listener: (hidden: boolean) => void) {
      hiddenListeners.add(listener)
      return () => void hiddenListeners.delete(listener)
    },
    setHidden(hidden: boolean) {
      for (const listener of hiddenListeners) listener(hidden)
    },
  }
}

function createFakeTabLock(): TabLock {
  const held = new Set<string>()
  return {
    async acquire(name) {
      if (held.has(name)) return null
      held.add(name)
      return () => void held.delete(name)
    },
    isHeld: async (name) => held.has(name),
    summon: () => undefined,
    onSummoned: () => () => undefined,
  }
}

function createFakePreferences(): Preferences {
  const values = new Map<string, string>()
  return { get: (name) => values.get(name) ?? null, set: (name, value) => void values.set(name, value) }
}
