import { describe, expect, it } from 'vitest'
import { type CallWorld, minuteMs, type TestPatient } from '../../support/call/call-world.ts'
import { accepts, inSession, joins, sessionOnLaptop, starts, twoDevices } from '../../support/call/stories.ts'
import type { TestClinician } from '../../support/call/test-clinician.ts'

/** Asks for the session, and lets the move happen. */
async function moves(world: CallWorld, to: TestClinician, ms = 3000): Promise<boolean> {
  const moving = to.room().moveHere()
  await world.pass(ms)
  return (await moving).ok
}

function callOf(device: TestClinician) {
  const { session } = device.state()
  return session.kind === 'running' ? session.call : null
}

function expectOn(world: CallWorld, device: TestClinician, patients: readonly TestPatient[]) {
  const names = patients.map(({ name }) => name)
  expect(inSession(device).sort()).toEqual([...names].sort())
  for (const patient of patients) {
    expect(patient.phase()).toMatchObject({ kind: 'in-session', tampered: false })
    expect(world.ether.flowing(patient.name, device.label)).toEqual([`${patient.name} camera`, `${patient.name} microphone`])
    expect(world.ether.flowing(device.label, patient.name)).toEqual([`${device.label} camera`, `${device.label} microphone`])
  }
  expect(device.state().session).toMatchObject({ kind: 'running', tampered: false })
}

describe('a session that is moved to another device', () => {
  it('goes on there with the same guest, who is asked nothing', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    const before = { call: callOf(laptop), phase: sam.phase() }
    expect(phone.state().devices.remote).toMatchObject({ label: 'clinician', kind: 'running', call: before.call })
    const phases: string[] = []
    sam.visit().subscribe(({ phase }) => phases.push(phase.kind))
    expect(await moves(world, phone)).toBe(true)
    expectOn(world, phone, [sam])
    expect(callOf(phone)).toBe(before.call)
    expect(new Set(phases)).toEqual(new Set(['in-session']))
    expect(sam.phase()).toMatchObject({ startedAt: before.phase.kind === 'in-session' ? before.phase.startedAt : 0 })
    expect(laptop.state()).toMatchObject({ session: { kind: 'none' }, waiting: [], announced: null })
    expect(laptop.state().devices).toMatchObject({ notice: { kind: 'moved', label: 'phone' }, remote: { label: 'phone', kind: 'running' } })
    expect(world.ether.connected()).toEqual(['phone-sam'])
    expect(phone.rings).toHaveLength(1)
  })

  it('goes on there with three guests, who stay connected to each other', async () => {
    const { world, laptop, phone, sam, guests } = await sessionOnLaptop('kim', 'lou')
    const everybody = [sam, ...guests]
    const among = world.ether.connected().filter((pair) => !pair.includes('clinician'))
    expect(among).toHaveLength(3)
    expect(await moves(world, phone)).toBe(true)
    expectOn(world, phone, everybody)
    expect(world.ether.connected().filter((pair) => !pair.includes('phone'))).toEqual(among)
    expect(callOf(laptop)).toBeNull()
  })

  it('goes to the device that is chosen on the first one', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    laptop.room().moveTo(phone.deviceKey)
    await world.pass(3000)
    expectOn(world, phone, [sam])
    expect(laptop.state().devices.notice).toEqual({ kind: 'moved', label: 'phone' })
  })

  it('is brought by starting the same appointment there', async () => {
    const { world, phone, sam, appointment, laptop } = await sessionOnLaptop()
    const before = callOf(laptop)
    const starting = phone.room().start(appointment)
    await world.pass(3000)
    expect(await starting).toEqual({ ok: true, value: undefined })
    expect(callOf(phone)).toBe(before)
    expectOn(world, phone, [sam])
  })

  it('can come back, and go again', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    for (const device of [phone, laptop, phone]) {
      expect(await moves(world, device)).toBe(true)
      expectOn(world, device, [sam])
    }
    expect(world.ether.connected()).toEqual(['phone-sam'])
  })

  it('accepts, removes and ends there as it did before', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    await moves(world, phone)
    const kim = await joins(world, 'kim', await laptop.standingLink())
    expect(laptop.state().announced?.typedName).toBe('kim')
    await accepts(world, phone, kim)
    expect(laptop.state().devices.notice).toEqual({ kind: 'answered', how: 'accepted', label: 'phone' })
    expectOn(world, phone, [sam, kim])
    phone.room().remove(kim.key())
    await world.pass(1000)
    expect(kim.phase().kind).toBe('removed')
    phone.room().end()
    await world.pass(1000)
    expect(sam.phase().kind).toBe('ended')
    expect(phone.state().session).toMatchObject({ kind: 'ended' })
    expect(laptop.state().devices.remote).toMatchObject({ kind: 'ended' })
  })

  it('survives a reload of either page and a restart of the server', async () => {
    const { world, phone, sam } = await sessionOnLaptop()
    await moves(world, phone)
    await sam.reload()
    await world.pass(3000)
    expectOn(world, phone, [sam])
    await phone.reload()
    await world.pass(3000)
    expectOn(world, phone, [sam])
    world.server.kill()
    world.server.boot()
    await world.pass(15_000)
    expectOn(world, phone, [sam])
  })

  it('moves while a guest loads the page anew, at any moment', async () => {
    for (const afterMs of [0, 250, 500, 1000]) {
      for (const takesBack of [false, true]) {
        const { world, laptop, phone, sam } = await sessionOnLaptop()
        if (takesBack) laptop.links.lose((message) => message.type === 'give')
        void phone.room().moveHere()
        if (afterMs > 0) await world.pass(afterMs)
        await sam.reload()
        await world.pass(30_000)
        expectOn(world, takesBack ? laptop : phone, [sam])
        expect([...laptop.state().waiting, ...phone.state().waiting]).toEqual([])
        expect([...laptop.rings, ...phone.rings]).toHaveLength(2)
      }
    }
  })

  it('moves before anybody is in it', async () => {
    const { world, laptop, phone, link, appointment } = await twoDevices()
    await starts(laptop, appointment)
    await world.pass(1000)
    expect(await moves(world, phone)).toBe(true)
    expect(callOf(laptop)).toBeNull()
    const sam = await joins(world, 'sam', link)
    await accepts(world, phone, sam)
    expectOn(world, phone, [sam])
  })

  it('moves with a guest who is away, and who finds it there', async () => {
    const { world, phone, sam } = await sessionOnLaptop()
    world.server.setReachable('sam', false)
    sam.close()
    await world.pass(2000)
    expect(await moves(world, phone, 12_000)).toBe(true)
    world.server.setReachable('sam', true)
    await sam.reload()
    await world.pass(3000)
    expectOn(world, phone, [sam])
  })

  it('can be restarted on the other device after its end', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    laptop.room().end()
    await world.pass(500)
    sam.visit().restart()
    await world.pass(1000)
    expect(await moves(world, phone, 1000)).toBe(true)
    expect(phone.state().session).toMatchObject({ kind: 'ended', wanting: ['sam'] })
    expect(laptop.state().session).toEqual({ kind: 'none' })
    phone.room().restart()
    await world.pass(2000)
    expectOn(world, phone, [sam])
  })
})

describe('a move that goes wrong', () => {
  it('because the new device dies after it was given the session: the first one goes on', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    laptop.links.lose((message) => message.type === 'give')
    void phone.room().moveHere()
    await world.pass(250)
    phone.close()
    laptop.links.lose(() => false)
    await world.pass(20_000)
    expectOn(world, laptop, [sam])
    expect(laptop.state().devices.notice).toEqual({ kind: 'not-moved', label: 'phone' })
    await sam.reload()
    await world.pass(3000)
    expectOn(world, laptop, [sam])
  })

  it('because the new device dies when it has sent its tickets: the first one takes the call back', async () => {
    const { world, laptop, phone, sam, guests } = await sessionOnLaptop('kim')
    // Nobody ever answers the phone.
    world.server.tap('phone', { toPage: (text) => (text.includes('"relay"') ? [] : [text]) })
    laptop.links.lose((message) => message.type === 'taken')
    void phone.room().moveHere()
    await world.pass(2000)
    expect(world.server.frames.filter(({ page, text }) => page === 'phone' && text.includes('"admit"')).length).toBeGreaterThan(0)
    phone.close()
    await world.pass(20_000)
    expectOn(world, laptop, [sam, ...guests])
    await phone.open()
    await world.pass(5000)
    expect(callOf(phone)).toBeNull()
    expectOn(world, laptop, [sam, ...guests])
  })

  it('because the devices lose each other when everybody has moved: the later word counts once they meet', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    laptop.links.lose((message) => message.type === 'taken')
    void phone.room().moveHere()
    await world.pass(3000)
    laptop.links.setOnline('phone', false)
    laptop.links.lose(() => false)
    await world.pass(25_000)
    expectOn(world, laptop, [sam])
    laptop.links.setOnline('phone', true)
    await world.pass(2000)
    expect(callOf(phone)).toBeNull()
    expectOn(world, laptop, [sam])
  })

  it('because the first device dies before it has given anything: the new one says so', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    laptop.links.lose((message) => message.type === 'ask')
    const moving = phone.room().moveHere()
    await world.pass(15_000)
    expect((await moving).ok).toBe(false)
    expect(phone.state().devices).toMatchObject({ moving: null, notice: { kind: 'not-moved', label: 'clinician' } })
    expectOn(world, laptop, [sam])
  })

  it('because the server dies in the middle: it goes on on exactly one of them', async () => {
    for (const afterMs of [0, 250, 500, 1000, 2000]) {
      const { world, laptop, phone, sam } = await sessionOnLaptop()
      void phone.room().moveHere()
      if (afterMs > 0) await world.pass(afterMs)
      world.server.kill()
      await world.pass(1000)
      world.server.boot()
      await world.pass(40_000)
      const [here, there] = [callOf(laptop), callOf(phone)]
      expect([here, there].filter((call) => call !== null)).toHaveLength(1)
      expectOn(world, here === null ? phone : laptop, [sam])
    }
  })

  it('because the server does not let the call go: it stays', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    world.server.tap('clinician', { toServer: (text) => (text.includes('"hand-over"') ? [] : [text]) })
    expect(await moves(world, phone, 20_000)).toBe(false)
    expectOn(world, laptop, [sam])
    expect(callOf(phone)).toBeNull()
  })

  it('never ends a running session of the device that is asked to take it', async () => {
    const { world, laptop, phone, sam } = await sessionOnLaptop()
    const other = await laptop.book(await laptop.addPatient('Kim'), 10 * minuteMs)
    await starts(phone, other)
    laptop.room().moveTo(phone.deviceKey)
    await world.pass(20_000)
    expectOn(world, laptop, [sam])
    expect(phone.state().session).toMatchObject({ kind: 'running', appointmentId: other.id, people: [] })
  })
})
