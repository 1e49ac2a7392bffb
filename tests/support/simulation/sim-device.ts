import type { DeviceKey } from '@alcove/shared/domain/ids'
import type { TabLock } from '../../../pwa/src/ports.ts'
import { noLog } from '../../../pwa/src/features/log/log-state.ts'
import type { PracticeSync, SyncState } from '../../../pwa/src/features/sync/sync-state.ts'
import { createPracticeSync } from '../../../pwa/src/features/sync/practice-sync.ts'
import type { DeviceLinks, Relay } from '../../../pwa/src/sync-ports.ts'
import type { Random } from '../signaling/fuzz.ts'
import { createSimKeeping } from './sim-keeping.ts'
import { type SimLogServer, simOrigin } from './sim-log-server.ts'
import type { Reach } from './sim-mode.ts'
import type { SimHost, SimNetwork, SimProcess } from './sim-network.ts'
import type { SimDisk } from './sim-disk.ts'
import { createSimStore } from './sim-store.ts'
import type { Sabotage, SimStore } from './sim-store-types.ts'
import { createDeviceClock, type VirtualTime } from './virtual-time.ts'

export type SimWorld = {
  readonly time: VirtualTime
  readonly random: Random
  readonly network: SimNetwork
  readonly sabotage: Sabotage
  readonly server: SimLogServer
  /** For whatever concerns the log, so that a practice without one does what it did before there were logs. */
  readonly logRandom: Random
  /** Of the device that is made next. */
  nextReach(): Reach
}

type Running = {
  readonly process: SimProcess
  readonly store: SimStore
  readonly engine: PracticeSync
  readonly stop: () => void
  state: SyncState
}

/** A device of the practice: what is on its disk, where it is, and the app while it runs. */
export type SimDevice = {
  readonly name: string
  readonly key: DeviceKey
  readonly disk: SimDisk
  readonly host: SimHost
  /** Tampers with what it may write; otherwise an honest program. */
  readonly isHostile: boolean
  /** Saved here, and said to be: the tokens of changes. */
  readonly saved: string[]
  /** Counts from the next start on. */
  reach: Reach
  /** It will not come back. */
  isLost: boolean
  /** Its clock is off by this much, ms. */
  skewMs: number
  running(): Running | null
  start(): Promise<void>
  /** As when the power goes: whatever it was doing is not done. */
  crash(): void
}

export function createSimDevice(world: SimWorld, name: string, disk: SimDisk, isHostile = false): SimDevice {
  const { time, random, network, server, logRandom } = world
  const host = network.host(name)
  let running: Running | null = null
  let isStarting = false

  const device: SimDevice = {
    name,
    key: disk.device.publicKey as DeviceKey,
    disk,
    host,
    isHostile,
    saved: [],
    reach: world.nextReach(),
    isLost: false,
    skewMs: (random.next() - 0.5) * 10 * 60_000,
    running: () => running,
    async start() {
      if (running || isStarting || disk.erased || device.isLost) return
      isStarting = true
      const process: SimProcess = { host, alive: true }
      host.powered = true
      const clock = createDeviceClock(time, device.skewMs)
      const store = createSimStore({
        disk,
        clock,
        latencyMs: () => 1 + random.next() * 30,
        nextClient: () => 1 + random.below(2 ** 31),
        sabotage: world.sabotage,
      })
      await store.opened()
      isStarting = false
      const engine = createPracticeSync({
        clock,
        random: random.next,
        store: store.sync,
        chain: store.chain,
        links: device.reach === 'log' ? noLinks : network.linksFor(process),
        relay: device.reach === 'log' ? noRelay : network.relayFor(process),
        log: {
          origin: simOrigin,
          line: server.lineFor(process, device.reach !== 'peers'),
          keeping: createSimKeeping({ disk, store, clock, latencyMs: () => 1 + logRandom.next() * 30 }),
        },
        tabLock: oneTab,
        tabs: { post: () => undefined, listen: () => () => undefined },
        iceServers: () => [],
      })
      const now: Running = {
        process,
        store,
        engine,
        stop: () => clock.stop(),
        state: { line: { kind: 'only-device' }, unsynced: 0, devices: new Map(), log: noLog },
      }
      engine.watch((state) => {
        now.state = state
      })
      running = now
      network.moved()
    },
    crash() {
      if (!running) return
      network.kill(running.process)
      running.stop()
      running = null
      host.powered = false
      network.moved()
    },
  }
  return device
}

const noLinks: DeviceLinks = { open: () => () => undefined }
const noRelay: Relay = { join: () => ({ publish: () => false, leave: () => undefined }) }
const oneTab: TabLock = {
  acquire: async () => () => undefined,
  isHeld: async () => false,
  summon: () => undefined,
  onSummoned: () => () => undefined,
}
