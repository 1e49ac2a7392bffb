import { createRandom } from '../signaling/fuzz.ts'
import type { SimCase } from './sim-case.ts'
import type { SimWorld } from './sim-device.ts'
import { createSimLogServer, type ServerSabotage, type SimLogServer } from './sim-log-server.ts'
import { chooseMode, type LogMode } from './sim-mode.ts'
import { createSimNetwork, type SimNetwork } from './sim-network.ts'
import type { Sabotage } from './sim-store-types.ts'
import { createVirtualTime } from './virtual-time.ts'

export type SimCaseOptions = { readonly sabotage: Sabotage; readonly serverSabotage: ServerSabotage; readonly log?: LogMode }

export type SimOptions = Partial<SimCaseOptions> & { readonly onFail?: (sim: SimCase) => void }

/** An empty practice, its network and its server; all that will happen follows from the seed. */
export function createSimCase(seed: number, { sabotage, serverSabotage, log }: SimCaseOptions): SimCase {
  const random = createRandom(seed)
  const logRandom = createRandom(seed ^ 0x10c5)
  const time = createVirtualTime(Date.UTC(2026, 10, 23, 8))
  const mode = chooseMode(logRandom, seed, log)
  const server = createSimLogServer({ time, random: logRandom, keepsLogs: mode.log !== 'none', sabotage: serverSabotage })
  let made = 0
  const world: SimWorld = {
    time,
    random,
    network: withServer(createSimNetwork(time, random), server),
    sabotage,
    server,
    logRandom,
    nextReach: () => mode.reachOf(made++),
  }
  return {
    world,
    mode,
    devices: [],
    changes: new Map(),
    meetings: [],
    log: [],
    lost: new Map(),
    attacks: [],
    smuggled: [],
    forged: new Set(),
    secrets: new Map(),
    opened: new Map(),
    inLog: new WeakMap(),
  }
}

/** The server's log hears of it too when hosts move and processes end. */
export function withServer(network: SimNetwork, server: SimLogServer): SimNetwork {
  return {
    ...network,
    moved() {
      network.moved()
      server.moved()
    },
    kill(process) {
      network.kill(process)
      server.moved()
    },
  }
}
