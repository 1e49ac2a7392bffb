import { extensionSays, fromExtensionMark, pageSays } from '@alcove/shared/protocol/extension-messages'
import { beforeEach, describe, expect, it } from 'vitest'
import { type CompanionDeps, createCompanion } from '../../../../../pwa/src/adapters/platform/companion.ts'
import type { Told } from '../../../../../pwa/src/ports.ts'
import { createFakePageWindow, type FakePageWindow } from '../../../../support/session/fake-page-window.ts'
import { createManualClock, type ManualClock } from '../../../../support/session/manual-clock.ts'

const one: Told = { type: 'waiting', people: 1, ring: 'here' }
const welcome = { type: 'welcome', canRing: true, notifies: true } as const

let page: FakePageWindow
let clock: ManualClock
let companion: ReturnType<typeof createCompanion>
const types = () => page.posted.map(({ message }) => message.type)

beforeEach(() => {
  page = createFakePageWindow()
  clock = createManualClock()
  companion = createCompanion({ ...(page as unknown as CompanionDeps), clock })
})

describe('whom the page hears', () => {
  it.each([
    ['another origin', () => page.deliver(extensionSays(welcome), { origin: 'https://app.clinic.example' })],
    ['no origin', () => page.deliver(extensionSays(welcome), { origin: '' })],
    ['a frame in the page, or the window that opened it', () => page.deliver(extensionSays(welcome), { source: {} as Window })],
    ['nobody at all', () => page.deliver(extensionSays(welcome), { source: null })],
    ['its own words', () => page.deliver(pageSays({ type: 'hello' }))],
    ['no mark', () => page.deliver(JSON.stringify(welcome))],
    ['an object', () => page.deliver({ mark: fromExtensionMark, ...welcome })],
    ['a field too many', () => page.deliver(`${fromExtensionMark} ${JSON.stringify({ ...welcome, name: 'Sam' })}`)],
    ['a field too few', () => page.deliver(`${fromExtensionMark} {"type":"welcome"}`)],
    ['broken JSON', () => page.deliver(`${fromExtensionMark} {"type":`)],
    ['a very long text', () => page.deliver(`${fromExtensionMark} ${' '.repeat(1_000_000)}${JSON.stringify(welcome)}`)],
  ])('is not %s', (_who, speak) => {
    speak()
    expect(companion.state()).toEqual({ kind: 'absent' })
  })

  it('is its own window and origin, and it speaks to no other', () => {
    page.says(welcome)
    companion.send(one)
    expect(companion.state().kind).toBe('present')
    expect(new Set(page.posted.map(({ target }) => target))).toEqual(new Set(['https://clinic.example']))
  })
})

describe('an extension that comes', () => {
  it('is asked for at once, and again whenever the page is looked at', () => {
    page.show()
    expect(types()).toEqual(['hello', 'hello'])
    page.says(welcome)
    page.show()
    expect(types()).toEqual(['hello', 'hello'])
  })

  it('is not asked for by a page that nobody sees', () => {
    page.document.visibilityState = 'hidden'
    page.show()
    expect(types()).toEqual(['hello'])
  })

  it('is told everything anew when it was updated, and says welcome unasked', () => {
    companion.send(one)
    page.says(welcome)
    page.says(welcome)
    expect(types()).toEqual(['hello', 'waiting'])
    page.says(welcome)
    expect(types()).toEqual(['hello', 'waiting', 'waiting'])
  })
})

describe('an extension that goes', () => {
  beforeEach(() => {
    page.says(welcome)
    page.says({ type: 'quiet', isQuiet: true })
  })

  it('is missed within half a minute while somebody waits, and silence ends', () => {
    companion.send(one)
    page.says(welcome)
    clock.advance(20_000)
    expect(companion.state()).toMatchObject({ isQuiet: true })
    clock.advance(10_000)
    expect(companion.state()).toEqual({ kind: 'absent' })
  })

  it('is not asked while nobody waits, so that its worker may sleep', () => {
    companion.send({ type: 'waiting', people: 0, ring: 'none' })
    page.says(welcome)
    const before = page.posted.length
    clock.advance(10 * 60_000)
    expect(page.posted).toHaveLength(before)
    expect(companion.state().kind).toBe('present')
  })

  it('is kept while it answers', () => {
    companion.send(one)
    for (let asked = 0; asked < 30; asked += 1) {
      page.says(welcome)
      clock.advance(20_000)
    }
    expect(companion.state()).toMatchObject({ kind: 'present', isQuiet: true })
  })

  it('is found again when it comes back', () => {
    companion.send(one)
    clock.advance(30_000)
    expect(companion.state().kind).toBe('absent')
    clock.advance(20_000)
    expect(types().at(-1)).toBe('hello')
    page.says(welcome)
    expect(types().at(-1)).toBe('waiting')
    expect(companion.state()).toMatchObject({ kind: 'present', isQuiet: false })
  })
})

it('leaves nothing behind when it is closed', () => {
  companion.send(one)
  companion.close()
  const before = page.posted.length
  clock.advance(60_000)
  expect(page.listeners()).toBe(0)
  expect(page.posted).toHaveLength(before)
})
