import { describe, expect, it } from 'vitest'
import { words as english } from '../../../../../pwa/src/words/sync.en.ts'
import { words as spanish } from '../../../../../pwa/src/words/sync.es.ts'
import type { SyncState } from '../../../../../pwa/src/features/sync/sync-state.ts'
import { summarizeSync } from '../../../../../pwa/src/features/sync/sync-summary.ts'
import { mensahLaptop, online, syncOf } from '../../../../support/people/examples.ts'

const say = (state: SyncState, words = english) => summarizeSync(state, words, (at) => `at ${at}`)?.text ?? null
const others = new Map([[mensahLaptop.key, online]])

describe('the line about other devices', () => {
  it('says nothing where there is no other device', () => {
    expect(say(syncOf({ kind: 'only-device' }, { unsynced: 3 }))).toBeNull()
    expect(say(syncOf({ kind: 'other-tab' }))).toBeNull()
  })

  it('says that all is synced only when nothing is left', () => {
    expect(say(syncOf({ kind: 'synced' }))).toBe('All changes synced with your other devices')
    expect(say(syncOf({ kind: 'synced' }, { unsynced: 1 }))).toBe('1 change not yet synced')
    expect(say(syncOf({ kind: 'synced' }, { unsynced: 3 }))).toBe('3 changes not yet synced')
    expect(say(syncOf({ kind: 'syncing' }))).toBe('Exchanging changes with your other devices…')
  })

  it('says since when it is offline, and what waits', () => {
    expect(say(syncOf({ kind: 'offline', sinceAt: 7 }))).toBe('Offline since at 7')
    expect(say(syncOf({ kind: 'offline', sinceAt: 7 }, { unsynced: 2 }))).toBe('2 changes not yet synced · Offline since at 7')
    expect(say(syncOf({ kind: 'nobody-online' }))).toBe('No other device is online')
    expect(say(syncOf({ kind: 'waiting-for-key' }, { unsynced: 2 }))).toBe('2 changes not yet synced · Waiting for the practice’s new key')
  })

  it('says in a second tab what the first one sees', () => {
    expect(say(syncOf({ kind: 'other-tab' }, { devices: others }))).toBe('All changes synced with your other devices')
    expect(say(syncOf({ kind: 'other-tab' }, { devices: others, unsynced: 2 }))).toBe('2 changes not yet synced')
    const away = new Map([[mensahLaptop.key, { ...online, online: false }]])
    expect(say(syncOf({ kind: 'other-tab' }, { devices: away }))).toBe('No other device is online')
  })

  it('counts in Spanish, too', () => {
    expect(say(syncOf({ kind: 'synced' }, { unsynced: 1 }), spanish)).toBe('1 cambio sin sincronizar')
    expect(say(syncOf({ kind: 'synced' }, { unsynced: 4 }), spanish)).toBe('4 cambios sin sincronizar')
  })
})
