import { describe, expect, it } from 'vitest'
import { accepts, groupSession, inSession, joins } from '../../support/call/stories.ts'

const everybody = ['clinician-kim', 'clinician-lee', 'clinician-sam', 'kim-lee', 'kim-sam', 'lee-sam']

describe('a group of four', () => {
  it('connects everybody with everybody, each knowing the others by name', async () => {
    const { world, clinician, sam, guests } = await groupSession('kim', 'lee')
    expect(world.ether.connected()).toEqual(everybody)
    expect(world.ether.flowing('kim', 'lee')).toEqual(['kim camera', 'kim microphone'])
    expect(inSession(clinician)).toEqual(['sam', 'kim', 'lee'])
    const { phase } = sam.visit().state()
    expect(phase).toMatchObject({ kind: 'in-session', group: true, tampered: false, clinicianGone: false })
    if (phase.kind !== 'in-session') throw new Error('Not in session')
    expect(phase.people.map(({ name, connection, paused }) => ({ name, connection, paused }))).toEqual([
      { name: 'Dr. Rivera', connection: 'connected', paused: false },
      { name: 'kim', connection: 'connected', paused: false },
      { name: 'lee', connection: 'connected', paused: false },
    ])
    for (const guest of guests) expect(guest.phase()).toMatchObject({ kind: 'in-session', group: true })
  })

  it('sends cameras at 360 lines at most, and in full again when two are left', async () => {
    const { world, clinician, guests } = await groupSession('kim', 'lee')
    const scales = () =>
      world.ether
        .connections()
        .filter(({ connectionState }) => connectionState === 'connected')
        .map(({ transceivers }) => transceivers[1]?.sender.getParameters().encodings[0])
    expect(scales()).toHaveLength(12)
    for (const encoding of scales()) expect(encoding).toMatchObject({ scaleResolutionDownBy: 2 })
    for (const guest of guests) clinician.room().remove(guest.key())
    await world.pass(1000)
    expect(scales()).toHaveLength(2)
    for (const encoding of scales()) expect(encoding).toMatchObject({ scaleResolutionDownBy: 1 })
  })

  it('a fifth is refused, told so, and let in when there is a place', async () => {
    const { world, clinician, sam, standing, guests } = await groupSession('kim', 'lee')
    const max = await joins(world, 'max', standing)
    expect(await clinician.room().accept(max.key())).toEqual({ ok: false, error: { kind: 'full' } })
    await world.pass(1000)
    expect(max.phase()).toEqual({ kind: 'full' })
    expect(world.ether.connected()).toEqual(everybody)
    clinician.room().remove(guests[0]?.key() ?? sam.key())
    await world.pass(1000)
    await accepts(world, clinician, max)
    expect(max.phase()).toMatchObject({ kind: 'in-session', group: true })
    expect(inSession(clinician)).toEqual(['sam', 'lee', 'max'])
  })

  it('Remove takes one out, who is told so and does not come back by itself', async () => {
    const { world, clinician, guests } = await groupSession('kim', 'lee')
    const [kim] = guests
    if (!kim) throw new Error('No kim')
    clinician.room().remove(kim.key())
    await world.pass(1000)
    expect(kim.phase()).toEqual({ kind: 'removed' })
    expect(world.ether.connected()).toEqual(['clinician-lee', 'clinician-sam', 'lee-sam'])
    await kim.reload()
    await world.pass(3000)
    expect(kim.phase()).toEqual({ kind: 'removed' })
    expect(world.ether.connected()).toEqual(['clinician-lee', 'clinician-sam', 'lee-sam'])
  })

  it('who was removed while away is turned away on coming back', async () => {
    const { world, clinician, guests } = await groupSession('kim', 'lee')
    const [kim] = guests
    if (!kim) throw new Error('No kim')
    world.server.setReachable('kim', false)
    world.server.dropSockets('kim')
    await world.pass(30_000)
    clinician.room().remove(kim.key())
    await world.pass(1000)
    expect(world.ether.connected()).toEqual(['clinician-lee', 'clinician-sam', 'lee-sam'])
    world.server.setReachable('kim', true)
    await world.pass(20_000)
    expect(kim.phase()).toEqual({ kind: 'removed' })
  })

  it('S40 a patient leaves alone; the last one ends the session with the clinician', async () => {
    const { world, clinician, sam, guests } = await groupSession('kim')
    const [kim] = guests
    if (!kim) throw new Error('No kim')
    sam.visit().leave()
    await world.pass(1000)
    expect(sam.phase()).toEqual({ kind: 'left' })
    expect(world.ether.connected()).toEqual(['clinician-kim'])
    expect(kim.phase()).toMatchObject({ kind: 'in-session', group: false })
    expect(clinician.state().session).toMatchObject({ kind: 'running' })
    kim.visit().leave()
    await world.pass(1000)
    expect(kim.phase().kind).toBe('ended')
    expect(clinician.state().session.kind).toBe('ended')
  })

  it('a patient who left rings again on coming back', async () => {
    const { world, clinician, sam } = await groupSession('kim')
    const rings = clinician.rings.length
    sam.visit().leave()
    await world.pass(1000)
    sam.visit().join('sam')
    await world.pass(1000)
    expect(sam.phase()).toMatchObject({ kind: 'waiting', heard: true })
    expect(clinician.rings).toHaveLength(rings + 1)
  })

  it('S40 the clinician ends it for all', async () => {
    const { world, clinician, sam, guests } = await groupSession('kim', 'lee')
    clinician.room().end()
    await world.pass(1000)
    for (const one of [sam, ...guests]) expect(one.phase().kind).toBe('ended')
    expect(world.ether.connected()).toEqual([])
  })

  it.each(['kim', 'sam', 'clinician'])('a reload of the page of %s connects all again', async (who) => {
    const { world, clinician, sam, guests } = await groupSession('kim', 'lee')
    const rings = clinician.rings.length
    await (who === 'clinician' ? clinician : who === 'sam' ? sam : guests[0])?.reload()
    await world.pass(4000)
    expect(world.ether.connected()).toEqual(everybody)
    expect(world.ether.flowing('kim', 'sam')).toEqual(['kim camera', 'kim microphone'])
    expect(clinician.rings).toHaveLength(rings)
    for (const one of [sam, ...guests]) expect(one.phase()).toMatchObject({ kind: 'in-session', group: true, tampered: false })
  })
})

describe('the clinician is gone', () => {
  it('pauses media between patients after 20 s, says so, and goes on when the clinician is back', async () => {
    const { world, clinician, sam, guests } = await groupSession('kim')
    clinician.close()
    await world.pass(15_000)
    expect(world.ether.flowing('kim', 'sam')).toEqual(['kim camera', 'kim microphone'])
    await world.pass(10_000)
    expect(world.ether.connected()).toEqual(['kim-sam'])
    expect(world.ether.flowing('kim', 'sam')).toEqual([])
    expect(world.ether.flowing('sam', 'kim')).toEqual([])
    for (const one of [sam, ...guests]) {
      expect(one.phase()).toMatchObject({
        kind: 'in-session',
        clinicianGone: true,
        people: [{ connection: 'reconnecting' }, { paused: true }],
      })
    }
    await clinician.open()
    await world.pass(5000)
    expect(world.ether.flowing('kim', 'sam')).toEqual(['kim camera', 'kim microphone'])
    expect(sam.phase()).toMatchObject({ clinicianGone: false, people: [{ connection: 'connected' }, { paused: false }] })
  })

  it('a patient whose page is reloaded meanwhile gets nothing from the others', async () => {
    const { world, clinician, sam } = await groupSession('kim')
    clinician.close()
    await world.pass(25_000)
    await sam.reload()
    await world.pass(10_000)
    expect(world.ether.flowing('kim', 'sam')).toEqual([])
    expect(world.ether.flowing('sam', 'kim')).toEqual([])
  })
})

it('a guest who is gone for good frees the place', async () => {
  const { world, clinician, standing, guests } = await groupSession('kim', 'lee')
  guests[0]?.close()
  await world.pass(60_000)
  const max = await joins(world, 'max', standing)
  await accepts(world, clinician, max)
  expect(max.phase().kind).toBe('in-session')
  expect(world.ether.connected()).toContain('lee-max')
})
