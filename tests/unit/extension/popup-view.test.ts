import { beginCheck, checkLines, findings, type Finding, statusOf } from '@alcove/shared/domain/device-check'
import { describe, expect, it } from 'vitest'
import { fixFor, headlineOf, linesOf, needsSteps, ownAge, siteName, toBeAllowed } from '../../../extension/src/popup/view.ts'
import { nowAt, popupStates, ready } from '../../support/extension/screen-states.ts'

const minuteMs = 60_000

describe('the headline', () => {
  it('says that nobody has looked, that somebody looks, and what was found', () => {
    expect(headlineOf(popupStates.never, nowAt).kind).toBe('never')
    expect(headlineOf(popupStates.checking, nowAt).kind).toBe('checking')
    expect(headlineOf(ready, nowAt)).toMatchObject({ kind: 'checked', summary: { status: 'ready' }, isOld: false })
    expect(headlineOf(popupStates.problems, nowAt)).toMatchObject({
      summary: { status: 'problem', problems: ['microphone', 'sound', 'notifications'], warnings: ['camera'] },
    })
  })

  it('takes a check whose tab was closed in the middle for what it found', () => {
    expect(headlineOf({ ...popupStates.checking, isOpen: false }, nowAt).kind).toBe('checked')
  })

  it('warns of what the quiet check found, until the page has looked again', () => {
    const state = popupStates['quiet warning']
    expect(headlineOf(state, nowAt)).toMatchObject({ kind: 'warned', count: 2 })
    expect(headlineOf({ ...state, reportAt: nowAt }, nowAt).kind).toBe('checked')
    expect(headlineOf({ ...state, quiet: { at: nowAt, problems: [] } }, nowAt).kind).toBe('checked')
  })

  it('grows old after four hours', () => {
    expect(headlineOf({ ...ready, reportAt: nowAt - 240 * minuteMs }, nowAt)).toMatchObject({ isOld: false })
    expect(headlineOf({ ...ready, reportAt: nowAt - 241 * minuteMs }, nowAt)).toMatchObject({ isOld: true })
  })
})

describe('one line', () => {
  it('is there for everything, unknown where nothing was said', () => {
    const lines = linesOf({ lines: [{ line: 'camera', finding: 'in-use', foundAt: 5 }] })
    expect(lines.camera).toEqual({ finding: 'in-use', foundAt: 5 })
    expect(lines.relay).toEqual(beginCheck.lines.relay)
    expect(Object.keys(lines)).toHaveLength(checkLines.length)
  })

  it('has one action exactly when something is wrong and can be mended', () => {
    const without: string[] = []
    for (const line of checkLines) {
      for (const finding of findings[line] as readonly Finding[]) {
        const status = statusOf(line, finding)
        const fix = fixFor(line, finding)
        if (status === 'ready' || status === 'open') expect(fix, `${line} ${finding}`).toBeNull()
        else if (fix === null) without.push(`${line} ${finding}`)
      }
    }
    expect(without).toEqual(['notifications unsupported'])
  })

  it('says its own age only when it is much older than the report', () => {
    expect(ownAge(nowAt - 9 * minuteMs, nowAt)).toBeNull()
    expect(ownAge(nowAt - 11 * minuteMs, nowAt)).toBe(nowAt - 11 * minuteMs)
    expect(ownAge(null, nowAt)).toBeNull()
    expect(ownAge(nowAt, null)).toBeNull()
  })
})

describe('permissions', () => {
  it('are offered where the browser can set them and something is not allowed', () => {
    expect(toBeAllowed(popupStates.problems)).toEqual(['camera', 'microphone', 'notifications'])
    expect(toBeAllowed(ready)).toEqual([])
    expect(toBeAllowed({ ...popupStates.problems, setByUs: ['camera'] })).toEqual([])
    expect(toBeAllowed({ ...popupStates.problems, canSet: 'no' })).toEqual([])
  })

  it('are explained in steps where no extension can set them', () => {
    expect(needsSteps(popupStates.firefox)).toBe(true)
    expect(needsSteps({ ...ready, canSet: 'no' })).toBe(false)
    expect(needsSteps(popupStates.problems)).toBe(false)
  })
})

it('names a site by its host', () => {
  expect([siteName('https://clinic.example'), siteName('http://localhost:8443')]).toEqual(['clinic.example', 'localhost:8443'])
})
