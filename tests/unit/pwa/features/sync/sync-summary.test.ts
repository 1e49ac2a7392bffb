import { describe, expect, it } from 'vitest'
import { words as english } from '../../../../../pwa/src/words/sync.en.ts'
import { words as spanish } from '../../../../../pwa/src/words/sync.es.ts'
import { type LogState, noLog } from '../../../../../pwa/src/features/log/log-state.ts'
import type { SyncState } from '../../../../../pwa/src/features/sync/sync-state.ts'
import { longCatchUp, type SyncSummary, summarizeSync } from '../../../../../pwa/src/features/sync/sync-summary.ts'
import { mensahLaptop, online, syncOf } from '../../../../support/people/examples.ts'

const summarize = (state: SyncState, words = english) => summarizeSync(state, words, (at) => `at ${at}`)
const say = (state: SyncState, words = english) => summarize(state, words)?.text ?? null
const logOf = (line: LogState['line']): LogState => ({ ...noLog, line })
const there = new Map([[mensahLaptop.key, online]])
const away = new Map([[mensahLaptop.key, { ...online, online: false }]])

const devices = {
  'only device': syncOf({ kind: 'only-device' }),
  'other tab': syncOf({ kind: 'other-tab' }),
  'other tab, together': syncOf({ kind: 'other-tab' }, { devices: there }),
  'other tab, alone': syncOf({ kind: 'other-tab' }, { devices: away }),
  offline: syncOf({ kind: 'offline', sinceAt: 7 }),
  'nobody online': syncOf({ kind: 'nobody-online' }),
  syncing: syncOf({ kind: 'syncing' }),
  synced: syncOf({ kind: 'synced' }),
  'waiting for key': syncOf({ kind: 'waiting-for-key' }),
} satisfies Readonly<Record<string, SyncState>>
type Devices = keyof typeof devices

const together = 'All changes synced with your other devices'
const exchanging = 'Exchanging changes with your other devices…'
const key = 'Waiting for the practice’s new key'
const all = 'All changes saved and synced'
const none = 'No other device is online'
const copyAway = 'The server’s copy cannot be reached since at 5'
const code = 'The server asks for its enrolment code'
const door = 'Waiting to be let in to the server’s copy'
const gone = 'This device is no longer let in to the practice'
const full = 'Your practice’s space on the server is full'
const crowded = 'The server is full'
const pending = '2 changes not yet synced'

type Row = { readonly log: LogState['line']; readonly said: Readonly<Record<Devices, string | null>> }
const everywhere = (text: string): Row['said'] => ({
  'only device': text,
  'other tab': text,
  'other tab, together': text,
  'other tab, alone': text,
  offline: text,
  'nobody online': text,
  syncing: text,
  synced: text,
  'waiting for key': key,
})
const shortOf = (trouble: string): Row['said'] => ({
  ...everywhere(trouble),
  'other tab, together': `${together} · ${trouble}`,
  syncing: exchanging,
  synced: `${together} · ${trouble}`,
})

/** Nothing waits here. */
const table: readonly Row[] = [
  {
    log: { kind: 'off' },
    said: {
      'only device': 'Saved on this device only',
      'other tab': null,
      'other tab, together': together,
      'other tab, alone': none,
      offline: 'Offline since at 7',
      'nobody online': none,
      syncing: exchanging,
      synced: together,
      'waiting for key': key,
    },
  },
  { log: { kind: 'current' }, said: { ...everywhere(all), syncing: exchanging } },
  { log: { kind: 'saving' }, said: everywhere('Saving…') },
  { log: { kind: 'catching-up', done: 0, total: 3 }, said: everywhere('Catching up…') },
  { log: { kind: 'catching-up', done: 12, total: 40 }, said: everywhere('Catching up: 12 of 40') },
  { log: { kind: 'paused', done: 12, total: 40 }, said: everywhere('Catching up was stopped at 12 of 40') },
  {
    log: { kind: 'offline', sinceAt: 5 },
    said: {
      ...everywhere('Offline since at 5'),
      'other tab, together': together,
      'nobody online': copyAway,
      syncing: exchanging,
      synced: together,
    },
  },
  {
    log: { kind: 'offline', sinceAt: 9 },
    said: {
      ...everywhere('Offline since at 9'),
      'other tab, together': together,
      offline: 'Offline since at 7',
      'nobody online': copyAway.replace('5', '9'),
      syncing: exchanging,
      synced: together,
    },
  },
  { log: { kind: 'needs-enrolment', refused: false }, said: shortOf(code) },
  { log: { kind: 'needs-enrolment', refused: true }, said: shortOf(code) },
  { log: { kind: 'not-admitted' }, said: shortOf(door) },
  { log: { kind: 'removed' }, said: everywhere(gone) },
  { log: { kind: 'full', whose: 'practice' }, said: shortOf(full) },
  { log: { kind: 'full', whose: 'server' }, said: shortOf(crowded) },
]

const cells = table.flatMap(({ log, said }) =>
  Object.entries(devices).map(([name, state]) => ({ log, name, state: { ...state, log: logOf(log) }, said: said[name as Devices] })),
)
const claimsAll = (text: string | null) => text !== null && /^All changes/.test(text)

describe('the line about other devices and the log', () => {
  it.each(cells)('with the log $log and the devices "$name" says: $said', ({ state, said }) => {
    expect(say(state)).toBe(said)
  })

  it.each(cells)('with the log $log and the devices "$name" never says that all is synced while something waits', ({ state }) => {
    const { text = null, tone = null } = summarize({ ...state, unsynced: 2 }) ?? {}
    expect(claimsAll(text)).toBe(false)
    expect(tone).not.toBe('synced')
    // These say by themselves that something is not done.
    const saysMore = text === null || [exchanging, 'Saving…', 'Saved on this device only'].includes(text)
    if (!saysMore) expect(text).toMatch(new RegExp(`^${pending}`))
  })

  it('is calm only when all is synced, and asks only when somebody has to do something', () => {
    const tones = new Map<string | null, SyncSummary['tone']>()
    for (const { state, said } of cells) tones.set(said, summarize(state)?.tone ?? 'waiting')
    const withTone = (tone: SyncSummary['tone']) => [...tones].filter(([, one]) => one === tone).map(([text]) => text)
    expect(withTone('synced')).toEqual([together, all])
    expect(withTone('asks')).toEqual([
      'Catching up was stopped at 12 of 40',
      code,
      `${together} · ${code}`,
      gone,
      full,
      `${together} · ${full}`,
      crowded,
      `${together} · ${crowded}`,
    ])
  })

  it('puts what waits before why it waits', () => {
    const waits = (line: LogState['line'], of: Devices = 'only device') => say({ ...devices[of], unsynced: 2, log: logOf(line) })
    expect(waits({ kind: 'offline', sinceAt: 5 })).toBe(`${pending} · Offline since at 5`)
    expect(waits({ kind: 'full', whose: 'practice' })).toBe(`${pending} · ${full}`)
    expect(waits({ kind: 'full', whose: 'practice' }, 'synced')).toBe(`${pending} · ${full}`)
    expect(waits({ kind: 'current' }, 'nobody online')).toBe(pending)
    expect(waits({ kind: 'off' }, 'nobody online')).toBe(`${pending} · ${none}`)
    expect(waits({ kind: 'off' })).toBe('Saved on this device only')
    expect(waits({ kind: 'off' }, 'waiting for key')).toBe(`${pending} · ${key}`)
    expect(waits({ kind: 'catching-up', done: 1, total: 40 })).toBe(`${pending} · Catching up: 1 of 40`)
  })

  it('says what it means, and where the changes are', () => {
    const hint = (line: LogState['line'], unsynced: number, of: Devices = 'nobody online') =>
      summarize({ ...devices[of], unsynced, log: logOf(line) })?.hint ?? null
    expect(hint({ kind: 'off' }, 1)).toMatch(/saved on this device, and go to the others as soon as one is online/)
    expect(hint({ kind: 'offline', sinceAt: 5 }, 1)).toMatch(/as soon as it reaches the server or one of them/)
    expect(hint({ kind: 'offline', sinceAt: 5 }, 0)).toBeNull()
    expect(hint({ kind: 'full', whose: 'server' }, 0)).toMatch(/Ask whoever runs your server for more space/)
    expect(hint({ kind: 'removed' }, 0)).toMatch(/Ask an administrator whether this device still belongs to the practice/)
    expect(hint({ kind: 'off' }, 0, 'only device')).toMatch(/Link a second device/)
    expect(hint({ kind: 'saving' }, 1)).toMatch(/saved on this device and on their way to the server, encrypted/)
  })

  it('shows a bar only for what takes long or was stopped', () => {
    expect(longCatchUp(logOf({ kind: 'catching-up', done: 1, total: 8 }))).toBeNull()
    expect(longCatchUp(logOf({ kind: 'catching-up', done: 1, total: 9 }))).toEqual({ done: 1, total: 9, isStopped: false })
    expect(longCatchUp(logOf({ kind: 'paused', done: 1, total: 3 }))).toEqual({ done: 1, total: 3, isStopped: true })
    expect(longCatchUp(logOf({ kind: 'catching-up', done: 12, total: 9 }))).toMatchObject({ done: 9 })
    expect(longCatchUp(logOf({ kind: 'saving' }))).toBeNull()
  })

  it('is said in Spanish, too, and counts there', () => {
    expect(say(syncOf({ kind: 'synced' }, { unsynced: 1 }), spanish)).toBe('1 cambio sin sincronizar')
    expect(say(syncOf({ kind: 'synced' }, { unsynced: 4 }), spanish)).toBe('4 cambios sin sincronizar')
    for (const { state, said } of cells) {
      const translated = say(state, spanish)
      expect(translated === null).toBe(said === null)
      if (said !== null) expect(translated).not.toBe(said)
    }
  })
})

it('says of a device that belongs to nobody what to do, whatever else there is', () => {
  for (const line of table.map(({ log }) => log)) {
    const summary = summarize(syncOf({ kind: 'left-out' }, { log: logOf(line), unsynced: 1 }))
    expect(summary).toMatchObject({ tone: 'asks', text: '1 change not yet synced · This device does not belong to the practice' })
    expect(summary?.hint).toContain('Ask an administrator for a new invitation')
  }
})
