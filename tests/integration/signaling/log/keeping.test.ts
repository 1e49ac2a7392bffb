import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { LimitName } from '../../../../signaling/src/limits.ts'
import { openLevelStore } from '../../../../signaling/src/sealed-log/level-store.ts'
import type { LogStore } from '../../../../signaling/src/sealed-log/log-store.ts'
import { ackOf, type LogPractice, newLogId, newLogPractice, recordBy, snapshotOf } from '../../../support/signaling/log-people.ts'
import { recordsIn } from '../../../support/signaling/log-wire.ts'
import { createLogWorld, type LogWorld } from '../../../support/signaling/log-world.ts'
import { createMemoryLogStore } from '../../../support/signaling/memory-log-store.ts'

let practice: LogPractice
beforeAll(async () => {
  practice = await newLogPractice()
})
const newLocator = () => toBase64Url(randomBytes(32))
const limitsIn = ({ events }: LogWorld): LimitName[] => events.flatMap((event) => (event.type === 'limit' ? [event.limit] : []))

describe('a server that was started anew', () => {
  let folder: string
  let store: LogStore
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-log-'))
    store = await openLevelStore({ folder, keepFreeBytes: 0 })
  })
  afterEach(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('goes on where it was: records, numbers, snapshots, ticks, kits, and what all of it takes', async () => {
    const before = createLogWorld({ store })
    await before.make(practice)
    const device = await before.enter(practice)
    const [log, other, locator] = [newLogId(), newLogId(), newLocator()]
    const records: Uint8Array<ArrayBuffer>[] = []
    for (let number = 1; number <= 3; number++) records.push(await recordBy(practice.space, log, practice.founder, { number }))
    const answers = await Promise.all(records.map((record) => device.ask('appended', { type: 'append', log }, record)))
    const end = answers.at(-1)?.message.at
    if (!end) throw new Error('no answer')
    const snapshot = await recordBy(practice.space, log, practice.founder, snapshotOf(end, 4))
    await device.ask('appended', { type: 'append', log }, snapshot)
    await device.ask('appended', { type: 'append', log: other }, await recordBy(practice.space, other, practice.founder))
    await device.ask('kit-kept', { type: 'put-kit', locator }, new Uint8Array([1, 2, 3]))
    const used = (await before.enter(practice)).all().find((message) => message.type === 'ready')
    await store.close()
    store = await openLevelStore({ folder, keepFreeBytes: 0 })

    const after = createLogWorld({ store })
    const back = await after.enter(practice)
    const ready = back.all().find((message) => message.type === 'ready')
    expect([ready?.type, ready?.usedBytes]).toEqual(['ready', used?.usedBytes])
    const { message } = await back.ask('heads', { type: 'changed', since: 0 })
    expect([message.heads.map(({ log }) => log), message.tick]).toEqual([[log, other], 5])
    expect(recordsIn(await back.ask('records', { type: 'read', log, after: 0, jump: false }))).toEqual([...records, snapshot])
    const jumped = await back.ask('records', { type: 'read', log, after: 0, jump: true })
    expect([jumped.message.first, jumped.message.snapshot]).toEqual([4, 4])
    // The same record is known again, another is the next.
    expect(await back.outcome({ type: 'append', log }, snapshot)).toBe('appended')
    const next = await recordBy(practice.space, log, practice.founder, { number: 5 })
    const appended = (await back.ask('appended', { type: 'append', log }, next)).message
    expect([appended.at.sequence, appended.tick]).toEqual([5, 6])
    expect([...(await after.connect().ask('kit', { type: 'get-kit', locator })).body]).toEqual([1, 2, 3])
  })
})

describe('a disk that takes nothing', () => {
  it.each([
    ['full', 'server-full'],
    ['failed', 'failed'],
  ] as const)('(%s) is told, loses nothing that was acknowledged, and goes on when it can', async (outcome, code) => {
    const store = createMemoryLogStore()
    const world = createLogWorld({ store })
    store.refuseWith(outcome)
    expect(await world.connect().outcome({ type: 'access', statements: practice.statements, enrolment: null })).toBe(code)
    store.refuseWith(null)
    await world.make(practice)
    const [device, other] = [await world.enter(practice), await world.enter(practice)]
    await other.ask('heads', { type: 'changed', since: 0 })
    const log = newLogId()
    const [one, two] = [
      await recordBy(practice.space, log, practice.founder),
      await recordBy(practice.space, log, practice.founder, { number: 2 }),
    ]
    await device.ask('appended', { type: 'append', log }, one)
    const usedBytes = async () => (await world.enter(practice)).all().find((message) => message.type === 'ready')?.usedBytes
    const used = await usedBytes()
    store.refuseWith(outcome)
    expect(await device.outcome({ type: 'append', log }, two)).toBe(code)
    expect(await device.outcome({ type: 'append', log: newLogId() }, one)).toBe('not-a-member')
    expect(await device.outcome({ type: 'put-kit', locator: newLocator() }, randomBytes(9))).toBe(code)
    expect(recordsIn(await device.ask('records', { type: 'read', log, after: 0, jump: false }))).toEqual([one])
    expect([await usedBytes(), other.heads().length]).toEqual([used, 1])
    store.refuseWith(null)
    expect((await device.ask('appended', { type: 'append', log }, two)).message.at.sequence).toBe(2)
    expect(other.heads().map(({ end }) => end.sequence)).toEqual([1, 2])
  })
})

describe('limits', () => {
  it('a practice has its quota; what makes room again, and the list of who may, are still taken', async () => {
    const second = await practice.newDevice({ administrator: true, member: practice.founder.member })
    const full = await newLogPractice()
    await full.allow([full.founder, second])
    const world = createLogWorld({ limits: { LIMIT_LOG_BYTES_PER_SPACE: 30_000 } })
    await world.make(full)
    const [device, other] = [await world.enter(full), await world.enter(full, second)]
    const log = newLogId()
    const positions = []
    for (let number = 1; ; number++) {
      const request = device.send({ type: 'append', log }, await recordBy(full.space, log, full.founder, { number }))
      const { message } = await device.answer(request)
      if (message.type !== 'appended') {
        expect(message).toMatchObject({ type: 'refused', code: 'space-full' })
        break
      }
      positions.push(message.at)
    }
    expect(limitsIn(world)).toContain('LIMIT_LOG_BYTES_PER_SPACE')
    expect(positions.length).toBeGreaterThan(60)
    const [early, end] = [positions[0], positions.at(-1)]
    if (!early || !end) throw new Error('nothing was taken')
    for (const [index, covers] of [early, end].entries()) {
      await other.ask('appended', { type: 'append', log }, await recordBy(full.space, log, second, snapshotOf(covers, index + 1)))
    }
    await full.allow([full.founder, second, await full.newDevice()])
    await device.ask('access-kept', { type: 'access', statements: full.statements, enrolment: null })
    // The older of the two covers one record: whoever needs that one is sent behind it, or, where it may be further, behind the newer.
    await device.ask('appended', { type: 'append', log }, await recordBy(full.space, log, full.founder, ackOf(early, positions.length + 1)))
    const firstWith = async (jump: boolean) => (await device.ask('records', { type: 'read', log, after: 0, jump })).message.first
    expect([await firstWith(false), await firstWith(true)]).toEqual([early.sequence + 1, end.sequence + 1])
  })

  it('a practice has so many logs, and goes on writing in those that it has', async () => {
    const world = createLogWorld({ limits: { LIMIT_LOGS_PER_SPACE: 2 } })
    await world.make(practice)
    const device = await world.enter(practice)
    const logs = [newLogId(), newLogId(), newLogId()]
    const records = await Promise.all(logs.map((log) => recordBy(practice.space, log, practice.founder)))
    // All at once: none of them counts twice, and what is refused takes nobody's place.
    const outcomes = await Promise.all(logs.map((log, index) => device.outcome({ type: 'append', log }, records[index])))
    expect(outcomes.toSorted()).toEqual(['appended', 'appended', 'space-full'])
    const { message } = await device.ask('heads', { type: 'changed', since: 0 })
    const [kept] = message.heads
    if (!kept) throw new Error('no head')
    const next = await recordBy(practice.space, kept.log, practice.founder, { number: 2 })
    expect(await device.outcome({ type: 'append', log: kept.log }, next)).toBe('appended')
  })

  it('a server has so many spaces', async () => {
    const world = createLogWorld({ limits: { LIMIT_LOG_SPACES: 1 } })
    await world.make(practice)
    const { statements } = await newLogPractice()
    expect(await world.connect().outcome({ type: 'access', statements, enrolment: null })).toBe('server-full')
  })

  it('a practice has so many connections', async () => {
    const world = createLogWorld({ limits: { LIMIT_LOG_SOCKETS_PER_SPACE: 2 } })
    await world.make(practice)
    const first = await world.enter(practice)
    await world.enter(practice)
    await expect(world.enter(practice)).rejects.toThrow('rate-limited')
    first.wire.cut()
    await world.enter(practice)
    expect(world.hub.counts().devices).toBe(2)
  })

  it('whoever says too much is told so, request by request, and closed when it goes on', async () => {
    const world = createLogWorld({ limits: { LIMIT_LOG_MESSAGE_BURST_PER_SOCKET: 5 } })
    await world.make(practice)
    const device = await world.enter(practice)
    const ids = Array.from({ length: 7 }, () => device.send({ type: 'ping' }))
    const answers = await Promise.all(ids.map(async (id) => (await device.answer(id)).message))
    expect(answers.map((message) => (message.type === 'refused' ? message.code : message.type))).toEqual([
      ...Array(5).fill('pong'),
      'rate-limited',
      'rate-limited',
    ])
    world.clock.advance(1_000)
    expect(await device.outcome({ type: 'ping' })).toBe('pong')
    for (let i = 0; i < 20; i++) device.send({ type: 'ping' })
    await device.wire.settled()
    expect(device.wire.closeCode()).toBe(1008)
  })

  it('a stranger may send little, and little at a time', async () => {
    const world = createLogWorld({ limits: { LIMIT_LOG_ACCESS_PER_ADDRESS_PER_MINUTE: 2 } })
    const wide = world.connect()
    wide.send({ type: 'get-kit', locator: newLocator() }, new Uint8Array(300_000))
    await wide.wire.settled()
    expect([wide.all().at(-1), wide.wire.closeCode()]).toMatchObject([{ type: 'refused', code: 'too-large' }, 1008])
    const outcomes = []
    for (let i = 0; i < 3; i++)
      outcomes.push(await world.connect().outcome({ type: 'access', statements: practice.statements, enrolment: null }))
    expect(outcomes).toEqual(['access-kept', 'access-kept', 'rate-limited'])
  })

  it('messages that do not end take only so much memory, all together', async () => {
    const world = createLogWorld({ limits: { LIMIT_LOG_INCOMING_BYTES: 1_000_000 } })
    await world.make(practice)
    const device = await world.enter(practice)
    const frame = new Uint8Array(60_000).fill(0)
    frame[0] = 1
    const strangers = Array.from({ length: 6 }, () => world.connect())
    for (const stranger of strangers) stranger.wire.send(frame)
    await Promise.all(strangers.map((stranger) => stranger.wire.settled()))
    expect(strangers.map((stranger) => stranger.wire.closeCode())).toEqual([null, null, null, null, 1008, 1008])
    // What strangers hold takes nothing from those who are known; what is closed holds nothing any more.
    const log = newLogId()
    expect(await device.outcome({ type: 'append', log }, await recordBy(practice.space, log, practice.founder))).toBe('appended')
    for (const stranger of strangers) stranger.wire.cut()
    const late = world.connect()
    late.wire.send(frame)
    await late.wire.settled()
    expect(late.wire.isOpen()).toBe(true)
  })

  it('a record has its length', async () => {
    const world = createLogWorld()
    await world.make(practice)
    const device = await world.enter(practice)
    const record = await recordBy(practice.space, newLogId(), practice.founder)
    const long = new Uint8Array(8 * 1024 * 1024 + 1)
    long.set(record)
    expect(await device.outcome({ type: 'append', log: newLogId() }, long)).toBe('too-large')
    expect(device.wire.isOpen()).toBe(true)
  })
})

describe('recovery kits', () => {
  it('are kept by devices of the practice, replaced and taken away, and read by whoever has the words', async () => {
    const world = createLogWorld()
    await world.make(practice)
    const device = await world.enter(practice)
    const locator = newLocator()
    const stranger = world.connect()
    expect(await stranger.outcome({ type: 'get-kit', locator })).toBe('unknown-kit')
    expect(await stranger.outcome({ type: 'put-kit', locator }, randomBytes(9))).toBe('not-a-member')
    for (const kit of [randomBytes(900), randomBytes(40)]) {
      await device.ask('kit-kept', { type: 'put-kit', locator }, kit)
      expect((await stranger.ask('kit', { type: 'get-kit', locator })).body).toEqual(kit)
    }
    await device.ask('kit-kept', { type: 'put-kit', locator })
    expect(await stranger.outcome({ type: 'get-kit', locator })).toBe('unknown-kit')
  })

  it('have their length and their number', async () => {
    const world = createLogWorld()
    await world.make(practice)
    const device = await world.enter(practice)
    expect(await device.outcome({ type: 'put-kit', locator: newLocator() }, randomBytes(16 * 1024 + 1))).toBe('too-large')
    const locators = Array.from({ length: 16 }, newLocator)
    for (const locator of locators) await device.ask('kit-kept', { type: 'put-kit', locator }, randomBytes(9))
    expect(await device.outcome({ type: 'put-kit', locator: newLocator() }, randomBytes(9))).toBe('space-full')
    expect(await device.outcome({ type: 'put-kit', locator: locators[0] ?? '' }, randomBytes(9))).toBe('kit-kept')
  })

  it('of another practice are not touched', async () => {
    const other = await newLogPractice()
    const world = createLogWorld()
    await world.make(practice)
    await world.make(other)
    const [locator, kit] = [newLocator(), randomBytes(100)]
    await (await world.enter(practice)).ask('kit-kept', { type: 'put-kit', locator }, kit)
    expect(await (await world.enter(other)).outcome({ type: 'put-kit', locator })).toBe('not-a-member')
    expect((await world.connect().ask('kit', { type: 'get-kit', locator })).body).toEqual(kit)
  })

  it('are not asked for without end', async () => {
    const world = createLogWorld({ limits: { LIMIT_KIT_READS_PER_ADDRESS_PER_MINUTE: 2 } })
    const outcomes = []
    for (let i = 0; i < 3; i++) outcomes.push(await world.connect().outcome({ type: 'get-kit', locator: newLocator() }))
    expect(outcomes).toEqual(['unknown-kit', 'unknown-kit', 'rate-limited'])
  })
})

describe('a server that keeps no logs', () => {
  it('says so first, and to everything', async () => {
    const world = createLogWorld({ store: null })
    const device = world.connect()
    expect(await device.hello()).toMatchObject({ type: 'hello', keepsLogs: false })
    expect(await device.outcome({ type: 'access', statements: practice.statements, enrolment: null })).toBe('off')
    await expect(device.authenticate(practice.space, practice.founder, 'https://alcove.example')).rejects.toThrow('off')
    expect(await device.outcome({ type: 'ping' })).toBe('pong')
  })
})

describe('what is in memory', () => {
  it('goes with the last connection', async () => {
    const world = createLogWorld()
    await world.make(practice)
    const [device, other] = [await world.enter(practice), await world.enter(practice)]
    const log = newLogId()
    const record = await recordBy(practice.space, log, practice.founder)
    device.wire.cut()
    device.wire.cut()
    expect(world.hub.counts()).toEqual({ connections: 1, spaces: 1, devices: 1 })
    const pending = other.send({ type: 'append', log }, record)
    other.wire.cut()
    await other.wire.settled()
    expect([pending, world.hub.counts()]).toEqual([expect.any(Number), { connections: 0, spaces: 0, devices: 0 }])
  })

  it('a text is no frame', () => {
    const world = createLogWorld()
    const device = world.connect()
    device.wire.sendText()
    expect([device.wire.closeCode(), world.hub.counts().connections]).toEqual([1008, 0])
  })
})
