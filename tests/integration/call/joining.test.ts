import { describe, expect, it } from 'vitest'
import { createCallWorld, hourMs, minuteMs } from '../../support/call/call-world.ts'
import { accepts, appointmentOfSam, inSession, joins, sessionWithSam, starts } from '../../support/call/stories.ts'

describe('a patient arrives', () => {
  it('S20 S21 is announced, is accepted, and both see and hear each other', async () => {
    const { world, clinician, appointment, link } = await appointmentOfSam()
    const sam = await joins(world, 'sam', link)
    expect(sam.phase()).toMatchObject({ kind: 'waiting', heard: true, moment: false })
    expect(sam.visit().state().startAt).toBe(appointment.startAt)
    expect(clinician.state().announced).toMatchObject({ recordName: 'Sam Okafor', typedName: 'sam', group: 'waiting', belongsHere: true })
    expect(world.ether.connected()).toEqual([])

    await starts(clinician, appointment)
    await accepts(world, clinician, sam)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    expect(world.ether.flowing('clinician', 'sam')).toEqual(['clinician camera', 'clinician microphone'])
    expect(world.ether.flowing('sam', 'clinician')).toEqual(['sam camera', 'sam microphone'])
    expect(sam.phase()).toMatchObject({
      kind: 'in-session',
      group: false,
      tampered: false,
      clinicianGone: false,
      people: [{ id: 'host', name: 'Dr. Rivera', connection: 'connected', camera: 'on', microphone: 'on', sharing: false }],
    })
    expect(clinician.state()).toMatchObject({
      waiting: [],
      announced: null,
      session: { kind: 'running', tampered: false, people: [{ name: 'sam', connection: 'connected', camera: 'on', microphone: 'on' }] },
    })
    expect(clinician.rings).toEqual([sam.key()])
  })

  it('nothing about a connection leaves either page before Accept, and no server is contacted', async () => {
    const { world, clinician, appointment, link } = await appointmentOfSam()
    await starts(clinician, appointment)
    await joins(world, 'sam', link)
    await world.pass(5000)
    const kinds = new Set(world.server.frames.map(({ text }) => (JSON.parse(text) as { type: string }).type))
    expect([...kinds].filter((kind) => ['relay', 'admit', 'admitted', 'roster'].includes(kind))).toEqual([])
    expect(world.ether.contacted()).toEqual([])
  })

  it('no name, link secret or description reaches the server in clear', async () => {
    const { world, link } = await sessionWithSam()
    const secret = link.split('.')[3] ?? '?'
    expect(secret).toHaveLength(22)
    const seen = world.server.frames.map(({ text }) => text).join('\n')
    // Quoted: three letters alone come up in base64url by chance.
    for (const planted of ['"sam', 'Okafor', 'Rivera', secret, 'fingerprint', 'v=0']) expect(seen.includes(planted)).toBe(false)
  })

  it('Decline sends the patient away, and knocking again is a new arrival', async () => {
    const { world, clinician, link } = await appointmentOfSam()
    const sam = await joins(world, 'sam', link)
    clinician.room().decline(sam.key())
    await world.pass(500)
    expect(sam.phase()).toEqual({ kind: 'declined' })
    expect(clinician.state()).toMatchObject({ waiting: [], announced: null })
    sam.visit().join('sam')
    await world.pass(500)
    expect(clinician.rings).toEqual([sam.key(), sam.key()])
  })

  it('"a moment" reaches the waiting patient', async () => {
    const { world, clinician, link } = await appointmentOfSam()
    const sam = await joins(world, 'sam', link)
    clinician.room().askForAMoment(sam.key())
    await world.pass(500)
    expect(sam.phase()).toMatchObject({ kind: 'waiting', heard: true, moment: true })
  })

  it('a patient who leaves the waiting room is gone at once', async () => {
    const { world, clinician, link } = await appointmentOfSam()
    const sam = await joins(world, 'sam', link)
    sam.visit().leave()
    await world.pass(500)
    expect(sam.phase()).toEqual({ kind: 'left' })
    expect(clinician.state()).toMatchObject({ waiting: [], announced: null })
  })

  it('one is announced at a time, in the order of arrival', async () => {
    const { world, clinician, link } = await appointmentOfSam()
    const sam = await joins(world, 'sam', link)
    const kim = await joins(world, 'kim', await clinician.standingLink())
    expect(clinician.state().announced?.guest).toBe(sam.key())
    clinician.room().dismissAnnouncement()
    expect(clinician.state().announced?.guest).toBe(kim.key())
    clinician.room().dismissAnnouncement()
    expect(clinician.state().announced).toBeNull()
    expect(clinician.state().waiting.map((entry) => entry.group)).toEqual(['waiting', 'guest'])
  })

  it('a guessed link shows nothing and rings nobody', async () => {
    const { world, clinician, record } = await appointmentOfSam()
    const guesser = await joins(world, 'guesser', await clinician.forgedLink(null))
    const halfKnowing = await joins(world, 'half-knowing', await clinician.forgedLink(record))
    await world.pass(5000)
    expect(guesser.phase()).toMatchObject({ kind: 'waiting', heard: false })
    expect(halfKnowing.phase()).toMatchObject({ kind: 'waiting', heard: false })
    expect(clinician.state()).toMatchObject({ waiting: [], announced: null })
    expect(clinician.rings).toEqual([])
  })

  it('a replaced link gets the note that it was replaced, and does not ring', async () => {
    const { world, clinician, record, link } = await appointmentOfSam()
    const standing = await clinician.standingLink()
    await clinician.replaceLink(record)
    await clinician.replaceStandingLink()
    const sam = await joins(world, 'sam', link)
    const kim = await joins(world, 'kim', standing)
    expect(sam.phase()).toEqual({ kind: 'replaced-link' })
    expect(kim.phase()).toEqual({ kind: 'replaced-link' })
    expect(clinician.rings).toEqual([])
    expect(clinician.state().waiting).toEqual([])
    const anew = await joins(world, 'sam', await clinician.linkOf(record))
    expect(anew.phase()).toMatchObject({ kind: 'waiting', heard: true })
  })

  it('waits for a clinician who comes later, with the time of arrival kept', async () => {
    const { world, clinician, link } = await appointmentOfSam()
    clinician.close()
    const sam = await joins(world, 'sam', link)
    expect(sam.phase()).toMatchObject({ kind: 'waiting', heard: false })
    await world.pass(60_000)
    await clinician.open()
    await world.pass(1000)
    expect(sam.phase()).toMatchObject({ kind: 'waiting', heard: true })
    expect(clinician.rings).toEqual([sam.key()])
  })
})

describe('what a patient waits for', () => {
  it('a day early does not ring and is told when; it rings when the window opens', async () => {
    const world = createCallWorld()
    const clinician = await world.clinician()
    const record = await clinician.addPatient('Sam')
    const appointment = await clinician.book(record, 5 * hourMs + 3 * minuteMs)
    const sam = await joins(world, 'sam', await clinician.linkOf(record))
    expect(sam.phase()).toEqual({ kind: 'early', startAt: appointment.startAt, opensAt: appointment.startAt - 5 * hourMs })
    expect(clinician.state()).toMatchObject({ announced: null, unseenOthers: 0, waiting: [{ group: 'upcoming' }] })
    await world.pass(3 * minuteMs + 2000)
    expect(sam.phase()).toMatchObject({ kind: 'waiting', heard: true })
    expect(clinician.rings).toEqual([sam.key()])
    expect(clinician.state().waiting).toMatchObject([{ group: 'waiting', appointment: { id: appointment.id } }])
  })

  it('moving the appointment changes what the waiting patient reads, never the link', async () => {
    const { world, clinician, record, appointment, link } = await appointmentOfSam()
    const sam = await joins(world, 'sam', link)
    const moved = await clinician.move(appointment, { start: { ...appointment.start, date: '2026-11-25' } })
    await world.pass(2000)
    expect(sam.phase()).toEqual({ kind: 'early', startAt: moved.startAt, opensAt: moved.startAt - 5 * hourMs })
    expect(await clinician.linkOf(record)).toBe(link)
  })

  it('S32 in a session others get a mark on People instead of the dialog', async () => {
    const { world, clinician } = await sessionWithSam()
    const ringsBefore = clinician.rings.length
    const robin = await clinician.addPatient('Robin')
    await clinician.book(robin, 60 * minuteMs)
    const other = await joins(world, 'robin', await clinician.linkOf(robin))
    expect(clinician.state()).toMatchObject({ announced: null, unseenOthers: 1, waiting: [{ group: 'upcoming', belongsHere: false }] })
    clinician.room().seenOthers()
    expect(clinician.state().unseenOthers).toBe(0)
    expect(clinician.rings).toHaveLength(ringsBefore)

    const refused = await clinician.room().accept(other.key())
    expect(refused).toMatchObject({ ok: false, error: { kind: 'other-appointment', entry: { typedName: 'robin' } } })
    await world.pass(1000)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    expect(await clinician.room().accept(other.key(), { confirmed: true })).toEqual({ ok: true, value: undefined })
    await world.pass(1000)
    expect(inSession(clinician)).toEqual(['sam', 'robin'])
  })

  it('S23 a guest with the standing link is announced in the running session', async () => {
    const { world, clinician } = await sessionWithSam()
    const kim = await joins(world, 'kim', await clinician.standingLink())
    expect(clinician.state().announced).toMatchObject({
      guest: kim.key(),
      group: 'guest',
      recordName: null,
      typedName: 'kim',
      belongsHere: true,
    })
  })

  it('S34 starting the next session ends the current one first', async () => {
    const { world, clinician, sam } = await sessionWithSam()
    const robin = await clinician.addPatient('Robin')
    const next = await clinician.book(robin, 60 * minuteMs)
    const other = await joins(world, 'robin', await clinician.linkOf(robin))
    expect(await clinician.room().start(next)).toEqual({ ok: false, error: 'session-running' })
    clinician.room().end()
    await starts(clinician, next)
    await world.pass(1000)
    expect(sam.phase()).toEqual({ kind: 'ended', iWantRestart: false, clinicianWantsRestart: false })
    expect(world.ether.connected()).toEqual([])
    expect(clinician.state()).toMatchObject({
      session: { kind: 'running', appointmentId: next.id, people: [] },
      announced: { typedName: 'robin' },
    })
    await accepts(world, clinician, other)
    expect(world.ether.connected()).toEqual(['clinician-robin'])
  })

  it('refuses to start what is not eligible', async () => {
    const { clinician, appointment } = await appointmentOfSam()
    const missed = await clinician.move(appointment, { status: 'noshow' })
    expect(await clinician.room().start(missed)).toEqual({ ok: false, error: 'not-eligible' })
  })
})

it('a second tab of the clinician says that the room is elsewhere, and takes over when the first is closed', async () => {
  const { world, clinician } = await appointmentOfSam()
  const second = await clinician.secondTab()
  expect(second.state().elsewhere).toBe(true)
  expect(clinician.state().elsewhere).toBe(false)
  clinician.close()
  await world.pass(3000)
  expect(second.state()).toMatchObject({ elsewhere: false, signaling: { kind: 'open' } })
})

it('a patient whose page cannot load the call when it is accepted gets in a moment later', async () => {
  const { world, clinician, appointment, link } = await appointmentOfSam()
  world.failDownloads(2)
  const sam = await joins(world, 'sam', link)
  await starts(clinician, appointment)
  await accepts(world, clinician, sam)
  expect(world.ether.connected()).toEqual([])
  await world.pass(10_000)
  expect(world.ether.connected()).toEqual(['clinician-sam'])
  expect(sam.phase()).toMatchObject({ kind: 'in-session', tampered: false })
})
