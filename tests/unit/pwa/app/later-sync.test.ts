import { asId, type DeviceKey } from '@alcove/shared/domain/ids'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLaterSync, loadLater } from '../../../../pwa/src/app/services/later-sync.ts'
import { noLog } from '../../../../pwa/src/features/log/log-state.ts'
import type { PracticeSync, SyncState } from '../../../../pwa/src/features/sync/sync-state.ts'
import { createManualClock } from '../../../support/session/manual-clock.ts'

const synced: SyncState = { line: { kind: 'synced' }, unsynced: 2, devices: new Map(), log: noLog }

function fakeSync() {
  const calls: string[] = []
  const watching = new Set<string>()
  const sync: PracticeSync = {
    watch(listener) {
      watching.add('state')
      listener(synced)
      return () => void watching.delete('state')
    },
    watchOwnDevices(listener) {
      watching.add('devices')
      listener({ from: asId<DeviceKey>('phone'), body: 'hello' })
      return () => void watching.delete('devices')
    },
    log: {
      pause: () => void calls.push('pause'),
      resume: () => void calls.push('resume'),
      enrol: (code) => void calls.push(`enrol ${code}`),
      acknowledge: () => void calls.push('read'),
    },
    hurry: () => void calls.push('hurry'),
    sendToOwnDevices: (body) => void calls.push(body),
    close: () => void calls.push('close'),
  }
  return { sync, calls, watching }
}

describe('syncing that is fetched later', () => {
  it('may be watched before it is there, and says then what it knows', async () => {
    const { sync, calls, watching } = fakeSync()
    let resolve: (sync: PracticeSync) => void = () => undefined
    const promise = new Promise<PracticeSync>((done) => {
      resolve = done
    })
    const later = createLaterSync(promise)
    const heard: string[] = []
    const stops = [later.watch((state) => void heard.push(state.line.kind)), later.watchOwnDevices(({ body }) => void heard.push(body))]
    later.hurry()
    later.sendToOwnDevices('early', null)
    later.log.pause()
    expect(heard).toEqual(['other-tab'])
    resolve(sync)
    await promise
    await Promise.resolve()
    expect(heard).toEqual(['other-tab', 'synced', 'hello'])
    later.hurry()
    later.sendToOwnDevices('now', null)
    later.log.pause()
    later.log.resume()
    later.log.enrol('code')
    later.log.acknowledge()
    expect(calls).toEqual(['hurry', 'now', 'pause', 'resume', 'enrol code', 'read'])
    later.watch((state) => void heard.push(state.line.kind))
    expect(heard.at(-1)).toBe('synced')
    for (const stop of stops) stop()
    expect(watching).toEqual(new Set())
    later.close()
    expect(calls.at(-1)).toBe('close')
  })

  it('does not come to those who stopped watching, and is closed when it comes too late', async () => {
    const { sync, calls, watching } = fakeSync()
    const later = createLaterSync(Promise.resolve(sync))
    later.watch(() => undefined)()
    later.watchOwnDevices(() => undefined)
    later.close()
    await Promise.resolve()
    await Promise.resolve()
    expect([watching, calls]).toEqual([new Set(), ['close']])
  })
})

describe('what is loaded later', () => {
  afterEach(() => vi.unstubAllGlobals())
  const settle = () => new Promise((resolve) => setTimeout(resolve))

  it('comes after the first picture, and is asked for again after a failed download', async () => {
    const clock = createManualClock()
    let paint: () => void = () => undefined
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
      paint = run
    })
    let asked = 0
    const loaded = loadLater(clock, async () => {
      asked++
      if (asked === 1) throw new TypeError('Failed to fetch')
      return 'sync'
    })
    await settle()
    expect(asked).toBe(0)
    paint()
    clock.advance(0)
    await settle()
    expect(asked).toBe(1)
    clock.advance(30_000)
    expect(await loaded).toBe('sync')
  })

  it('comes in a hidden tab too, which paints nothing', async () => {
    const clock = createManualClock()
    vi.stubGlobal('requestAnimationFrame', () => undefined)
    const loaded = loadLater(clock, async () => 'sync')
    clock.advance(1_000)
    expect(await loaded).toBe('sync')
  })
})
