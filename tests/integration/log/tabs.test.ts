import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLogEnrolment } from '../../../signaling/src/enrolment.ts'
import { createPracticeSync } from '../../../pwa/src/features/sync/practice-sync.ts'
import type { SyncState } from '../../../pwa/src/features/sync/sync-state.ts'
import type { TabLock } from '../../../pwa/src/ports.ts'
import type { TabChannel } from '../../../pwa/src/sync-ports.ts'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import { createSimKeeping } from '../../support/simulation/sim-keeping.ts'
import { simOrigin } from '../../support/simulation/sim-log-server.ts'
import { createDeviceClock } from '../../support/simulation/virtual-time.ts'

const secondMs = 1000
const code = 'quiet-river-41'

let world: LogWorld
beforeEach(async () => {
  world = await createLogWorld({ enrolment: createLogEnrolment(code) })
  await world.pass(5 * secondMs)
})
afterEach(() => world.stop())

/** Engines of several tabs over one store; messages between tabs are copied as a browser does. */
function createTabs() {
  const running = world.first.running()
  if (!running) throw new Error('Not running')
  running.engine.close()
  const listeners = new Set<{ readonly tab: object; readonly listen: (message: unknown) => void }>()
  let holder: object | null = null
  return () => {
    const tab = {}
    const tabs: TabChannel = {
      post(message) {
        const copy = structuredClone(message)
        for (const one of [...listeners]) if (one.tab !== tab) one.listen(copy)
      },
      listen(listen) {
        const entry = { tab, listen }
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
    const clock = createDeviceClock(world.time, 0)
    const process = { host: world.first.host, alive: true }
    const engine = createPracticeSync({
      clock,
      random: world.random.next,
      store: running.store.sync,
      chain: running.store.chain,
      links: { open: () => () => undefined },
      relay: { join: () => ({ publish: () => false, leave: () => undefined }) },
      log: {
        origin: simOrigin,
        line: world.server.lineFor(process, true),
        keeping: createSimKeeping({ disk: world.first.disk, store: running.store, clock, latencyMs: () => 5 }),
      },
      tabLock,
      tabs,
      iceServers: () => [],
    })
    const states: SyncState[] = []
    engine.watch((state) => states.push(state))
    return { engine, line: () => states.at(-1)?.log.line, incidents: () => states.at(-1)?.log.incidents }
  }
}

it('one tab keeps the log, and every tab shows it and may ask', async () => {
  const open = createTabs()
  const [one, two] = [open(), open()]
  await world.until('asked for the code', () => two.line()?.kind === 'needs-enrolment')
  two.engine.log.enrol(code)
  await world.until('current', () => two.line()?.kind === 'current' && one.line()?.kind === 'current')
  one.engine.close()
  await world.pass(30 * secondMs)
  expect(two.line()?.kind).toBe('current')
  const document = await world.save(world.first, 'a')
  await world.until('written', () => world.logs().has(document))
  expect(world.logs().get(document)?.state.end.sequence).toBe(1)
  two.engine.close()
})
