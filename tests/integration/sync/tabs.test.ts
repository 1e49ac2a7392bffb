import type { DeviceKey } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPracticeSync } from '../../../pwa/src/features/sync/practice-sync.ts'
import type { PracticeSync, SyncState } from '../../../pwa/src/features/sync/sync-state.ts'
import type { TabLock } from '../../../pwa/src/ports.ts'
import type { DeviceLinks, TabChannel } from '../../../pwa/src/sync-ports.ts'
import type { SimDevice } from '../../support/simulation/sim-device.ts'
import { createDeviceClock } from '../../support/simulation/virtual-time.ts'
import { createSyncWorld, type SyncWorld } from '../../support/sync/sync-world.ts'

const secondMs = 1000

let world: SyncWorld
let phone: SimDevice
beforeEach(async () => {
  world = await createSyncWorld(3)
  phone = await world.letIn('phone', { member: world.first.disk.member })
})
afterEach(() => world.stop())

/** Tabs of the first device's browser: one lock, and a channel between them. */
function createBrowser() {
  const listeners = new Set<{ readonly tab: object; readonly listener: (message: unknown) => void }>()
  let holder: object | null = null
  let opened = 0
  return {
    /** How often a tab opened its links. */
    opened: () => opened,
    tab() {
      const tab = {}
      const running = world.first.running()
      if (!running) throw new Error('Not running')
      const channel: TabChannel = {
        post: (message) => {
          for (const one of [...listeners]) if (one.tab !== tab) world.time.after(1, () => one.listener(structuredClone(message)))
        },
        listen(listener) {
          const entry = { tab, listener }
          listeners.add(entry)
          return () => void listeners.delete(entry)
        },
      }
      const tabLock: TabLock = {
        async acquire() {
          if (holder) return null
          holder = tab
          return () => {
            if (holder === tab) holder = null
          }
        },
        isHeld: async () => holder !== null,
        summon: () => undefined,
        onSummoned: () => () => undefined,
      }
      const process = { host: running.process.host, alive: true }
      const links: DeviceLinks = {
        open(options) {
          opened++
          return world.network.linksFor(process).open(options)
        },
      }
      const engine = createPracticeSync({
        clock: createDeviceClock(world.time, 0),
        random: world.random.next,
        store: running.store.sync,
        chain: running.store.chain,
        links,
        relay: world.network.relayFor(process),
        tabLock,
        tabs: channel,
        iceServers: () => [],
      })
      const states: SyncState[] = []
      engine.watch((state) => states.push(state))
      return { engine, state: () => states.at(-1) }
    },
  }
}

function heardBy(engine: PracticeSync): string[] {
  const heard: string[] = []
  engine.watchOwnDevices(({ body }) => heard.push(body))
  return heard
}

describe('several tabs of one browser', () => {
  it('leave syncing to one of them, and show what it sees', async () => {
    const browser = createBrowser()
    world.first.running()?.engine.close()
    const [one, two] = [browser.tab(), browser.tab()]
    await world.pass(20 * secondMs)
    expect(browser.opened()).toBe(1)
    expect(one.state()?.line.kind).toBe('synced')
    expect(two.state()).toEqual(one.state())
    phone.crash()
    await world.pass(30 * secondMs)
    expect(two.state()?.line.kind).toBe('nobody-online')
    one.engine.close()
    two.engine.close()
  })

  it('go on when the one that synced is closed', async () => {
    const browser = createBrowser()
    world.first.running()?.engine.close()
    const [one, two] = [browser.tab(), browser.tab()]
    await world.pass(20 * secondMs)
    one.engine.close()
    await world.pass(30 * secondMs)
    expect(browser.opened()).toBe(2)
    expect(two.state()?.line.kind).toBe('synced')
    two.engine.close()
  })

  it('speak with my other devices through the one that syncs', async () => {
    const browser = createBrowser()
    world.first.running()?.engine.close()
    const [one, two] = [browser.tab(), browser.tab()]
    await world.pass(20 * secondMs)
    const [atOne, atTwo] = [heardBy(one.engine), heardBy(two.engine)]
    const engine = phone.running()?.engine
    const atPhone = engine ? heardBy(engine) : []
    two.engine.sendToOwnDevices('from the second tab', null)
    engine?.sendToOwnDevices('from the phone', world.first.key as DeviceKey)
    await world.pass(5 * secondMs)
    expect(atPhone).toEqual(['from the second tab'])
    expect([atOne, atTwo]).toEqual([['from the phone'], ['from the phone']])
    one.engine.close()
    two.engine.close()
  })
})

describe('a device that wakes', () => {
  it('dials the server again when it is not reached, not more often than every few seconds', async () => {
    const browser = createBrowser()
    world.first.running()?.engine.close()
    const tab = browser.tab()
    await world.pass(20 * secondMs)
    tab.engine.hurry()
    expect(browser.opened()).toBe(1)
    world.setOnline(world.first, false)
    await world.pass(30 * secondMs)
    for (let i = 0; i < 5; i++) tab.engine.hurry()
    expect(browser.opened()).toBe(2)
    world.setOnline(world.first, true)
    await world.pass(30 * secondMs)
    expect(tab.state()?.line.kind).toBe('synced')
    tab.engine.close()
  })
})
