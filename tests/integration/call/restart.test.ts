import { describe, expect, it } from 'vitest'
import type { CallWorld, TestPatient } from '../../support/call/call-world.ts'
import type { TestClinician } from '../../support/call/test-clinician.ts'
import { comebackMs, groupSession, inSession, joins, sessionWithSam, starts } from '../../support/call/stories.ts'

type Story = { readonly world: CallWorld; readonly clinician: TestClinician; readonly sam: TestPatient }
type Step = 'clinician chooses' | 'patient chooses' | Disturbance
type Disturbance = (typeof disturbances)[number]

const disturbances = [
  'clinician reloads',
  'patient reloads',
  'clinician loses the socket',
  'patient loses the socket',
  'the server restarts',
] as const

async function take({ world, clinician, sam }: Story, step: Step): Promise<void> {
  switch (step) {
    case 'clinician chooses':
      return clinician.room().restart()
    case 'patient chooses':
      return sam.visit().restart()
    case 'clinician reloads':
      return clinician.reload()
    case 'patient reloads':
      return sam.reload()
    case 'clinician loses the socket':
      return world.server.dropSockets('clinician')
    case 'patient loses the socket':
      return world.server.dropSockets('sam')
    case 'the server restarts':
      world.server.kill()
      world.server.boot()
  }
}

async function endedSession(by: 'clinician' | 'patient') {
  const story = await sessionWithSam()
  if (by === 'clinician') story.clinician.room().end()
  else story.sam.visit().leave()
  await story.world.pass(500)
  expect(story.sam.phase().kind).toBe('ended')
  expect(story.clinician.state().session.kind).toBe('ended')
  expect(story.world.ether.connected()).toEqual([])
  return story
}

/** Every order of the two choices, with every `count` disturbances in every place among them. */
function interleavings(count: number): Step[][] {
  const choices: Step[][] = [
    ['clinician chooses', 'patient chooses'],
    ['patient chooses', 'clinician chooses'],
  ]
  let all = choices
  for (let i = 0; i < count; i++) {
    all = all.flatMap((steps) =>
      disturbances.flatMap((disturbance) =>
        steps.flatMap((_, at) => [steps.toSpliced(at, 0, disturbance)]).concat([[...steps, disturbance]]),
      ),
    )
  }
  return [...new Map(all.map((steps) => [steps.join(), steps])).values()]
}

/** Plays one order. `hasty`: no time passes between the steps; else everybody has come back before the next one. */
async function play(steps: readonly Step[], hasty: boolean): Promise<void> {
  const story = await endedSession('clinician')
  const { world, clinician, sam } = story
  const rings = clinician.rings.length
  const chosen = new Set<Step>()
  for (const step of steps) {
    await take(story, step)
    if (step === 'clinician chooses' || step === 'patient chooses') chosen.add(step)
    await world.pass(hasty ? 0 : comebackMs)
    if (chosen.size < 2) {
      await world.settled()
      expect(world.ether.connected(), steps.join(', ')).toEqual([])
      expect(clinician.state().session.kind).toBe('ended')
    }
  }
  await world.pass(2 * comebackMs)
  expect(world.ether.connected(), steps.join(', ')).toEqual(['clinician-sam'])
  expect(sam.phase()).toMatchObject({ kind: 'in-session', tampered: false, people: [{ connection: 'connected' }] })
  expect(inSession(clinician)).toEqual(['sam'])
  expect(clinician.state()).toMatchObject({ announced: null, waiting: [], session: { tampered: false } })
  expect(clinician.rings, 'nobody is called for a restart').toHaveLength(rings)
}

describe('S41 S42 Restart the Session, through the real hub', () => {
  it.each(['clinician', 'patient'] as const)(
    'S40 the session that the %s ended stands on both pages until both have chosen',
    async (by) => {
      const { world, clinician, sam } = await endedSession(by)
      expect(clinician.state().session).toMatchObject({ kind: 'ended', iWantRestart: false, wanting: [], missing: ['sam'] })
      expect(sam.phase()).toEqual({ kind: 'ended', iWantRestart: false, clinicianWantsRestart: false })
      clinician.room().restart()
      await world.pass(1000)
      expect(clinician.state().session).toMatchObject({ kind: 'ended', iWantRestart: true, missing: ['sam'] })
      expect(sam.phase()).toEqual({ kind: 'ended', iWantRestart: false, clinicianWantsRestart: true })
      sam.visit().restart()
      await world.pass(1000)
      expect(world.ether.connected()).toEqual(['clinician-sam'])
    },
  )

  it('the patient who chose first reads that, and the clinician reads who is missing', async () => {
    const { world, clinician, sam } = await endedSession('clinician')
    sam.visit().restart()
    await world.pass(1000)
    expect(sam.phase()).toEqual({ kind: 'ended', iWantRestart: true, clinicianWantsRestart: false })
    expect(clinician.state().session).toMatchObject({ kind: 'ended', iWantRestart: false, wanting: ['sam'], missing: [] })
    expect(clinician.state().waiting).toMatchObject([{ wantsRestart: true }])
    expect(clinician.state().announced).toBeNull()
  })

  for (const steps of [...interleavings(0), ...interleavings(1)]) {
    it(`one at a time: ${steps.join(', ')}`, () => play(steps, false))
    it(`in haste: ${steps.join(', ')}`, () => play(steps, true))
  }

  it('any two disturbances anywhere among the choices', { timeout: 120_000 }, async () => {
    const orders = interleavings(2)
    expect(orders.length).toBeGreaterThan(200)
    // Every seventh order here; the reducers' own test plays all of them (tests/unit/shared/domain/restart.test.ts).
    for (const steps of orders.filter((_, index) => index % 7 === 0)) await play(steps, true)
  })

  it('is an ordinary arrival once another session has started', async () => {
    const { world, clinician, sam } = await endedSession('clinician')
    const robin = await clinician.addPatient('Robin')
    await starts(clinician, await clinician.book(robin, 60_000))
    sam.visit().restart()
    await world.pass(1000)
    expect(sam.phase()).toMatchObject({ kind: 'waiting', heard: true })
    expect(clinician.state()).toMatchObject({ unseenOthers: 1, waiting: [{ wantsRestart: false, belongsHere: false }] })
  })

  it('is an ordinary arrival once the window has closed, also when the patient chose before', async () => {
    const { world, clinician, sam } = await endedSession('clinician')
    sam.visit().restart()
    await world.pass(1000)
    const rings = clinician.rings.length
    world.clock.advance(5.5 * 60 * 60_000)
    await world.pass(3000)
    expect(clinician.state().session).toEqual({ kind: 'none' })
    clinician.room().restart()
    await world.pass(1000)
    expect(world.ether.connected()).toEqual([])
    expect(sam.phase()).toMatchObject({ kind: 'waiting', heard: true })
    expect(clinician.rings).toHaveLength(rings + 1)
  })

  it('in a group begins with those who chose, and the others join as they choose', async () => {
    const { world, clinician, sam, guests } = await groupSession('kim')
    const [kim] = guests
    clinician.room().end()
    await world.pass(500)
    clinician.room().restart()
    sam.visit().restart()
    await world.pass(1000)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    kim?.visit().restart()
    await world.pass(1500)
    expect(world.ether.connected()).toEqual(['clinician-kim', 'clinician-sam', 'kim-sam'])
  })

  it('a stranger who asks for the restart of a session he was not in waits like everybody', async () => {
    const { world, clinician } = await endedSession('clinician')
    clinician.room().restart()
    const kim = await joins(world, 'kim', await clinician.standingLink())
    expect(kim.phase()).toMatchObject({ kind: 'waiting' })
    expect(world.ether.connected()).toEqual([])
  })
})
