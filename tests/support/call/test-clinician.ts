import { fromBase64Url, randomBytes, randomId } from '@alcove/shared/crypto/bytes'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { deriveLink, formatLink, type LinkSubject, parseLink } from '@alcove/shared/crypto/link'
import type { Appointment, AppointmentDraft } from '@alcove/shared/domain/appointment'
import { asId, type DeviceKey, type GuestKey } from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import { wallTimeAt } from '@alcove/shared/domain/time'
import type { LinkCard } from '@alcove/shared/protocol/peer-messages'
import type { LocalMediaState } from '../../../pwa/src/features/device-check/local-media-state.ts'
import { createClinicianRoom } from '../../../pwa/src/features/session/clinician-room.ts'
import type { ClinicianRoom, ClinicianRoomState } from '../../../pwa/src/features/session/room-state.ts'
import type { PracticeDraft, Signaling } from '../../../pwa/src/ports.ts'
import { unwrap } from '../crypto-people.ts'
import { createFakeJournal } from '../fakes/fake-journal.ts'
import { createFakeKeyVault } from '../fakes/fake-key-vault.ts'
import { createFakeMemory, type FakeMemory } from '../fakes/fake-memory.ts'
import { createFakePatientRepository } from '../fakes/fake-patient-repository.ts'
import { createFakePeerLinks } from '../fakes/fake-peer-links.ts'
import { createFakePracticeRepository } from '../fakes/fake-practice-repository.ts'
import type { Ether } from '../fakes/fake-rtc.ts'
import { createFakeScheduleRepository } from '../fakes/fake-schedule-repository.ts'
import type { ManualClock } from '../session/manual-clock.ts'
import { createDeviceLinks, type DeviceLinks } from './device-links.ts'
import { type FakeServer, origin } from './fake-server.ts'
import { settled } from './pending-crypto.ts'
import { createFakePreferences, createFakeTabLock, createTestMedia, createTestPage } from './test-computer.ts'

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
  /** Another device of this clinician, linked and synced: the same practice and room, a key and a journal of its own. */
  device(label: string): Promise<TestClinician>
  readonly label: string
  readonly deviceKey: DeviceKey
  /** Sync between this clinician's devices. */
  readonly links: DeviceLinks
  /** Removes another device of this clinician, which does not hear of it: the room's epoch rises. */
  removeDevice(other: TestClinician, options?: { readonly unheardBy: TestClinician }): Promise<void>
  hearsOfRemovals(): void
  /** The newest removal came to nothing, though the server has heard of it: the epoch of the chain is lower again. */
  removalIsVoid(): void
  setMedia(change: Partial<LocalMediaState>): void
  goHidden(hidden: boolean): void
}

/** What a clinician's devices stand in. */
export type ClinicianWorld = {
  readonly clock: ManualClock
  readonly server: FakeServer
  readonly ether: Ether
  pass(ms: number): Promise<void>
  signalingOf(page: string): Signaling
  readonly certificateLifeMs: number | undefined
}

/** What all devices of one clinician have. */
/** `removed`: the epoch at which a device was removed; it knows of no later one. */
type Shared = { readonly memory: FakeMemory; readonly links: DeviceLinks; epoch: number; readonly removed: Map<string, number> }

const draft: PracticeDraft = {
  name: 'Quiet Rooms',
  memberName: 'Dr. Rivera',
  contactPhone: '555 0100',
  contactEmail: 'desk@quiet.example',
  roles: ['administrator', 'clinician'],
  telehealth: 'basic',
}

/** A practice on its first device, which is called `clinician`. */
export async function foundClinician(world: ClinicianWorld): Promise<TestClinician> {
  const memory = createFakeMemory()
  unwrap(await createFakePracticeRepository(memory).create(draft))
  return createTestClinician(world, { memory, links: createDeviceLinks(), epoch: 0, removed: new Map() }, memory, 'clinician')
}

async function linkDevice(world: ClinicianWorld, shared: Shared, label: string): Promise<TestClinician> {
  const { memory } = shared
  const room = memory.secrets.get('room')
  if (!room) throw new Error('No room')
  const own: FakeMemory = {
    get practice() {
      return memory.practice
    },
    set practice(next) {
      memory.practice = next
    },
    get failing() {
      return memory.failing
    },
    set failing(next) {
      memory.failing = next
    },
    secrets: new Map([
      ['room', room],
      ['identity', await generateSecret()],
    ]),
    linkKeys: memory.linkKeys,
    patients: memory.patients,
    appointments: memory.appointments,
    journal: new Map(),
    live: memory.live,
    store: memory.store,
  }
  return createTestClinician(world, shared, own, label)
}

async function createTestClinician(world: ClinicianWorld, shared: Shared, memory: FakeMemory, owner: string): Promise<TestClinician> {
  const { clock, server, ether } = world
  const { links } = shared
  const practice = createFakePracticeRepository(memory)
  const identity = await importKeyPair(memory.secrets.get('identity') ?? new Uint8Array())
  const deviceKey = asId<DeviceKey>(identity.publicKey)
  const ownDevices = links.join(deviceKey, owner)
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
      signaling: world.signalingOf(owner),
      peerLinks: createFakePeerLinks(ether, clock, owner),
      journal: createFakeJournal(memory),
      vault: createFakeKeyVault(memory, clock.now, () => shared.removed.get(owner) ?? shared.epoch, world.certificateLifeMs),
      practice,
      patients,
      schedule,
      localMedia: media,
      tabLock,
      page,
      ownDevices,
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
    links.setOnline(owner, false)
    server.dropSockets(owner)
    ether.vanish(owner)
    room().close()
    current = null
  }

  async function open(): Promise<void> {
    current = openRoom()
    links.setOnline(owner, true)
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
    label: owner,
    deviceKey,
    links,
    device: (label) => linkDevice(world, shared, label),
    hearsOfRemovals: () => void shared.removed.delete(owner),
    removalIsVoid() {
      shared.epoch -= 1
    },
    async removeDevice(other, options) {
      if (options) shared.removed.set(options.unheardBy.label, shared.epoch)
      shared.removed.set(other.label, shared.epoch)
      shared.epoch += 1
      links.remove(other.label)
      await settled()
    },
    async secondTab() {
      const second = openRoom()
      await world.pass(2000)
      return second
    },
    setMedia: media.set,
    goHidden: page.setHidden,
  }
}
