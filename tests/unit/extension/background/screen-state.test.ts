import { beginCheck, check, type CheckState } from '@alcove/shared/domain/device-check'
import { describe, expect, it } from 'vitest'
import { quietFindings } from '../../../../extension/src/background/quiet-check.ts'
import { dueTimes } from '../../../../extension/src/background/reminders.ts'
import { withExtras } from '../../../../extension/src/background/screen-state.ts'

const unknown = { camera: 'unknown', microphone: 'unknown', notifications: 'unknown' } as const

describe("what the extension adds to the page's check", () => {
  const found = (state: CheckState) => Object.fromEntries(Object.entries(state.lines).map(([line, { finding }]) => [line, finding]))
  const denied = check(check(beginCheck, { type: 'camera', finding: 'denied', at: 1 }), { type: 'microphone', finding: 'ready', at: 1 })

  it('is the tab, and that it is muted', () => {
    const state = withExtras(denied, { tab: 'background', isMuted: true, settings: unknown }, 5)
    expect(found(state)).toMatchObject({ tab: 'background', sound: 'tab-muted', camera: 'denied', microphone: 'ready' })
    expect(state.lines.sound.foundAt).toBe(5)
  })

  it('is what was changed in the browser since the page looked', () => {
    const allowed = withExtras(
      denied,
      { tab: 'none', isMuted: false, settings: { ...unknown, camera: 'allow', notifications: 'allow' } },
      5,
    )
    expect(found(allowed)).toMatchObject({ camera: 'granted', notifications: 'ready', microphone: 'ready', sound: 'unknown' })
    const blocked = withExtras(denied, { tab: 'none', isMuted: false, settings: { ...unknown, microphone: 'block', camera: 'ask' } }, 5)
    expect(found(blocked)).toMatchObject({ camera: 'not-asked', microphone: 'denied' })
  })
})

describe('the quiet check', () => {
  const report = (finding: 'ready' | 'not-found' | 'denied') => ({
    receivedAt: 1,
    report: { at: 1, lines: [{ line: 'camera' as const, finding, foundAt: 1 }], roundTripMs: null },
  })
  const well = { settings: unknown, count: { cameras: 1, microphones: 1 }, server: 'ready', report: report('ready') } as const

  it('finds nothing when all is well, and nothing where the browser tells nothing', () => {
    expect(quietFindings(well)).toEqual([])
    expect(quietFindings({ ...well, count: null, report: null })).toEqual([])
  })

  it('finds what was there and is missing, and misses no camera that never was', () => {
    expect(quietFindings({ ...well, count: { cameras: 0, microphones: 0 } })).toEqual(['camera-missing', 'microphone-missing'])
    expect(quietFindings({ ...well, count: { cameras: 0, microphones: 1 }, report: report('not-found') })).toEqual([])
  })

  it("takes the browser's word for a permission before the page's older one", () => {
    expect(quietFindings({ ...well, report: report('denied') })).toEqual(['camera-blocked'])
    expect(quietFindings({ ...well, report: report('denied'), settings: { ...unknown, camera: 'ask' } })).toEqual([])
    expect(
      quietFindings({ ...well, settings: { camera: 'block', microphone: 'block', notifications: 'block' }, server: 'offline' }),
    ).toEqual(['camera-blocked', 'microphone-blocked', 'notifications-blocked', 'offline'])
  })
})

describe('when to look', () => {
  const minute = 60_000
  const reminders = { isOn: true, minutesBefore: [5, 15] as (5 | 15)[] }

  it('is so many minutes before each start, once for two of the same moment', () => {
    expect(dueTimes([60 * minute, 70 * minute], reminders, { afterAt: 0, now: 0 })).toEqual([45, 55, 65].map((at) => at * minute))
  })

  it('is never again for what was looked at, nor for a start that is past', () => {
    expect(dueTimes([60 * minute], reminders, { afterAt: 45 * minute, now: 46 * minute })).toEqual([55 * minute])
    expect(dueTimes([60 * minute], reminders, { afterAt: 0, now: 60 * minute })).toEqual([])
    expect(dueTimes([60 * minute], { ...reminders, isOn: false }, { afterAt: 0, now: 0 })).toEqual([])
  })
})
