import { answerScreen, decodeScreenAnswer } from '@alcove/shared/protocol/extension-inside'
import { describe, expect, it } from 'vitest'
import { fakeWorld } from '../../../support/extension/fake-world.ts'
import { lastQuiet, origin, pattern, tab, told, withSite } from '../../../support/extension/person.ts'

describe('people who wait, when something is against it,', () => {
  it('make an extension that is not heard silence nobody: the page says what to do', async () => {
    const world = fakeWorld()
    world.isHeard = false
    world.tabs.push(tab(1))
    const someone = await withSite(world)
    await someone.says({ type: 'waiting', people: 1, ring: 'needed' })
    expect(world.badge).toBe('1')
    expect(lastQuiet(world.tabs[0])).toBe(false)
    // Somebody turned the sound on.
    world.isHeard = true
    await someone.says({ type: 'waiting', people: 1, ring: 'needed' })
    expect(lastQuiet(world.tabs[0])).toBe(true)
  })

  it('are rung for by the page that does it already, whenever it says so again', async () => {
    const world = fakeWorld()
    world.tabs.push(tab(1), tab(2))
    const someone = await withSite(world)
    await someone.says({ type: 'waiting', people: 1, ring: 'here' }, 1)
    await someone.says({ type: 'waiting', people: 1, ring: 'here' }, 2)
    for (const tabId of [1, 2, 1]) {
      await someone.says({ type: 'waiting', people: 1, ring: 'here' }, tabId)
      expect([lastQuiet(world.tabs[0]), lastQuiet(world.tabs[1])]).toEqual([false, true])
    }
  })

  it('are as many in the popup as on the badge, also when another tab of the site knows of nobody', async () => {
    const world = fakeWorld()
    world.tabs.push(tab(1), tab(2))
    const someone = await withSite(world)
    await someone.says({ type: 'waiting', people: 2, ring: 'here' }, 1)
    await someone.says({ type: 'hello' }, 2)
    const answer = decodeScreenAnswer(await someone.presses({ type: 'get-state' }))
    expect(answer.ok && answer.value.type === 'state' && answer.value.state.waiting).toEqual({ people: 2, rings: 'page' })
    expect(world.badge).toBe('2')
  })

  it('are rung for no longer once the browser takes the site from us', async () => {
    const world = fakeWorld()
    world.tabs.push(tab(1))
    const someone = await withSite(world)
    await someone.says({ type: 'waiting', people: 1, ring: 'needed' })
    expect(world.isRinging).toBe(true)
    world.access.clear()
    await someone.sees('removed', {})
    expect(world).toMatchObject({ badge: '', isRinging: false })
    expect(world.notices.size).toBe(0)
  })

  it('are on the badge and rung for, whatever else the browser refuses', async () => {
    const world = fakeWorld()
    world.tabs.push(tab(1))
    const someone = await withSite(world)
    world.refused.add('rules').add('notices')
    const answer = await someone.presses({ type: 'set-permissions', origin, permissions: ['camera'] })
    expect(answer).toBe(answerScreen({ type: 'failed', reason: 'failed' }))
    await someone.says({ type: 'waiting', people: 1, ring: 'needed' })
    expect(world).toMatchObject({ badge: '1', isRinging: true })
    // No longer refused, what was decided is done.
    world.refused.clear()
    await someone.says({ type: 'waiting', people: 0, ring: 'none' })
    expect([...world.rules.keys()]).toEqual([`camera ${pattern}`])
  })
})

describe('one click against what is wrong', () => {
  it('brings the check that is open to the front, at the line', async () => {
    const world = fakeWorld()
    world.tabs.push(tab(1, { url: `${origin}/check` }), tab(2, { active: true }))
    const someone = await withSite(world)
    await someone.presses({ type: 'fix', line: 'microphone' })
    expect(world.tabs.map(({ url, active }) => [url, active])).toEqual([
      [`${origin}/check#microphone`, true],
      [`${origin}/`, false],
    ])
    expect(told(world.tabs[0])).toContainEqual({ type: 'page', message: { type: 'check-again' } })
  })
})
