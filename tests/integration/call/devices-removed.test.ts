import { describe, expect, it } from 'vitest'
import type { CallWorld } from '../../support/call/call-world.ts'
import { accepts, appointmentOfSam, inSession, joins, sessionOnLaptop, starts, twoDevices } from '../../support/call/stories.ts'
import { hourMs } from '../../support/crypto-people.ts'

function raised(world: CallWorld, page: string): number[] {
  const frames = world.server.frames.filter((frame) => frame.page === page && frame.to === 'page')
  return frames.flatMap(({ text }) => (text.includes('"epoch-raised"') ? [(JSON.parse(text) as { epoch: number }).epoch] : []))
}

describe('a device of the clinician is removed', () => {
  it('and the others tell the server, which lets it in no more: it reads why', async () => {
    const { world, laptop, phone, link, appointment } = await twoDevices()
    await laptop.removeDevice(phone)
    await world.pass(2000)
    expect(raised(world, 'clinician')).toEqual([1])
    expect(phone.state().signaling).toEqual({ kind: 'refused', code: 'certificate-refused', minimum: 1 })
    expect(laptop.state().signaling).toEqual({ kind: 'open' })
    await phone.reload()
    await world.pass(2000)
    expect(phone.state().signaling).toEqual({ kind: 'refused', code: 'certificate-refused', minimum: 1 })
    const sam = await joins(world, 'sam', link)
    expect(phone.rings).toEqual([])
    await starts(laptop, appointment)
    await accepts(world, laptop, sam)
    expect(sam.phase().kind).toBe('in-session')
  })

  it('in the middle of a session of another one, which goes on', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    await laptop.removeDevice(phone)
    await world.pass(3000)
    expect(raised(world, 'clinician')).toEqual([1])
    expect(inSession(laptop)).toEqual(['sam'])
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    await sam.reload()
    await world.pass(3000)
    expect(sam.phase()).toMatchObject({ kind: 'in-session', tampered: false })
  })

  it('in the middle of its own session: those in it ring on the other one', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    await phone.removeDevice(laptop)
    await world.pass(3000)
    expect(laptop.state().signaling).toEqual({ kind: 'refused', code: 'certificate-refused', minimum: 1 })
    expect(phone.rings).toHaveLength(1)
    await world.pass(20_000)
    expect(phone.state().announced?.guest).toBe(sam.key())
  })

  it('while a third has a session, which goes on as soon as it has heard of it, and rings nowhere', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    const tablet = await laptop.device('tablet')
    await world.pass(1000)
    laptop.links.setOnline('clinician', false)
    await phone.removeDevice(tablet, { unheardBy: laptop })
    await world.pass(5000)
    expect(laptop.state().signaling).toEqual({ kind: 'refused', code: 'certificate-refused', minimum: 1 })
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    laptop.hearsOfRemovals()
    laptop.links.setOnline('clinician', true)
    await world.pass(25_000)
    expect(laptop.state().signaling).toEqual({ kind: 'open' })
    expect(phone.rings).toHaveLength(1)
    expect(inSession(laptop)).toEqual(['sam'])
    await sam.reload()
    await world.pass(3000)
    expect(sam.phase()).toMatchObject({ kind: 'in-session', tampered: false })
  })

  it('and the removal comes to nothing: the others follow the server, once one of them vouches for the other', async () => {
    const { world, laptop, phone } = await twoDevices()
    const tablet = await laptop.device('tablet')
    await laptop.removeDevice(phone)
    await world.pass(2000)
    laptop.removalIsVoid()
    tablet.close()
    await laptop.reload()
    await world.pass(2000)
    expect(laptop.state().signaling).toEqual({ kind: 'refused', code: 'certificate-refused', minimum: 1 })
    await world.pass(60_000)
    expect(laptop.state().signaling).toMatchObject({ code: 'certificate-refused' })
    await tablet.open()
    await world.pass(2000)
    for (const device of [laptop, tablet]) expect(device.state().signaling).toEqual({ kind: 'open' })
    // What comes after counts from there: the next removed device is kept out, too.
    await laptop.removeDevice(tablet)
    await world.pass(2000)
    expect(raised(world, 'clinician').at(-1)).toBe(2)
    expect(tablet.state().signaling).toEqual({ kind: 'refused', code: 'certificate-refused', minimum: 2 })
    expect(laptop.state().signaling).toEqual({ kind: 'open' })
  })

  it('twice: the epoch rises twice, and is said again to a server that was restarted', async () => {
    const { world, laptop, phone } = await twoDevices()
    const tablet = await laptop.device('tablet')
    await laptop.removeDevice(phone)
    await world.pass(2000)
    await laptop.removeDevice(tablet)
    await world.pass(2000)
    expect(raised(world, 'clinician')).toEqual([1, 2])
    world.server.kill()
    world.server.boot()
    await world.pass(15_000)
    expect(raised(world, 'clinician')).toEqual([1, 2, 2])
  })
})

it('a certificate is renewed while the page stays open, in a session too', async () => {
  const { world, clinician, link, appointment } = await appointmentOfSam({ certificateLifeMs: 9 * hourMs })
  const sam = await joins(world, 'sam', link)
  await starts(clinician, appointment)
  await accepts(world, clinician, sam)
  const certificates = () =>
    new Set(
      world.server.frames
        .filter(({ page, text }) => page === 'clinician' && text.includes('"authenticate"'))
        .map(({ text }) => (JSON.parse(text) as { certificate: string }).certificate),
    )
  expect(certificates().size).toBe(1)
  for (let hour = 0; hour < 7; hour++) {
    world.clock.advance(hourMs)
    await world.pass(500)
  }
  await world.pass(30_000)
  expect(certificates().size).toBe(2)
  expect(clinician.state().signaling).toEqual({ kind: 'open' })
  await sam.reload()
  await world.pass(5000)
  expect(inSession(clinician)).toEqual(['sam'])
  expect(sam.phase()).toMatchObject({ kind: 'in-session', tampered: false })
})
