import { beforeEach, describe, expect, it } from 'vitest'
import { createWaitingAnnouncer, type WaitingAnnouncer } from '../../../../../pwa/src/features/waiting-room/waiting-announcer.ts'
import { emptyRoom, exampleAppointment, exampleEntry } from '../../../../support/session/examples.ts'
import { createFakeCompanion, type FakeCompanion } from '../../../../support/fakes/fake-companion.ts'
import { createFakeRoom, type FakeRoom } from '../../../../support/session/fake-engine.ts'
import { createManualClock, type ManualClock } from '../../../../support/session/manual-clock.ts'

const hourMs = 60 * 60 * 1000
const sam = exampleEntry('Sam Lee')
const alex = exampleEntry('Alex Kim')

let log: string[]
let heard: 'ok' | 'blocked'
let hidden: boolean
let visibility: () => void
let room: FakeRoom
let clock: ManualClock
let announcer: WaitingAnnouncer
let companion: FakeCompanion

const settle = () => new Promise((resolve) => setImmediate(resolve))
const announce = (entry: typeof sam | null) => room.update({ announced: entry, waiting: entry ? [entry] : [] })

beforeEach(() => {
  log = []
  heard = 'ok'
  hidden = false
  room = createFakeRoom(emptyRoom)
  clock = createManualClock()
  companion = createFakeCompanion()
  announcer = createWaitingAnnouncer({
    room,
    clock,
    companion,
    sound: {
      ring() {
        log.push('ring')
        return () => log.push('quiet')
      },
      softTone: () => void log.push('soft'),
      canRing: async () => heard,
      unlock: async () => void log.push('unlock'),
    },
    notifications: {
      show(title, body, tag) {
        log.push(`notice ${title}, ${body}, ${tag}`)
        return () => log.push('notice gone')
      },
    },
    page: {
      isHidden: () => hidden,
      watchVisibility(listener) {
        visibility = () => listener(hidden)
        return () => log.push('unwatched')
      },
      setTitle: (title) => void log.push(`title ${title}`),
      setBadge: (count) => void log.push(`badge ${count}`),
    },
    words: () => ({ title: 'Someone is waiting', body: 'Open', tabTitle: (count, base) => `(${count}) ${base}` }),
    baseTitle: 'Alcove',
  })
  log = []
})

describe('a person arrives', () => {
  it('S20 rings until answered, once however often the state changes', () => {
    announce(sam)
    room.update({ clockOffsetMs: 5 })
    room.update({ announced: alex, waiting: [sam, alex] })
    expect(log.filter((line) => line === 'ring')).toHaveLength(1)
    expect(log).not.toContain('quiet')
    announce(null)
    expect(log.filter((line) => line === 'quiet')).toHaveLength(1)
  })

  it('counts waiting people in the title and on the badge, and takes both back', () => {
    announce(sam)
    expect(log).toContain('title (1) Alcove')
    expect(log).toContain('badge 1')
    announce(null)
    expect(log.slice(-2)).toEqual(['title Alcove', 'badge 0'])
  })

  it('does not count people who are away or who came hours too early', () => {
    const early = exampleEntry('Jo Park', { appointment: exampleAppointment('jo', clock.now() + 6 * hourMs) })
    room.update({ waiting: [exampleEntry('Pat', { presence: 'away' }), early] })
    expect(log).toEqual([])
    room.update({ clockOffsetMs: hourMs })
    expect(log).toContain('badge 1')
  })

  it('never says a name in the title or in a notification', () => {
    hidden = true
    announce(sam)
    expect(log.join()).not.toMatch(/Sam|Lee/)
    expect(log.join()).toContain('notice Someone is waiting')
  })

  it('shows a notification only while the tab is hidden, and takes it back when it is seen', () => {
    announce(sam)
    expect(log.join()).not.toContain('notice')
    hidden = true
    visibility()
    expect(log.filter((line) => line.startsWith('notice Someone'))).toHaveLength(1)
    room.update({ clockOffsetMs: 1 })
    expect(log.filter((line) => line.startsWith('notice Someone'))).toHaveLength(1)
    hidden = false
    visibility()
    expect(log).toContain('notice gone')
  })

  it('gives others one soft tone and no ringing', () => {
    room.update({ unseenOthers: 1 })
    room.update({ unseenOthers: 1 })
    expect(log.filter((line) => line === 'soft')).toHaveLength(1)
    expect(log).not.toContain('ring')
    room.update({ unseenOthers: 0 })
    room.update({ unseenOthers: 1 })
    expect(log.filter((line) => line === 'soft')).toHaveLength(2)
  })

  it('keeps a notification of others until the tab is seen', () => {
    hidden = true
    room.update({ unseenOthers: 1 })
    room.update({ clockOffsetMs: 1 })
    expect(log.filter((line) => line.startsWith('notice Someone'))).toHaveLength(1)
    expect(log).not.toContain('notice gone')
  })

  it('is silent in a tab whose room runs in another one', () => {
    room.update({ elsewhere: true, announced: sam, waiting: [sam], unseenOthers: 3 })
    expect(log).toEqual([])
  })

  it('falls silent for good when it is closed', () => {
    announce(sam)
    announcer.close()
    log = []
    announce(alex)
    clock.advance(60_000)
    expect(log).toEqual([])
  })
})

describe('the sound is blocked', () => {
  it('S22 says so when the chime is not heard, and rings anew once it can be', async () => {
    heard = 'blocked'
    const states: string[] = []
    announcer.subscribe(({ sound }) => states.push(sound))
    announce(sam)
    await settle()
    expect(announcer.state().sound).toBe('blocked')
    heard = 'ok'
    clock.advance(2000)
    await settle()
    expect(states).toEqual(['quiet', 'ringing', 'blocked', 'ringing'])
    expect(log.filter((line) => line === 'ring')).toHaveLength(2)
  })

  it('unlocks from a click and looks again', async () => {
    heard = 'blocked'
    announce(sam)
    await settle()
    heard = 'ok'
    await announcer.unblock()
    expect(log).toContain('unlock')
    expect(announcer.state().sound).toBe('ringing')
  })

  it('forgets a late answer about a chime that is over', async () => {
    heard = 'blocked'
    announce(sam)
    announce(null)
    await settle()
    expect(announcer.state().sound).toBe('quiet')
  })
})

describe('with the companion extension', () => {
  const welcome = { type: 'welcome', canRing: true, notifies: true } as const
  const waiting = (people: number, ring: string) => ({ type: 'waiting', people, ring })
  const rings = () => log.filter((line) => line === 'ring' || line === 'quiet')
  beforeEach(() => companion.says(welcome))

  it('says how many wait, and that it rings itself', async () => {
    announce(sam)
    await settle()
    announce(null)
    expect(companion.heard.slice(1)).toEqual([waiting(1, 'here'), waiting(0, 'none')])
  })

  it('tells one that comes late how things stand', async () => {
    companion.leaves()
    announce(sam)
    await settle()
    companion.says(welcome)
    expect(companion.heard.at(-1)).toEqual(waiting(1, 'here'))
  })

  it('asks it to ring when this page cannot be heard, and takes over once it can', async () => {
    heard = 'blocked'
    announce(sam)
    await settle()
    expect(companion.heard.at(-1)).toEqual(waiting(1, 'needed'))
    companion.says({ type: 'quiet', isQuiet: true })
    expect(rings()).toEqual(['ring', 'quiet'])
    expect(announcer.state().sound).toBe('quiet')
    heard = 'ok'
    clock.advance(2000)
    await settle()
    expect(companion.heard.at(-1)).toEqual(waiting(1, 'here'))
    expect(rings()).toEqual(['ring', 'quiet'])
    companion.says({ type: 'quiet', isQuiet: false })
    expect(rings()).toEqual(['ring', 'quiet', 'ring'])
    expect(announcer.state().sound).toBe('ringing')
  })

  it('makes no sound while another rings, for others who arrive either', () => {
    companion.says({ type: 'quiet', isQuiet: true })
    announce(sam)
    room.update({ unseenOthers: 1 })
    expect(rings()).toEqual([])
    expect(log).not.toContain('soft')
  })

  it('rings by itself again as soon as the extension is gone', async () => {
    announce(sam)
    companion.says({ type: 'quiet', isQuiet: true })
    companion.leaves()
    await settle()
    expect(rings()).toEqual(['ring', 'quiet', 'ring'])
  })

  it('leaves notifications to an extension that shows them, and to no other', () => {
    hidden = true
    announce(sam)
    expect(log.join()).not.toContain('notice Someone')
    companion.says({ ...welcome, notifies: false })
    expect(log.join()).toContain('notice Someone')
  })

  it('notifies by itself of others who arrive, for whom the extension calls nobody', () => {
    hidden = true
    room.update({ unseenOthers: 1 })
    expect(log.join()).toContain('notice Someone')
  })

  it('gives everybody who waits the note when a moment is asked for, and rings for the next person only', () => {
    const early = exampleEntry('Jo Park', { appointment: exampleAppointment('jo', clock.now() + 6 * hourMs) })
    room.update({ announced: sam, waiting: [sam, alex, early] })
    companion.says({ type: 'moment' })
    expect(room.calls).toEqual([`moment ${sam.guest}`, `moment ${alex.guest}`])
    expect(companion.heard.at(-1)).toEqual(waiting(2, 'none'))
    expect(rings()).toEqual(['ring', 'quiet'])
    const kim = exampleEntry('Kim Roe')
    room.update({ announced: kim, waiting: [sam, alex, kim] })
    expect(rings()).toEqual(['ring', 'quiet', 'ring'])
  })

  it('rings anew for somebody who went away and came back', () => {
    announce(sam)
    companion.says({ type: 'moment' })
    announce(null)
    announce(sam)
    expect(rings()).toEqual(['ring', 'quiet', 'ring'])
  })

  it('does not ask for it to ring in a tab whose room runs in another one', () => {
    heard = 'blocked'
    room.update({ elsewhere: true, announced: sam, waiting: [sam] })
    companion.says({ type: 'moment' })
    expect(companion.heard).toEqual([waiting(0, 'none')])
    expect(room.calls).toEqual([])
  })

  it('says that nobody waits when it is closed', () => {
    announce(sam)
    announcer.close()
    expect(companion.heard.at(-1)).toEqual(waiting(0, 'none'))
  })
})
