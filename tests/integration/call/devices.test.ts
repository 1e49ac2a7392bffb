import { describe, expect, it } from 'vitest'
import { accepts, inSession, joins, sessionOnLaptop, starts, twoDevices } from '../../support/call/stories.ts'
import type { TestClinician } from '../../support/call/test-clinician.ts'

function waits(device: TestClinician): string[] {
  return device.state().waiting.map(({ typedName }) => typedName)
}

describe('somebody arrives', () => {
  it('and all devices of the clinician ring; the first Accept silences the others, which say where', async () => {
    const { world, laptop, phone, link, appointment } = await twoDevices()
    const sam = await joins(world, 'sam', link)
    expect([laptop.state().announced?.typedName, phone.state().announced?.typedName]).toEqual(['sam', 'sam'])
    await starts(laptop, appointment)
    await accepts(world, laptop, sam)
    expect(phone.state()).toMatchObject({ announced: null, waiting: [], session: { kind: 'none' } })
    expect(phone.state().devices.notice).toEqual({ kind: 'answered', how: 'accepted', label: 'clinician' })
    expect(phone.rings).toHaveLength(1)
    expect(sam.phase().kind).toBe('in-session')
  })

  it('and a Decline silences the others', async () => {
    const { world, laptop, phone, link } = await twoDevices()
    const sam = await joins(world, 'sam', link)
    phone.room().decline(sam.key())
    await world.pass(500)
    expect(laptop.state()).toMatchObject({ announced: null, waiting: [] })
    expect(laptop.state().devices.notice).toEqual({ kind: 'answered', how: 'declined', label: 'phone' })
    expect(sam.phase().kind).toBe('declined')
  })

  it('and without a connection between the devices the server silences the others, which know only that it was another one', async () => {
    const { world, laptop, phone, link, appointment } = await twoDevices()
    laptop.links.setOnline('phone', false)
    const sam = await joins(world, 'sam', link)
    await starts(laptop, appointment)
    await accepts(world, laptop, sam)
    expect(phone.state()).toMatchObject({ announced: null, waiting: [] })
    expect(phone.state().devices.notice).toEqual({ kind: 'answered', how: 'accepted', label: null })
  })

  it('and whoever leaves by themselves is said to have been accepted nowhere', async () => {
    const { world, laptop, phone, link } = await twoDevices()
    const sam = await joins(world, 'sam', link)
    sam.visit().leave()
    await world.pass(500)
    expect([waits(laptop), waits(phone)]).toEqual([[], []])
    expect([laptop.state().devices.notice, phone.state().devices.notice]).toEqual([null, null])
  })

  it('and is rung for again when the device that said Accept died before the server heard of it', async () => {
    const { world, laptop, phone, link, appointment } = await twoDevices()
    const sam = await joins(world, 'sam', link)
    await starts(laptop, appointment)
    world.server.tap('clinician', { toServer: (text) => (text.includes('"admit"') ? [] : [text]) })
    await laptop.room().accept(sam.key())
    laptop.close()
    await world.pass(1000)
    expect(phone.state().announced).toBeNull()
    await world.pass(6000)
    expect(phone.state().announced?.typedName).toBe('sam')
    await starts(phone, appointment)
    await accepts(world, phone, sam)
    expect(sam.phase().kind).toBe('in-session')
    expect(world.ether.connected()).toEqual(['phone-sam'])
  })

  it('and rings on all again after a session on one of them', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    laptop.room().end()
    await world.pass(500)
    sam.close()
    await world.pass(30_000)
    await sam.reload()
    sam.visit().join('sam')
    await world.pass(2000)
    expect(phone.rings).toHaveLength(2)
    expect(laptop.state().announced?.typedName).toBe('sam')
  })
})

describe('the session runs on one device', () => {
  it('and the other shows none of its guests as waiting, also when the server restarts', async () => {
    const { world, phone, sam } = await sessionOnLaptop()
    world.server.kill()
    world.server.boot()
    for (let second = 0; second < 20; second++) {
      await world.pass(1000)
      expect(waits(phone)).toEqual([])
      expect(sam.phase().kind).toBe('in-session')
    }
    expect(phone.rings).toHaveLength(1)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
  })

  it('and the other knows of it without being connected, long enough for the first to come back', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    laptop.links.setOnline('phone', false)
    world.server.kill()
    world.server.boot()
    await world.pass(8000)
    expect(waits(phone)).toEqual([])
    expect(phone.rings).toHaveLength(1)
    await world.pass(8000)
    expect(sam.phase().kind).toBe('in-session')
    expect(inSession(laptop)).toEqual(['sam'])
  })

  it('and dies: those in it ring on the other one', async () => {
    const { world, laptop, phone, sam, appointment } = await sessionOnLaptop()
    laptop.close()
    await world.pass(15_000)
    expect(phone.rings).toHaveLength(1)
    await world.pass(10_000)
    expect(phone.state().announced?.typedName).toBe('sam')
    await starts(phone, appointment)
    await accepts(world, phone, sam)
    await world.pass(2000)
    expect(sam.phase()).toMatchObject({ kind: 'in-session', tampered: false })
    expect(world.ether.connected()).toEqual(['phone-sam'])
    expect(world.ether.flowing('sam', 'phone')).toEqual(['sam camera', 'sam microphone'])
  })

  it('and a restart is chosen there, while the other does not ring', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    laptop.room().end()
    await world.pass(500)
    sam.visit().restart()
    await world.pass(3000)
    expect(phone.rings).toHaveLength(1)
    expect(waits(phone)).toEqual([])
    laptop.room().restart()
    await world.pass(2000)
    expect(sam.phase().kind).toBe('in-session')
    expect(inSession(laptop)).toEqual(['sam'])
  })
})

describe('Accept on two devices at the same time', () => {
  it('admits to one of them, and the other lets go', async () => {
    const { world, laptop, phone, link, appointment } = await twoDevices()
    const sam = await joins(world, 'sam', link)
    laptop.links.setOnline('phone', false)
    await starts(laptop, appointment)
    await starts(phone, appointment)
    await Promise.all([laptop.room().accept(sam.key()), phone.room().accept(sam.key())])
    await world.pass(3000)
    expect(sam.phase().kind).toBe('in-session')
    expect([...inSession(laptop), ...inSession(phone)]).toEqual(['sam'])
    expect(world.ether.connected()).toHaveLength(1)
  })

  it('and Decline on the other: the server decides, and both know it', async () => {
    const { world, laptop, phone, link, appointment } = await twoDevices()
    const sam = await joins(world, 'sam', link)
    laptop.links.setOnline('phone', false)
    await starts(laptop, appointment)
    const accepting = laptop.room().accept(sam.key())
    phone.room().decline(sam.key())
    await accepting
    await world.pass(3000)
    const isIn = sam.phase().kind === 'in-session'
    expect(['in-session', 'declined']).toContain(sam.phase().kind)
    expect(inSession(laptop)).toEqual(isIn ? ['sam'] : [])
    expect([waits(laptop), waits(phone)]).toEqual([[], []])
  })
})
