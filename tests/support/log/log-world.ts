import { randomId } from '@alcove/shared/crypto/bytes'
import type { DocumentId, MemberId } from '@alcove/shared/domain/ids'
import type { Role } from '@alcove/shared/domain/practice'
import type { LogState } from '../../../pwa/src/features/log/log-state.ts'
import { createRandom } from '../signaling/fuzz.ts'
import { installInstantStreams } from '../simulation/instant-streams.ts'
import { createSeededCrypto, installCrypto } from '../simulation/seeded-crypto.ts'
import type { SimDevice, SimWorld } from '../simulation/sim-device.ts'
import type { SimLog, SimLogDisk } from '../simulation/sim-log-disk.ts'
import { createSimLogServer, type SimLogServerOptions } from '../simulation/sim-log-server.ts'
import type { Reach } from '../simulation/sim-mode.ts'
import { createSimNetwork } from '../simulation/sim-network.ts'
import { foundPractice, inviteDevice } from '../simulation/sim-practice.ts'
import { createVirtualTime } from '../simulation/virtual-time.ts'

/** Real engines, the server's real hub and real records, in a time that passes when told to. */
export type LogWorld = SimWorld & {
  /** The founder's: an administrator and clinician. */
  readonly first: SimDevice
  pass(ms: number): Promise<void>
  /** Passes time until it is so; throws when it does not become so. */
  until(what: string, isSo: () => boolean, withinMs?: number): Promise<void>
  during<T>(work: Promise<T>): Promise<T>
  /** Let in by the first device, or another one, and started. */
  letIn(name: string, who?: LetIn): Promise<SimDevice>
  /** As the app does it: with a new key for everybody else. By the first device, or another one. */
  remove(device: SimDevice, by?: SimDevice): Promise<void>
  /** Durable when it resolves. */
  save(device: SimDevice, name: string, document?: DocumentId, bytes?: number): Promise<DocumentId>
  has(device: SimDevice, document: DocumentId, name: string): boolean
  log(device: SimDevice): LogState
  /** All is in the log, and this device has read all of it. */
  current(...devices: readonly SimDevice[]): Promise<void>
  incidents(device: SimDevice): readonly string[]
  /** The practice's logs as the server has them now. */
  logs(disk?: SimLogDisk): ReadonlyMap<DocumentId, SimLog>
  setOnline(device: SimDevice, online: boolean): void
  stop(): void
}

export type LetIn = {
  readonly roles?: readonly Role[]
  /** Of one who is there already. */
  readonly member?: MemberId
  readonly reach?: Reach
  readonly by?: SimDevice
}

export type LogWorldOptions = Partial<Pick<SimLogServerOptions, 'quotaBytes' | 'keepsLogs' | 'enrolment'>> & {
  readonly seed?: number
  readonly reach?: Reach
}

const newId = () => randomId() as DocumentId

export async function createLogWorld({ seed = 1, reach = 'log', ...how }: LogWorldOptions = {}): Promise<LogWorld> {
  const uninstall = [installCrypto(createSeededCrypto(createRandom(seed))), installInstantStreams()]
  const random = createRandom(seed + 1)
  const time = createVirtualTime(Date.UTC(2026, 10, 23, 15))
  const network = createSimNetwork(time, random)
  const server = createSimLogServer({ time, random, keepsLogs: true, sabotage: null, ...how })
  let nextReach = reach
  const simulated: SimWorld = { time, random, network, server, sabotage: 'none', logRandom: random, nextReach: () => nextReach }
  const first = await foundPractice(simulated, 'first')
  const devices = [first]
  await first.start()

  async function pass(ms: number): Promise<void> {
    await time.runUntil(time.now() + ms)
  }

  async function until(what: string, isSo: () => boolean, withinMs = 10 * 60_000): Promise<void> {
    for (const end = time.now() + withinMs; time.now() < end; ) {
      if (isSo()) return
      await pass(100)
    }
    if (!isSo()) throw new Error(`It never came to this: ${what}`)
  }

  async function during<T>(work: Promise<T>): Promise<T> {
    let isOver = false
    const end = () => {
      isOver = true
    }
    work.then(end, end)
    for (let i = 0; i < 2000 && !isOver; i++) await pass(20)
    if (!isOver) throw new Error('It does not end')
    return work
  }

  function running(device: SimDevice) {
    const now = device.running()
    if (!now) throw new Error(`${device.name} does not run`)
    return now
  }

  /** What cannot be packed. */
  const noise = (bytes: number) => Buffer.from(random.bytes(Math.ceil(bytes * 0.75))).toString('base64')
  const log = (device: SimDevice) => running(device).state.log

  return {
    ...simulated,
    first,
    pass,
    until,
    during,
    async letIn(name, { roles = ['clinician'] as readonly Role[], member: given, reach: own = reach, by = first } = {}) {
      const member = given ?? (randomId() as MemberId)
      if (!given) {
        const added = await during(running(by).store.act([{ type: 'add-member', member, name, roles: [...roles] }]))
        if (!added.ok) throw new Error(added.error)
      }
      nextReach = own
      const device = await during(inviteDevice(simulated, by, member, name))
      nextReach = reach
      if (!device) throw new Error(`${name} was not let in`)
      devices.push(device)
      await device.start()
      return device
    },
    async remove({ key }, by = first) {
      const { store } = running(by)
      const removal = [{ type: 'remove-device', device: key }, await store.rekey(new Set([key]))] as const
      const removed = await during(store.act(removal))
      if (!removed.ok) throw new Error(removed.error)
    },
    async save(device, name, document = newId(), bytes = 10) {
      const saved = await during(running(device).store.change(document, (doc) => void doc.getMap('tokens').set(name, noise(bytes))))
      if (!saved.ok) throw new Error(saved.error)
      return document
    },
    has: (device, document, name) => device.running()?.store.document(document).getMap('tokens').has(name) === true,
    log,
    async current(...which) {
      const isCurrent = (device: SimDevice) => log(device).line.kind === 'current' && running(device).state.unsynced === 0
      for (let rounds = 0; rounds < 2; rounds++) {
        await until(`${which.map(({ name }) => name)} current`, () => which.every(isCurrent)).catch((error: Error) => {
          const seen = which.map((device) => `${JSON.stringify(log(device).line)} ${running(device).state.unsynced}`)
          throw new Error(`${error.message}; ${seen.join(', ')}`)
        })
        await pass(1000)
      }
    },
    incidents: (device) => log(device).incidents.map(({ kind }) => kind),
    logs(disk = server.disk()) {
      const [space] = disk.spaces.values()
      return space?.logs ?? new Map()
    },
    setOnline(device, online) {
      device.host.online = online
      device.host.island = online ? 0 : 1 + devices.indexOf(device)
      network.moved()
      server.moved()
      if (online) device.running()?.engine.hurry()
    },
    stop() {
      for (const device of devices) device.crash()
      for (const undo of uninstall) undo()
    },
  }
}
