import type { DocumentId, MemberId } from '@alcove/shared/domain/ids'
import { randomId } from '@alcove/shared/crypto/bytes'
import { createRandom } from '../signaling/fuzz.ts'
import { createSeededCrypto, installCrypto } from '../simulation/seeded-crypto.ts'
import type { SimDevice, SimWorld } from '../simulation/sim-device.ts'
import { createSimLogServer } from '../simulation/sim-log-server.ts'
import { createSimNetwork } from '../simulation/sim-network.ts'
import { foundPractice, inviteDevice } from '../simulation/sim-practice.ts'
import { createVirtualTime } from '../simulation/virtual-time.ts'
import type { Role } from '@alcove/shared/domain/practice'

export type ChannelText = { readonly from: string; readonly to: string; readonly type: string; readonly text: string }

/** Real engines on stores in memory, over a network that does what the test says, in a time that passes when told to. */
export type SyncWorld = SimWorld & {
  /** The first device: an administrator's and clinician's. */
  readonly first: SimDevice
  pass(ms: number): Promise<void>
  /** A device let in by the first one, for a new member or for one there is; started. */
  letIn(name: string, who: { readonly roles: readonly Role[] } | { readonly member: MemberId }): Promise<SimDevice>
  /** Durable when it resolves. A new document unless one is given. */
  save(device: SimDevice, name: string, document?: DocumentId, bytes?: number): Promise<DocumentId>
  has(device: SimDevice, document: DocumentId, name: string): boolean
  /** Runs a promise of the store while time passes. */
  during<T>(work: Promise<T>): Promise<T>
  /** Off the network, or on it again. */
  setOnline(device: SimDevice, online: boolean): void
  /** What went over channels since the last time it was asked. */
  said(): readonly ChannelText[]
  stop(): void
}

export async function createSyncWorld(seed = 1): Promise<SyncWorld> {
  const uninstall = installCrypto(createSeededCrypto(createRandom(seed)))
  const random = createRandom(seed + 1)
  const time = createVirtualTime(Date.UTC(2026, 10, 23, 15))
  const network = createSimNetwork(time, random)
  // Devices alone: the log has its own tests.
  const logRandom = createRandom(seed + 2)
  const server = createSimLogServer({ time, random: logRandom, keepsLogs: false, sabotage: null })
  const simulated: SimWorld = { time, random, network, sabotage: 'none', server, logRandom, nextReach: () => 'both' }
  const first = await foundPractice(simulated, 'first')
  const devices = [first]
  let texts: ChannelText[] = []
  network.watch(({ from, to, text }) => {
    texts.push({ from, to, type: /"type":"([\w-]+)"/.exec(text)?.[1] ?? '', text })
  })
  await first.start()

  async function pass(ms: number): Promise<void> {
    await time.runUntil(time.now() + ms)
  }

  async function during<T>(work: Promise<T>): Promise<T> {
    let outcome: { readonly value: T } | { readonly error: unknown } | null = null
    work.then(
      (value) => {
        outcome = { value }
      },
      (error: unknown) => {
        outcome = { error }
      },
    )
    for (let i = 0; i < 1000; i++) {
      await pass(20)
      const now = outcome as { readonly value: T } | { readonly error: unknown } | null
      if (now) {
        if ('error' in now) throw now.error
        return now.value
      }
    }
    throw new Error('It does not end')
  }

  return {
    ...simulated,
    first,
    pass,
    during,
    async letIn(name, who) {
      let member = 'member' in who ? who.member : (randomId() as MemberId)
      if ('roles' in who) {
        const added = await during(
          first.running()?.store.act([{ type: 'add-member', member, name, roles: [...who.roles] }]) ??
            Promise.reject(new Error('Not running')),
        )
        if (!added.ok) throw new Error(added.error)
      } else {
        member = who.member
      }
      const device = await during(inviteDevice(simulated, first, member, name))
      if (!device) throw new Error(`${name} was not let in`)
      devices.push(device)
      await device.start()
      return device
    },
    async save(device, name, document = randomId() as DocumentId, bytes = 10) {
      const saved = await during(
        device.running()?.store.change(document, (doc) => void doc.getMap('tokens').set(name, 'x'.repeat(bytes))) ??
          Promise.reject(new Error('Not running')),
      )
      if (!saved.ok) throw new Error(saved.error)
      return document
    },
    has: (device, document, name) => device.running()?.store.document(document).getMap('tokens').has(name) === true,
    setOnline(device, online) {
      device.host.online = online
      device.host.island = online ? 0 : 1 + devices.indexOf(device)
      network.moved()
    },
    said() {
      const now = texts
      texts = []
      return now
    },
    stop() {
      for (const device of devices) device.crash()
      uninstall()
    },
  }
}
