import { describe, expect, it } from 'vitest'
import type { CallWorld, TestPatient } from '../../support/call/call-world.ts'
import type { TestClinician } from '../../support/call/test-clinician.ts'
import {
  accepts,
  appointmentOfSam,
  comebackMs,
  groupSession,
  inSession,
  joins,
  sessionWithSam,
  starts,
} from '../../support/call/stories.ts'

/** In the session as before, on both pages, and nobody was called for it. */
function expectTogether(world: CallWorld, clinician: TestClinician, sam: TestPatient, rings: number) {
  expect(world.ether.connected()).toEqual(['clinician-sam'])
  expect(world.ether.flowing('sam', 'clinician')).toEqual(['sam camera', 'sam microphone'])
  expect(world.ether.flowing('clinician', 'sam')).toEqual(['clinician camera', 'clinician microphone'])
  expect(sam.phase()).toMatchObject({ kind: 'in-session', tampered: false, people: [{ connection: 'connected', camera: 'on' }] })
  expect(clinician.state()).toMatchObject({
    announced: null,
    waiting: [],
    session: { kind: 'running', tampered: false, people: [{ name: 'sam', connection: 'connected', camera: 'on' }] },
  })
  expect(clinician.rings).toHaveLength(rings)
}

describe('a reload in the session', () => {
  it("of the patient's page comes back without a knock that rings", async () => {
    const { world, clinician, sam } = await sessionWithSam()
    const startedAt = sam.phase()
    await sam.reload()
    expect(sam.phase().kind).toBe('in-session')
    await world.pass(3000)
    expectTogether(world, clinician, sam, 1)
    expect(sam.phase()).toMatchObject({ startedAt: startedAt.kind === 'in-session' ? startedAt.startedAt : null })
  })

  it("of the clinician's page comes back without a knock that rings", async () => {
    const { world, clinician, sam } = await sessionWithSam()
    await clinician.reload()
    await world.pass(3000)
    expectTogether(world, clinician, sam, 1)
  })

  it('of both pages at once comes back', async () => {
    const { world, clinician, sam } = await sessionWithSam()
    clinician.close()
    await sam.reload()
    await clinician.open()
    await world.pass(3000)
    expectTogether(world, clinician, sam, 1)
  })

  it('comes back again and again', async () => {
    const { world, clinician, sam } = await sessionWithSam()
    for (let round = 0; round < 5; round++) {
      await sam.reload()
      await world.pass(1000)
      await clinician.reload()
      await world.pass(1000)
    }
    await world.pass(2000)
    expectTogether(world, clinician, sam, 1)
  })

  it('a patient who closes the page and opens the same link in the same browser is back without a click', async () => {
    const { world, clinician, sam, link } = await sessionWithSam()
    sam.close()
    await world.pass(60_000)
    expect(clinician.state().session).toMatchObject({ people: [{ name: 'sam', connection: 'reconnecting' }] })
    const again = await joins(world, 'sam', link, sam.browser)
    await world.pass(2000)
    expect(again.phase().kind).toBe('in-session')
    expectTogether(world, clinician, again, 1)
  })

  it('the same link in another browser is somebody new, who waits for Accept', async () => {
    const { world, clinician, link } = await sessionWithSam()
    const other = await joins(world, 'other', link)
    await world.pass(2000)
    expect(other.phase()).toMatchObject({ kind: 'waiting', heard: true })
    expect(clinician.rings).toHaveLength(2)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
  })
})

describe('a reload while waiting', () => {
  it("of the patient's page keeps the place and does not ring again", async () => {
    const { world, clinician, link } = await appointmentOfSam()
    const sam = await joins(world, 'sam', link)
    const kim = await joins(world, 'kim', await clinician.standingLink())
    const before = clinician.state().waiting.map(({ guest, firstSeenAt }) => ({ guest, firstSeenAt }))
    await sam.reload()
    await world.pass(3000)
    expect(sam.phase()).toMatchObject({ kind: 'waiting', heard: true })
    expect(clinician.state().waiting.map(({ guest, firstSeenAt }) => ({ guest, firstSeenAt }))).toEqual(before)
    expect(before.map(({ guest }) => guest)).toEqual([sam.key(), kim.key()])
    expect(clinician.rings).toEqual([sam.key()])
  })

  it("of the clinician's page keeps order, times and what was answered", async () => {
    const { world, clinician, link, appointment } = await appointmentOfSam()
    const sam = await joins(world, 'sam', link)
    const kim = await joins(world, 'kim', await clinician.standingLink())
    clinician.room().dismissAnnouncement()
    clinician.room().dismissAnnouncement()
    const before = clinician.state().waiting
    const rings = clinician.rings.length
    await world.pass(5000)
    await clinician.reload()
    await world.pass(2000)
    expect(clinician.state().waiting).toEqual(before)
    expect(clinician.state().announced).toBeNull()
    expect(clinician.rings).toHaveLength(rings)
    await starts(clinician, appointment)
    await accepts(world, clinician, sam)
    await accepts(world, clinician, kim)
    expect(inSession(clinician)).toEqual(['sam', 'kim'])
  })

  it('a patient who is away for longer than the grace is dropped, and has the old place on coming back soon', async () => {
    const { world, clinician, link } = await appointmentOfSam()
    const sam = await joins(world, 'sam', link)
    const kim = await joins(world, 'kim', await clinician.standingLink())
    world.server.setReachable('sam', false)
    world.server.dropSockets('sam')
    await world.pass(1000)
    expect(clinician.state().waiting).toMatchObject([{ guest: sam.key(), presence: 'away' }, { presence: 'here' }])
    expect(await clinician.room().accept(sam.key())).toMatchObject({ ok: false })
    await world.pass(25_000)
    expect(clinician.state().waiting.map(({ guest }) => guest)).toEqual([kim.key()])
    world.server.setReachable('sam', true)
    await world.pass(20_000)
    expect(clinician.state().waiting.map(({ guest }) => guest)).toEqual([sam.key(), kim.key()])
    expect(clinician.rings.filter((guest) => guest === sam.key())).toHaveLength(1)
  })
})

describe('the server is killed and starts again', () => {
  async function crowded() {
    const story = await sessionWithSam()
    const { world, clinician } = story
    const standing = await clinician.standingLink()
    const kim = await joins(world, 'kim', standing)
    await world.pass(7000)
    const lee = await joins(world, 'lee', standing)
    clinician.room().dismissAnnouncement()
    clinician.room().dismissAnnouncement()
    const queue = () => clinician.state().waiting.map(({ guest, firstSeenAt, presence }) => ({ guest, firstSeenAt, presence }))
    return { ...story, kim, lee, queue, before: queue(), rings: clinician.rings.length }
  }

  it('same people, same order, same waiting times, no second ring, the call undisturbed', async () => {
    const { world, clinician, sam, queue, before, rings } = await crowded()
    const states: string[] = []
    sam.visit().subscribe(({ phase }) => states.push(phase.kind === 'in-session' ? (phase.people[0]?.connection ?? '') : phase.kind))
    world.server.kill()
    await world.pass(3000)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    expect(clinician.state().signaling.kind).not.toBe('open')
    world.server.boot()
    await world.pass(comebackMs)
    expect(queue()).toEqual(before)
    expect(clinician.rings).toHaveLength(rings)
    expect(new Set(states)).toEqual(new Set(['connected']))
    expect(world.ether.connections().filter(({ owner, closed }) => owner === 'sam' && !closed)).toHaveLength(1)
    expect(sam.phase()).toMatchObject({ kind: 'in-session', tampered: false })
    expect(clinician.state().session).toMatchObject({ tampered: false, people: [{ connection: 'connected' }] })
  })

  it.each(['patient', 'clinician', 'both'])(
    'and the admitted patient is back without a click when meanwhile a page was reloaded: %s',
    async (who) => {
      const { world, clinician, sam, queue, before, rings } = await crowded()
      world.server.kill()
      await world.pass(1000)
      if (who !== 'clinician') await sam.reload()
      if (who !== 'patient') await clinician.reload()
      await world.pass(4000)
      world.server.boot()
      await world.pass(comebackMs)
      expect(world.ether.connected()).toEqual(['clinician-sam'])
      expect(world.ether.flowing('sam', 'clinician')).toEqual(['sam camera', 'sam microphone'])
      expect(queue()).toEqual(before)
      expect(clinician.rings).toHaveLength(rings)
      expect(sam.phase()).toMatchObject({ kind: 'in-session', tampered: false, people: [{ connection: 'connected' }] })
      expect(clinician.state().session).toMatchObject({ tampered: false })
    },
  )

  it('and messages of before, replayed by it, do nothing', async () => {
    const { world, clinician, sam, kim } = await crowded()
    const old = world.server.frames.filter(({ page, to }) => to === 'page' && (page === 'sam' || page === 'kim')).slice()
    clinician.room().end()
    await world.pass(500)
    expect(sam.phase().kind).toBe('ended')
    const replays = (page: string) =>
      old.filter((frame) => frame.page === page && /^{"type":"(admitted|ended|roster|relay|note)"/.test(frame.text))
    for (const { page, text } of [...replays('sam'), ...replays('kim')]) world.server.inject(page, text)
    await world.pass(2000)
    expect(sam.phase()).toEqual({ kind: 'ended', iWantRestart: false, clinicianWantsRestart: false })
    expect(kim.phase()).toMatchObject({ kind: 'waiting' })
    expect(world.ether.connected()).toEqual([])
  })

  it('an end of another call, replayed, ends nothing', async () => {
    const { world, clinician, sam, appointment } = await sessionWithSam()
    clinician.room().end()
    await world.pass(500)
    const end = world.server.frames.find(({ page, text }) => page === 'sam' && text.startsWith('{"type":"ended"'))
    sam.visit().join('sam')
    await world.pass(500)
    await starts(clinician, appointment)
    await accepts(world, clinician, sam)
    world.server.inject('sam', end?.text ?? '')
    await world.pass(1000)
    expect(sam.phase()).toMatchObject({ kind: 'in-session', tampered: false })
    expect(world.ether.connected()).toEqual(['clinician-sam'])
  })

  it('a group goes on undisturbed', async () => {
    const { world, clinician, sam, guests } = await groupSession('kim', 'lee')
    const all = ['clinician-kim', 'clinician-lee', 'clinician-sam', 'kim-lee', 'kim-sam', 'lee-sam']
    expect(world.ether.connected()).toEqual(all)
    const before = world.ether.connections().length
    world.server.kill()
    await world.pass(2000)
    world.server.boot()
    await world.pass(comebackMs)
    expect(world.ether.connected()).toEqual(all)
    // Not one connection had to be made anew; the spare one of a room with nobody waiting is gone.
    expect(world.ether.connections().length).toBe(before)
    for (const one of [sam, ...guests])
      expect(one.phase()).toMatchObject({ kind: 'in-session', group: true, tampered: false, clinicianGone: false })
    expect(inSession(clinician)).toEqual(['sam', 'kim', 'lee'])
  })
})

describe('a lost path', () => {
  it('is mended once the network is back', async () => {
    const { world, clinician, sam } = await sessionWithSam()
    world.ether.cut()
    await world.pass(8000)
    expect(sam.phase()).toMatchObject({ people: [{ connection: 'reconnecting' }] })
    world.ether.restore()
    await world.pass(10_000)
    expectTogether(world, clinician, sam, 1)
  })

  it('that has failed for good gets a restart of ICE or a new connection', async () => {
    const { world, clinician, sam } = await sessionWithSam()
    world.ether.cut()
    await world.pass(40_000)
    world.ether.restore()
    await world.pass(30_000)
    expectTogether(world, clinician, sam, 1)
  })

  it('is said to have failed after a minute, and is still mended later', async () => {
    const { world, clinician, sam } = await sessionWithSam()
    world.ether.cut()
    await world.pass(65_000)
    expect(sam.phase()).toMatchObject({ people: [{ connection: 'failed' }] })
    expect(clinician.state().session).toMatchObject({ people: [{ connection: 'failed' }] })
    world.ether.restore()
    await world.pass(30_000)
    expectTogether(world, clinician, sam, 1)
  })

  it('is mended over the data channel while the server is away', async () => {
    const { world, clinician, sam } = await sessionWithSam()
    world.server.kill()
    await world.pass(500)
    clinician.room().setName('Dr. R.')
    await world.pass(500)
    expect(sam.phase()).toMatchObject({ people: [{ name: 'Dr. R.' }] })
    clinician.room().end()
    await world.pass(500)
    expect(sam.phase().kind).toBe('ended')
  })
})
