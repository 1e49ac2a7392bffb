import { utf8 } from '@alcove/shared/crypto/bytes'
import { signLogAuthentication } from '@alcove/shared/crypto/log-access'
import { cutMessage } from '@alcove/shared/protocol/log-frames'
import { describe, expect, it } from 'vitest'
import { createLogEnrolment } from '../../../../signaling/src/enrolment.ts'
import { newLogId, newLogPractice, recordBy } from '../../../support/signaling/log-people.ts'
import type { Ask } from '../../../support/signaling/log-wire.ts'
import { createLogWorld, origin } from '../../../support/signaling/log-world.ts'
import type { LogStore } from '../../../../signaling/src/sealed-log/log-store.ts'
import { createMemoryLogStore } from '../../../support/signaling/memory-log-store.ts'

const bring = (statements: readonly string[], enrolment: string | null = null): Ask => ({
  type: 'access',
  statements: [...statements],
  enrolment,
})

describe('a space', () => {
  it('is made by the founding device alone, or by whoever has all of its statements', async () => {
    const practice = await newLogPractice()
    const second = await practice.newDevice()
    await practice.allow([practice.founder, second])
    const world = createLogWorld()
    const stranger = world.connect()
    expect(await stranger.outcome(bring(practice.statements.slice(1)))).toBe('access-refused')
    expect(await stranger.outcome(bring([...practice.statements].reverse()))).toBe('access-refused')
    expect(await stranger.outcome(bring([]))).toBe('access-refused')
    expect((await stranger.ask('access-kept', bring(practice.statements))).message).toMatchObject({ version: 1, enrolment: null })
    // Brought again, there is nothing new in it.
    expect((await stranger.ask('access-kept', bring(practice.statements))).message.version).toBe(1)
    expect((await world.enter(practice, second)).wire.isOpen()).toBe(true)
  })

  it('is not there for whoever asks too early, and open to them right after', async () => {
    const practice = await newLogPractice()
    const world = createLogWorld()
    const device = world.connect()
    await expect(device.authenticate(practice.space, practice.founder, origin)).rejects.toThrow('unknown-space')
    await device.ask('access-kept', bring(practice.statements))
    expect((await device.authenticate(practice.space, practice.founder, origin)).message).toMatchObject({
      version: 0,
      now: world.clock.now(),
    })
  })

  it('is not made from statements that were changed', async () => {
    const practice = await newLogPractice()
    const [statement = ''] = practice.statements
    const [payload = '', signature = ''] = statement.split('.')
    const forged = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('"administrator":true', '"administrator":false'))
    const stranger = createLogWorld().connect()
    expect(await stranger.outcome(bring([`${forged.toString('base64url')}.${signature}`]))).toBe('access-refused')
  })
})

describe('the list of who may', () => {
  it('grows by what its devices sign, whoever brings it, and is given out', async () => {
    const practice = await newLogPractice()
    const world = createLogWorld()
    await world.make(practice)
    for (let devices = 2; devices < 6; devices++) await practice.allow([practice.founder, await practice.newDevice()])
    const device = await world.enter(practice)
    expect((await device.ask('access-kept', bring(practice.statements.slice(1)))).message.version).toBe(4)
    expect((await device.ask('access', { type: 'get-access', from: 2 })).message).toMatchObject({
      statements: practice.statements.slice(2),
      version: 4,
    })
  })

  it('takes the first of two that follow the same one', async () => {
    const practice = await newLogPractice()
    const world = createLogWorld()
    await world.make(practice)
    const first = await practice.allow([practice.founder, await practice.newDevice()])
    practice.statements.pop()
    const late = await practice.allow([practice.founder, await practice.newDevice()])
    const late2 = await practice.allow([practice.founder])
    const device = await world.enter(practice)
    await device.ask('access-kept', bring([first]))
    // What is there is passed over; another one in its place is not, or whoever signed it would take it for the list that counts.
    expect((await device.ask('access-kept', bring([first]))).message.version).toBe(1)
    expect(await device.outcome(bring([late]))).toBe('access-refused')
    expect(await device.outcome(bring([late2]))).toBe('access-refused')
  })

  it('lets those who are not administrators change nothing but their own devices', async () => {
    const practice = await newLogPractice()
    const colleague = await practice.newDevice()
    await practice.allow([practice.founder, colleague])
    const world = createLogWorld()
    await world.make(practice)
    const device = await world.enter(practice, colleague)
    const own = await practice.newDevice({ member: colleague.member })
    await practice.allow([colleague], colleague)
    expect(await device.outcome(bring([practice.statements.pop() ?? '']))).toBe('access-refused')
    await practice.allow([practice.founder, colleague, own], colleague)
    expect(await device.outcome(bring(practice.statements.slice(-1)))).toBe('access-kept')
  })

  it('sends a device that is no longer on it away at once: it hears and says nothing more', async () => {
    const practice = await newLogPractice()
    const stolen = await practice.newDevice()
    await practice.allow([practice.founder, stolen])
    const world = createLogWorld()
    await world.make(practice)
    const [device, thief] = [await world.enter(practice), await world.enter(practice, stolen)]
    await thief.ask('heads', { type: 'changed', since: 0 })
    await practice.allow([practice.founder])
    await device.ask('access-kept', bring(practice.statements))
    expect(thief.all().at(-1)).toEqual({ type: 'refused', id: null, code: 'removed' })
    expect([thief.wire.isOpen(), thief.wire.closeCode()]).toEqual([false, 1008])
    const log = newLogId()
    await device.ask('appended', { type: 'append', log }, await recordBy(practice.space, log, practice.founder))
    expect(thief.heads()).toEqual([])
    // What it had sent by then is not done.
    const said = thief.all().length
    const [late = new Uint8Array(0)] = cutMessage({
      json: utf8(JSON.stringify({ type: 'append', id: 99, log })),
      body: await recordBy(practice.space, log, stolen),
    })
    await thief.wire.sendLate(late)
    expect(thief.all()).toHaveLength(said)
    expect((await device.ask('records', { type: 'read', log, after: 0, jump: false })).message.end.sequence).toBe(1)
    await expect(world.enter(practice, stolen)).rejects.toThrow('not-a-member')
    expect(world.hub.counts().devices).toBe(1)
  })
})

describe('a device', () => {
  it('proves itself for this connection, this origin and this space alone', async () => {
    const [practice, other] = [await newLogPractice(), await newLogPractice()]
    const world = createLogWorld()
    await world.make(practice)
    await world.make(other)
    const { space, founder } = practice
    const line = world.connect()
    const { connection, nonce } = await line.hello()
    const good = { origin, connection, nonce, space }
    const elsewhere = await world.connect().hello()
    const wrong = [
      { ...good, origin: 'https://evil.example' },
      { ...good, connection: elsewhere.connection },
      { ...good, nonce: elsewhere.nonce },
      { ...good, space: other.space },
    ]
    for (const fields of wrong) {
      const signature = await signLogAuthentication(founder.pair, fields)
      expect(await line.outcome({ type: 'authenticate', space, device: founder.device, signature })).toBe('not-a-member')
    }
    const signature = await signLogAuthentication(founder.pair, { ...good, space: other.space })
    expect(await line.outcome({ type: 'authenticate', space: other.space, device: founder.device, signature })).toBe('not-a-member')
    expect((await line.authenticate(space, founder, origin)).message.type).toBe('ready')
  })

  it('says who it is a number of times in a minute, all from one address together', async () => {
    const practice = await newLogPractice()
    const world = createLogWorld({ limits: { LIMIT_LOG_AUTHENTICATIONS_PER_ADDRESS_PER_MINUTE: 2 } })
    await world.make(practice)
    const stranger = await practice.newDevice()
    await expect(world.enter(practice, stranger)).rejects.toThrow('not-a-member')
    await world.enter(practice)
    await expect(world.enter(practice)).rejects.toThrow('rate-limited')
    expect(world.events).toContainEqual({ type: 'limit', limit: 'LIMIT_LOG_AUTHENTICATIONS_PER_ADDRESS_PER_MINUTE' })
    await world.enter(practice, practice.founder, '198.51.100.7')
    world.clock.advance(60_000)
    await world.enter(practice)
  })

  it('that does not belong to the practice has nothing of it read but the list of who does', async () => {
    const practice = await newLogPractice()
    const store = createMemoryLogStore()
    let wholes = 0
    const counted: LogStore = {
      ...store,
      readSpace(space) {
        wholes += 1
        return store.readSpace(space)
      },
    }
    const world = createLogWorld({ store: counted })
    await world.make(practice)
    const [stranger, other] = [await practice.newDevice({ administrator: true }), await newLogPractice()]
    wholes = 0
    await expect(world.enter(practice, stranger)).rejects.toThrow('not-a-member')
    await expect(world.enter(other)).rejects.toThrow('unknown-space')
    const line = world.connect()
    expect(await line.outcome(bring(practice.statements))).toBe('access-kept')
    // Anybody can sign a list of a space that is not theirs.
    const statements = [...practice.statements]
    const evil = await practice.allow([stranger], stranger)
    expect(await line.outcome(bring([...statements, evil]))).toBe('access-refused')
    expect(wholes).toBe(0)
    await world.enter(practice)
    expect(wholes).toBe(1)
  })

  it('says who it is once', async () => {
    const practice = await newLogPractice()
    const world = createLogWorld()
    await world.make(practice)
    const device = await world.enter(practice)
    await expect(device.authenticate(practice.space, practice.founder, origin)).rejects.toThrow('malformed')
    expect(device.wire.isOpen()).toBe(false)
  })

  it('has two minutes to say who it is', async () => {
    const practice = await newLogPractice()
    const world = createLogWorld()
    await world.make(practice)
    const [device, stranger] = [await world.enter(practice), world.connect()]
    world.clock.advance(119_999)
    expect(stranger.wire.isOpen()).toBe(true)
    world.clock.advance(1)
    expect([stranger.wire.closeCode(), device.wire.isOpen()]).toEqual([1008, true])
  })
})

describe('a server that asks for enrolment', () => {
  const code = 'correct horse battery'

  it('makes no space without the code, and tells the proof to whoever showed it and to the practice alone', async () => {
    const practice = await newLogPractice()
    const world = createLogWorld({ enrolment: createLogEnrolment(code) })
    const founder = world.connect()
    expect(await founder.outcome(bring(practice.statements))).toBe('enrolment-required')
    expect(await founder.outcome(bring(practice.statements, 'correct horse'))).toBe('enrolment-refused')
    const { enrolment } = (await founder.ask('access-kept', bring(practice.statements, code))).message
    expect(enrolment).toMatch(/^[\w-]{43}$/)
    expect((await world.connect().ask('access-kept', bring(practice.statements))).message.enrolment).toBeNull()
    const device = await world.enter(practice)
    expect((await device.ask('access-kept', bring([]))).message).toMatchObject({ version: 0, enrolment })
  })

  it('that has lost its disk takes the proof for the code, of this practice alone', async () => {
    const [practice, other] = [await newLogPractice(), await newLogPractice()]
    const store = createMemoryLogStore()
    const before = createLogWorld({ store, enrolment: createLogEnrolment(code) })
    const { enrolment } = (await before.connect().ask('access-kept', bring(practice.statements, code))).message
    store.clear()
    const after = createLogWorld({ store, enrolment: createLogEnrolment(code) })
    expect(await after.connect().outcome(bring(other.statements, enrolment))).toBe('enrolment-refused')
    expect(await after.connect().outcome(bring(practice.statements, enrolment))).toBe('access-kept')
    const changed = createLogWorld({ enrolment: createLogEnrolment('another code') })
    expect(await changed.connect().outcome(bring(practice.statements, enrolment))).toBe('enrolment-refused')
  })

  it('lets nobody try code after code', async () => {
    const practice = await newLogPractice()
    const world = createLogWorld({ enrolment: createLogEnrolment(code), limits: { LIMIT_ENROLMENTS_PER_ADDRESS_PER_MINUTE: 3 } })
    const outcomes: string[] = []
    for (let tries = 0; tries < 4; tries++) outcomes.push(await world.connect().outcome(bring(practice.statements, `try ${tries}`)))
    expect(outcomes).toEqual(['enrolment-refused', 'enrolment-refused', 'enrolment-refused', 'rate-limited'])
    expect(await world.connect('198.51.100.7').outcome(bring(practice.statements, code))).toBe('access-kept')
  })
})
