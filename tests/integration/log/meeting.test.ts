import { practiceDocument } from '../../support/simulation/sim-disk.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import type { SimDevice } from '../../support/simulation/sim-device.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

let world: LogWorld
let second: SimDevice
beforeEach(async () => {
  world = await createLogWorld()
  second = await world.letIn('second')
  await world.current(world.first, second)
})
afterEach(() => world.stop())

describe('the log alone', () => {
  it('lets two devices meet that are never on together', async () => {
    second.crash()
    const document = await world.save(world.first, 'a')
    await world.current(world.first)
    world.first.crash()
    await world.pass(minuteMs)
    await second.start()
    await world.current(second)
    expect(world.has(second, document, 'a')).toBe(true)
    await world.save(second, 'b', document)
    await world.current(second)
    second.crash()
    await world.first.start()
    await world.current(world.first)
    expect(world.has(world.first, document, 'b')).toBe(true)
  })

  it('carries the practice document too', async () => {
    await world.save(world.first, 'phone', practiceDocument)
    await world.current(world.first, second)
    expect(world.has(second, practiceDocument, 'phone')).toBe(true)
  })

  it('keeps what both write at the same time, each once', async () => {
    const document = await world.save(world.first, 'begin')
    await world.current(world.first, second)
    for (let i = 0; i < 20; i++) {
      await world.save(world.first, `f${i}`, document)
      await world.save(second, `s${i}`, document)
    }
    await world.current(world.first, second)
    for (let i = 0; i < 20; i++) {
      expect(world.has(second, document, `f${i}`) && world.has(world.first, document, `s${i}`)).toBe(true)
    }
    const written = world.logs().get(document)?.state.end.sequence ?? 0
    await world.pass(minuteMs)
    expect(world.logs().get(document)?.state.end.sequence).toBe(written)
    expect(written).toBeLessThanOrEqual(41)
    expect([...world.incidents(world.first), ...world.incidents(second)]).toEqual([])
  })

  it('loses nothing when a device ends at any point and starts again', async () => {
    const document = await world.save(world.first, 'begin')
    for (let i = 0; i < 25; i++) {
      await world.save(world.first, `n${i}`, document)
      await world.pass(i * 40)
      world.first.crash()
      await world.pass(500)
      await world.first.start()
    }
    await world.current(world.first, second)
    for (let i = 0; i < 25; i++) expect(world.has(second, document, `n${i}`)).toBe(true)
    expect([...world.incidents(world.first), ...world.incidents(second)]).toEqual([])
  })

  it('goes on where it was when the server is killed and started again', async () => {
    const document = await world.save(world.first, 'begin')
    for (let i = 0; i < 12; i++) {
      await world.save(i % 2 ? world.first : second, `n${i}`, document)
      await world.pass(i * 60)
      world.server.crash(3 * secondMs)
      await world.pass(5 * secondMs)
    }
    await world.current(world.first, second)
    for (let i = 0; i < 12; i++) expect(world.has(i % 2 ? second : world.first, document, `n${i}`)).toBe(true)
    expect([...world.incidents(world.first), ...world.incidents(second)]).toEqual([])
  })

  it('says since when it is offline, and that it is there again', async () => {
    world.setOnline(world.first, false)
    await world.pass(minuteMs)
    expect(world.log(world.first).line.kind).toBe('offline')
    await world.save(world.first, 'a')
    expect(world.first.running()?.state.unsynced).toBe(1)
    world.setOnline(world.first, true)
    await world.current(world.first, second)
    expect(world.first.running()?.state.unsynced).toBe(0)
  })

  it('is read from the practice that was there before it', async () => {
    const documents = []
    for (let i = 0; i < 10; i++) documents.push(await world.save(world.first, `n${i}`))
    await world.current(world.first)
    const third = await world.letIn('third')
    await world.current(third)
    for (const [i, document] of documents.entries()) expect(world.has(third, document, `n${i}`)).toBe(true)
  })
})
