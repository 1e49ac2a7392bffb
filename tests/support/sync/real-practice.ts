import { draftOf, type Appointment } from '@alcove/shared/domain/appointment'
import { asId, type DeviceKey, type MemberId } from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import type { Role } from '@alcove/shared/domain/practice'
import type { Store } from '../../../pwa/src/adapters/schedule/open-store.ts'
import { createPracticeSync } from '../../../pwa/src/features/sync/practice-sync.ts'
import { noLog } from '../../../pwa/src/features/log/log-state.ts'
import type { PracticeSync, SyncState } from '../../../pwa/src/features/sync/sync-state.ts'
import type { TabLock } from '../../../pwa/src/ports.ts'
import type { InvitationTarget } from '../../../pwa/src/sync-ports.ts'
import { createMemoryDevice, type MemoryDevice } from '../fakes/memory-device.ts'
import { createRandom, type Random } from '../signaling/fuzz.ts'
import { createSeededCrypto, installCrypto, type SeededCrypto } from '../simulation/seeded-crypto.ts'
import { createSimNetwork, type SimHost, type SimProcess } from '../simulation/sim-network.ts'
import { createDeviceClock, createVirtualTime, type VirtualTime } from '../simulation/virtual-time.ts'
import { accepted, exampleDraft, examplePractice } from '../store/examples.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

/** The real store and the real engine of several devices, over a network and a time that a seed decides. */
export type RealDevice = {
  readonly name: string
  readonly disk: MemoryDevice
  readonly host: SimHost
  /** Appointments that it reported saved. */
  readonly saved: Set<string>
  running: { readonly store: Store; readonly engine: PracticeSync; readonly process: SimProcess; stop(): void; state: SyncState } | null
}

export type RealPractice = {
  readonly time: VirtualTime
  readonly random: Random
  readonly devices: RealDevice[]
  /** Lets time pass until it is done. */
  during<T>(work: Promise<T>): Promise<T>
  found(): Promise<RealDevice>
  invite(by: RealDevice, target: InvitationTarget): Promise<RealDevice | null>
  start(device: RealDevice): Promise<void>
  crash(device: RealDevice): void
  setOnline(device: RealDevice, online: boolean): void
  close(): void
}

export function createRealPractice(seed: number): RealPractice {
  const random = createRandom(seed)
  const uninstall = installCrypto(withDiskKeys(createSeededCrypto(createRandom(seed ^ 0x5eed)), random))
  const time = createVirtualTime(Date.UTC(2026, 10, 23, 8))
  const network = createSimNetwork(time, random)
  const devices: RealDevice[] = []

  function newDevice(): RealDevice {
    const name = `d${devices.length}`
    const pause = () => new Promise<void>((resolve) => void time.after(random.next() * 15, resolve))
    const disk = createMemoryDevice({ now: () => Math.round(time.now()), label: name, compactAtRows: 12, maxOpenDocuments: 6, pause })
    const device: RealDevice = { name, disk, host: network.host(name), saved: new Set(), running: null }
    devices.push(device)
    return device
  }

  async function start(device: RealDevice): Promise<void> {
    if (device.running) return
    const process: SimProcess = { host: device.host, alive: true }
    device.host.powered = true
    const clock = createDeviceClock(time, (random.next() - 0.5) * 10 * minuteMs)
    const store = await device.disk.open()
    const engine = createPracticeSync({
      clock,
      random: random.next,
      store: store.sync,
      chain: store.chain,
      links: network.linksFor(process),
      relay: network.relayFor(process),
      tabLock: oneTab,
      tabs: { post: () => undefined, listen: () => () => undefined },
      iceServers: () => [],
    })
    const state: SyncState = { line: { kind: 'only-device' }, unsynced: 0, devices: new Map(), log: noLog }
    const running = { store, engine, process, stop: () => clock.stop(), state }
    engine.watch((now) => {
      running.state = now
    })
    device.running = running
    network.moved()
  }

  function crash(device: RealDevice): void {
    if (!device.running) return
    network.kill(device.running.process)
    device.running.stop()
    device.running = null
    device.disk.crash()
    device.host.powered = false
    network.moved()
  }

  return {
    time,
    random,
    devices,
    async during<T>(work: Promise<T>): Promise<T> {
      let isDone = false
      const noteEnd = () => {
        isDone = true
      }
      work.then(noteEnd, noteEnd)
      for (let i = 0; i < 5000 && !isDone; i++) await time.runUntil(time.now() + 20)
      if (!isDone) throw new Error('It does not end')
      return work
    },
    async found() {
      const device = newDevice()
      await start(device)
      accepted((await device.running?.store.practice.create(examplePractice)) ?? { ok: false, error: 'not running' })
      return device
    },
    async invite(by, target) {
      const inviter = by.running
      if (!inviter) return null
      const device = newDevice()
      await start(device)
      const joiner = device.running?.store
      const pair = await joiner?.pairing.newDevice()
      const welcome = pair && (await inviter.store.pairing.admit(target, asId<DeviceKey>(pair.publicKey), device.name))
      const adopted = welcome?.ok && pair ? await joiner?.pairing.adopt(welcome.value, pair, target.kind) : null
      if (adopted?.ok) return device
      crash(device)
      devices.splice(devices.indexOf(device), 1)
      return null
    },
    start,
    crash,
    setOnline(device, online) {
      device.host.online = online
      device.host.island = online ? 0 : 10 + devices.indexOf(device)
      network.moved()
      if (online) device.running?.engine.hurry()
    },
    close() {
      for (const device of devices) crash(device)
      uninstall()
    },
  }
}

export type Shown = {
  readonly appointments: readonly Appointment[]
  readonly patients: readonly Patient[]
  readonly people: readonly unknown[]
  readonly practice: unknown
  readonly devices: readonly string[]
  readonly entries: readonly string[]
}

/** What a device shows of its practice; null for one without. */
export async function shownBy(store: Store): Promise<Shown | null> {
  const first = <T>(watch: (listener: (value: T) => void) => () => void) =>
    new Promise<T>((resolve) => {
      const stop = watch((value) => {
        resolve(value)
        queueMicrotask(() => stop())
      })
    })
  const state = await first(store.practice.watch)
  const people = await first(store.people.watch)
  if (!state || !people) return null
  return {
    appointments: await first<readonly Appointment[]>((listener) => store.schedule.watchRange(0, Number.MAX_SAFE_INTEGER, listener)),
    patients: await first(store.patients.watch),
    people: state.members,
    practice: state.practice,
    devices: people.devices.map(({ key }) => key).sort(),
    entries: [...(await store.chain.entries())].sort(),
  }
}

/** Something that a person does on a device. */
export async function doSomething(world: RealPractice, device: RealDevice): Promise<void> {
  const { random } = world
  const store = device.running?.store
  const shown = store && (await shownBy(store))
  if (!store || !shown) return
  const members = shown.people as { readonly id: MemberId; readonly roles: readonly Role[] }[]
  const dice = random.below(100)
  if (dice < 35) {
    const clinician = random.pick(members.filter(({ roles }) => roles.length > 0)).id
    const patient = shown.patients.length > 0 ? random.pick(shown.patients).id : null
    const date = `2026-1${random.below(3)}-1${random.below(9)}`
    const draft = { ...exampleDraft(clinician, patient), start: { date, time: '10:00', zone: 'UTC' } }
    const saved = await store.schedule.save(null, draft)
    if (saved.ok) device.saved.add(saved.value.id)
  } else if (dice < 65 && shown.appointments.length > 0) {
    const base = draftOf(random.pick(shown.appointments))
    const { id } = random.pick(shown.appointments)
    const change = random.pick([
      { status: random.pick(['arrived', 'cancelled', 'fulfilled'] as const) },
      { durationMinutes: 10 + random.below(100) },
      { start: { ...base.start, date: `2027-0${1 + random.below(9)}-11` } },
    ])
    const own = draftOf(shown.appointments.find((one) => one.id === id) ?? random.pick(shown.appointments))
    await store.schedule.save(id, { ...own, ...change }, own)
  } else if (dice < 75) {
    await store.patients.save(null, { firstName: `P${random.below(1000)}`, lastName: 'Okafor' })
  } else if (dice < 82) {
    await store.practice.renameMember(random.pick(members).id, `Dr. ${random.below(1000)}`)
  } else if (dice < 88) {
    await store.practice.changeTelehealth(random.pick(['off', 'basic', 'premium'] as const))
  } else if (dice < 92) {
    await store.people.changeRoles(
      random.pick(members).id,
      random.pick([['clinician'], ['administrator', 'clinician'], ['scheduler']] as const),
    )
  } else if (dice < 95) {
    await store.people.replaceRoom()
  } else if (shown.devices.length > 2) {
    await store.people.removeDevice(asId<DeviceKey>(random.pick(shown.devices)))
  }
}

/** Keys for the disk, which the engine's own tests do not need. */
function withDiskKeys(seeded: SeededCrypto, random: Random): SeededCrypto {
  const { subtle } = seeded
  const secret = (raw: Buffer) =>
    Object.assign(Object.create(CryptoKey.prototype), {}, { kept: { type: 'secret', extractable: false, raw } }) as CryptoKey
  const open = (key: CryptoKey) => ((key as unknown as { kept?: CryptoKey }).kept ?? key) as CryptoKey
  const own = {
    async generateKey(algorithm: { readonly name: string }, extractable: boolean, usages: KeyUsage[]) {
      return algorithm.name === 'AES-GCM' ? secret(random.bytes(32)) : subtle.generateKey(algorithm as EcKeyGenParams, extractable, usages)
    },
    async deriveKey(algorithm: HkdfParams, key: CryptoKey) {
      return secret(Buffer.from(await subtle.deriveBits(algorithm, open(key), 256)))
    },
    encrypt: (algorithm: AesGcmParams, key: CryptoKey, data: BufferSource) => subtle.encrypt(algorithm, open(key), data),
    decrypt: (algorithm: AesGcmParams, key: CryptoKey, data: BufferSource) => subtle.decrypt(algorithm, open(key), data),
    sign: (algorithm: EcdsaParams, key: CryptoKey, data: BufferSource) => subtle.sign(algorithm, open(key), data),
  }
  return { ...seeded, subtle: Object.assign(Object.create(subtle), own) as SubtleCrypto }
}

const oneTab: TabLock = {
  acquire: async () => () => undefined,
  isHeld: async () => false,
  summon: () => undefined,
  onSummoned: () => () => undefined,
}
