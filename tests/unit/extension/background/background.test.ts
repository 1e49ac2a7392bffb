import {
  answerScreen,
  contentSays,
  decodeScreenAnswer,
  type ScreenToBackground,
  screenSays,
} from '@alcove/shared/protocol/extension-inside'
import { type PageToExtension, pageSays } from '@alcove/shared/protocol/extension-messages'
import { describe, expect, it } from 'vitest'
import { createBackground } from '../../../../extension/src/background/background.ts'
import { beginLife, extensionId, extensionUrl, fakeWorld, type Life, untilIdle, type World } from '../../../support/extension/fake-world.ts'
import { lastQuiet, minuteMs, origin, page, pattern, screen, tab, told, withSite } from '../../../support/extension/person.ts'

describe('people who wait', () => {
  it('are on the badge, in a notification without a name, and rung for by the extension when the page cannot be heard', async () => {
    const world = fakeWorld()
    world.tabs.push(tab(1))
    const someone = await withSite(world)
    await someone.says({ type: 'hello' })
    await someone.says({ type: 'waiting', people: 2, ring: 'needed' })
    expect(world).toMatchObject({ badge: '2', isRinging: true })
    expect(world.notices.get('waiting')).toBe('2 people are in your waiting room\nOpen Alcove to answer.')
    expect(lastQuiet(world.tabs[0])).toBe(true)
    await someone.says({ type: 'waiting', people: 0, ring: 'none' })
    expect(world).toMatchObject({ badge: '', isRinging: false })
    expect(world.notices.size).toBe(0)
    expect(lastQuiet(world.tabs[0])).toBe(false)
  })

  it('are rung for by one page alone, as long as it can be heard', async () => {
    const world = fakeWorld()
    world.tabs.push(tab(1), tab(2))
    const someone = await withSite(world)
    await someone.says({ type: 'waiting', people: 1, ring: 'here' }, 1)
    await someone.says({ type: 'waiting', people: 1, ring: 'here' }, 2)
    expect(world.isRinging).toBe(false)
    expect([lastQuiet(world.tabs[0]), lastQuiet(world.tabs[1])]).toEqual([false, true])
    // The person mutes the tab that rings: the other one takes over, then the extension.
    for (const one of world.tabs) {
      one.isMuted = true
      await someone.sees('tab updated', one.id, { mutedInfo: { muted: true } })
    }
    expect(world.isRinging).toBe(true)
    expect([lastQuiet(world.tabs[0]), lastQuiet(world.tabs[1])]).toEqual([true, true])
  })

  it('cause no notification while the page is before the eyes, and one as soon as it is not', async () => {
    const world = fakeWorld()
    world.tabs.push(tab(1, { active: true }), tab(2, { url: 'https://news.example/' }))
    const someone = await withSite(world)
    await someone.says({ type: 'waiting', people: 1, ring: 'here' })
    expect(world.notices.size).toBe(0)
    for (const one of world.tabs) one.active = !one.active
    await someone.sees('activated', { tabId: 2 })
    expect(world.notices.size).toBe(1)
    await someone.sees('clicked', 'waiting')
    expect(world.tabs.map(({ active }) => active)).toEqual([true, false])
    expect(world.notices.size).toBe(0)
  })

  it('are told to wait a moment by one page', async () => {
    const world = fakeWorld()
    world.tabs.push(tab(1), tab(2))
    const someone = await withSite(world)
    await someone.says({ type: 'waiting', people: 1, ring: 'none' }, 1)
    await someone.says({ type: 'waiting', people: 1, ring: 'needed' }, 2)
    await someone.sees('button', 'waiting', 1)
    const moments = world.tabs.map((one) => told(one).filter((each) => JSON.stringify(each).includes('"moment"')).length)
    expect(moments).toEqual([0, 1])
  })

  it('are forgotten with the tab that told of them, also when it died without a word', async () => {
    const world = fakeWorld()
    world.tabs.push(tab(1), tab(2))
    const someone = await withSite(world)
    await someone.says({ type: 'waiting', people: 1, ring: 'needed' }, 1)
    world.tabs.shift()
    await someone.sees('tab removed', 1)
    expect(world).toMatchObject({ badge: '', isRinging: false })
    await someone.says({ type: 'waiting', people: 3, ring: 'needed' }, 2)
    expect(world.alarms.has('look')).toBe(true)
    for (const one of world.tabs) one.hasScript = false
    await someone.sees('alarm', { name: 'look' })
    expect(world).toMatchObject({ badge: '', isRinging: false })
    expect(world.alarms.has('look')).toBe(false)
  })
})

describe('the early warning', () => {
  const ready = async (world: World) => {
    const someone = await withSite(world)
    await someone.presses({ type: 'set-reminders', reminders: { isOn: true, minutesBefore: [10] } })
    await someone.says({ type: 'appointments', startsAt: [world.now + 30 * minuteMs] })
    expect(world.alarms.get('early')).toEqual({ when: world.now + 20 * minuteMs })
    world.now += 20 * minuteMs
    return someone
  }

  it('says nothing when all is well, and opens nothing', async () => {
    const world = fakeWorld()
    const someone = await ready(world)
    await someone.sees('alarm', { name: 'early' })
    expect(world.notices.size).toBe(0)
    expect(world.tabs).toEqual([])
    expect(JSON.parse(world.local.get(`site ${origin}`) ?? '').quiet).toEqual({ at: world.now, problems: [] })
    expect(world.alarms.has('early')).toBe(false)
  })

  it('speaks up when something is wrong, with no tab open', async () => {
    const world = fakeWorld()
    const someone = await ready(world)
    world.serverAnswers = 'unreachable'
    world.devices.microphones = 0
    await someone.sees('alarm', { name: 'early' })
    expect(world.notices.get('early')).toBe(
      'Before your next session\nA microphone that was there before is missing.\nYour Alcove server cannot be reached.',
    )
    expect(world.badge).toBe('!')
    expect(world.tabs).toEqual([])
    await someone.sees('clicked', 'early')
    expect(world.tabs.map(({ url }) => url)).toEqual([`${origin}/check`])
  })
})

describe('permissions of a site', () => {
  it('are set for that origin, shown, and taken back', async () => {
    const world = fakeWorld()
    const someone = await withSite(world)
    await someone.presses({ type: 'set-permissions', origin, permissions: ['camera', 'notifications'] })
    expect([...world.rules]).toEqual([
      [`camera ${pattern}`, 'allow'],
      [`notifications ${pattern}`, 'allow'],
    ])
    await someone.presses({ type: 'undo-permissions', origin })
    expect(world.rules.size).toBe(0)
  })

  it('are never set for a site that was not added', async () => {
    const world = fakeWorld()
    const someone = await withSite(world)
    const answer = await someone.presses({ type: 'set-permissions', origin: 'https://other.example', permissions: ['camera'] })
    expect(answer).toBe(answerScreen({ type: 'failed', reason: 'no-site' }))
    expect(world.rules.size).toBe(0)
  })

  it('go with the site, and only its own', async () => {
    const world = fakeWorld()
    const someone = await withSite(world)
    world.access.add('https://other.example:443/*')
    await someone.presses({ type: 'add-site', origin: 'https://other.example' })
    for (const each of [origin, 'https://other.example']) {
      await someone.presses({ type: 'set-permissions', origin: each, permissions: ['camera'] })
    }
    world.tabs.push(tab(1))
    await someone.presses({ type: 'remove-site', origin })
    expect([...world.rules.keys()]).toEqual(['camera https://other.example:443/*'])
    expect([...world.scripts]).toEqual(['https://other.example:443/*'])
    expect([...world.access]).toEqual(['https://other.example:443/*'])
    expect(told(world.tabs[0])).toContainEqual({ type: 'leave' })
    expect(world.local.has(`site ${origin}`)).toBe(false)
  })
})

describe('who is not answered', () => {
  const hello = contentSays({ type: 'page', message: { type: 'hello' } })
  const strangers: readonly (readonly [string, unknown, object])[] = [
    ['another extension', hello, { ...page(), id: 'another' }],
    ['another extension, as the popup', screenSays({ type: 'get-state' }), { id: 'another', url: 'chrome-extension://another/popup.html' }],
    ['another port of the same host', hello, page(1, 'https://clinic.example:8443/')],
    ['plain http', hello, page(1, 'http://clinic.example/')],
    ['a subdomain', hello, page(1, 'https://sub.clinic.example/')],
    ['a host that only begins alike', hello, page(1, 'https://clinic.example.evil.example/')],
    ['a frame', hello, { ...page(), frameId: 7 }],
    ['a page without a tab', hello, { ...page(), tab: undefined }],
    ['a sandboxed page of the site', hello, { ...page(), origin: 'null' }],
    ['a page that is being prerendered', hello, { ...page(), documentLifecycle: 'prerender' }],
    ['a page that speaks as the popup', screenSays({ type: 'copy-report' }), page()],
    ['a page that says what pages do not say', pageSays({ type: 'hello' }), page()],
    ['a page with an unknown message', hello.replace('hello', 'keys'), page()],
    ['a page with one key too many', hello.replace('"type":"hello"', '"type":"hello","name":"Sam"'), page()],
    ['a page that says no text', { type: 'page', message: { type: 'hello' } }, page()],
    ['another page of the extension', screenSays({ type: 'get-state' }), { id: extensionId, url: `${extensionUrl}offscreen.html` }],
  ]

  it.each(strangers)('%s', async (_who, data, sender) => {
    const world = fakeWorld()
    world.tabs.push(tab(1))
    const someone = await withSite(world)
    const before = JSON.stringify([[...world.local], [...world.session]])
    expect(await someone.sends(data, sender)).toBeUndefined()
    expect(JSON.stringify([[...world.local], [...world.session]])).toBe(before)
    expect(world.tabs[0]?.told).toEqual([])
    // The same message from where it belongs is heard.
    expect(await someone.sends(hello, page())).toBeTypeOf('string')
  })

  it('a site that the browser no longer lets us see', async () => {
    const world = fakeWorld()
    const someone = await withSite(world)
    world.access.clear()
    await someone.sees('removed', {})
    expect(world.scripts.size).toBe(0)
    expect(await someone.sends(hello, page())).toBeUndefined()
  })
})

describe('a background that is killed', () => {
  /** A morning with everything in it; what is left of it must not depend on when the browser ended the background. */
  async function morning(endsAt: number): Promise<World> {
    const world = fakeWorld()
    world.endsAt = endsAt
    world.tabs.push(tab(1), tab(2))
    const someone = await withSite(world)
    await someone.says({ type: 'hello' }, 1)
    await someone.presses({ type: 'set-permissions', origin, permissions: ['camera', 'microphone'] })
    await someone.presses({ type: 'set-permissions', origin, permissions: ['camera'] })
    await someone.presses({ type: 'set-reminders', reminders: { isOn: true, minutesBefore: [5, 10] } })
    await someone.says({ type: 'appointments', startsAt: [world.now + 20 * minuteMs] }, 1)
    await someone.says({ type: 'waiting', people: 1, ring: 'here' }, 2)
    await someone.says({ type: 'waiting', people: 0, ring: 'none' }, 2)
    world.now += 10 * minuteMs
    world.serverAnswers = 'unreachable'
    await someone.sees('alarm', { name: 'early' })
    await someone.says({ type: 'waiting', people: 1, ring: 'needed' }, 1)
    return world
  }
  const left = (world: World) => ({
    badge: world.badge,
    isRinging: world.isRinging,
    notices: [...world.notices],
    rules: [...world.rules],
    scripts: [...world.scripts],
    alarms: [...world.alarms].sort(),
    quiet: world.tabs.map(lastQuiet),
    kept: [...world.local].sort(),
    present: [...world.session].sort(),
  })

  it('between any two steps leaves everything as if it had lived', async () => {
    const undisturbed = await morning(Number.POSITIVE_INFINITY)
    expect(undisturbed).toMatchObject({ badge: '1', isRinging: true })
    expect([...undisturbed.notices.keys()].sort()).toEqual(['early', 'waiting'])
    expect([...undisturbed.rules.keys()]).toEqual([`camera ${pattern}`])
    expect(undisturbed.calls).toBeGreaterThan(100)
    // The suite that may take long tries them all; 3 and the 2 of each call have no common step, so both sides of calls are met.
    const step = process.env.ALCOVE_LONG === '1' ? 1 : 3
    for (let endsAt = 0; endsAt < 2 * undisturbed.calls; endsAt += step) {
      expect(left(await morning(endsAt)), `ended at ${endsAt}`).toEqual(left(undisturbed))
    }
  }, 60_000)

  it('with nobody who tries again keeps badge, ring, settings and scripts as it had written them down', async () => {
    async function half(endsAt: number): Promise<World> {
      const world = fakeWorld()
      world.endsAt = endsAt
      world.access.add(pattern)
      world.tabs.push(tab(1))
      let life: Life | null = null
      const once = async (act: (life: Life) => unknown) => {
        if (!life || life.isOver()) {
          life = beginLife(world)
          createBackground(life.context)
        }
        void act(life)
        await untilIdle(world)
      }
      const presses = (message: ScreenToBackground) => once((now) => now.send(screenSays(message), screen))
      const says = (message: PageToExtension) => once((now) => now.send(contentSays({ type: 'page', message }), page()))
      await presses({ type: 'add-site', origin })
      await presses({ type: 'set-permissions', origin, permissions: ['camera', 'microphone'] })
      await says({ type: 'waiting', people: 2, ring: 'needed' })
      await presses({ type: 'undo-permissions', origin })
      await says({ type: 'waiting', people: 0, ring: 'none' })
      // Whatever happens next.
      await once((now) => now.fire('alarm', { name: 'look' }))
      return world
    }
    const total = (await half(Number.POSITIVE_INFINITY)).calls
    for (let endsAt = 0; endsAt < 2 * total; endsAt += 1) {
      const world = await half(endsAt)
      const settings = JSON.parse(world.local.get('settings') ?? '{"sites":[],"rules":[]}') as {
        sites: string[]
        rules: { permissions: string[] }[]
      }
      const { tabs } = JSON.parse(world.session.get('present') ?? '{"tabs":[]}') as { tabs: { people: number }[] }
      const people = tabs.reduce((sum, one) => sum + one.people, 0)
      expect(
        {
          badge: world.badge,
          isRinging: world.isRinging,
          notices: world.notices.size,
          rules: [...world.rules.keys()],
          scripts: [...world.scripts],
        },
        `ended at ${endsAt}`,
      ).toEqual({
        badge: people > 0 ? String(people) : '',
        isRinging: people > 0,
        notices: people > 0 ? 1 : 0,
        rules: settings.rules.flatMap(({ permissions }) => permissions.map((kind) => `${kind} ${pattern}`)),
        scripts: settings.sites.length > 0 ? [pattern] : [],
      })
    }
  }, 60_000)

  it('and begun for another reason finishes what it had begun', async () => {
    const world = fakeWorld()
    const someone = await withSite(world)
    await someone.presses({ type: 'set-permissions', origin, permissions: ['camera'] })
    // Right after the decision was written down.
    const settings = JSON.parse(world.local.get('settings') ?? '')
    world.local.set('settings', JSON.stringify({ ...settings, rules: [], areRulesApplied: false }))
    someone.restarts()
    const answer = decodeScreenAnswer(await someone.presses({ type: 'get-state' }))
    expect(world.rules.size).toBe(0)
    expect(answer.ok && answer.value.type === 'state' && answer.value.state.setByUs).toEqual([])
  })
})
