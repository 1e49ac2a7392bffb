import type { DocumentId } from '@alcove/shared/domain/ids'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

let world: LogWorld
afterEach(() => world.stop())

const kb = 1024

describe('snapshots', () => {
  it('are written at rest, confirmed by another device, and what they cover goes', async () => {
    world = await createLogWorld()
    const second = await world.letIn('second')
    const away = await world.letIn('away')
    const document = await world.save(world.first, 'begin')
    await world.current(world.first, second, away)
    away.crash()
    const log = () => world.logs().get(document)?.state
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 5; i++) await world.save(world.first, 'large', document, 80 * kb)
      await world.save(world.first, `first ${round}`, document)
      await world.save(second, `second ${round}`, document)
      await world.pass(2 * minuteMs)
    }
    expect(log()?.snapshots.length).toBeGreaterThanOrEqual(2)
    expect(log()?.base.sequence).toBeGreaterThan(0)
    expect([...world.incidents(world.first), ...world.incidents(second)]).toEqual([])

    // A device whose place in the log is gone.
    expect(away.disk.shelf.pages.get(document)?.position.sequence).toBeLessThan(log()?.base.sequence ?? 0)
    await away.start()
    await world.current(away)
    for (let round = 0; round < 3; round++) expect(world.has(away, document, `first ${round}`)).toBe(true)
    expect(world.incidents(away)).toEqual([])
    await world.save(away, 'late', document)
    await world.current(world.first, second, away)
    expect(world.has(second, document, 'late')).toBe(true)

    // And one that has nothing.
    const fresh = await world.letIn('fresh')
    await world.current(fresh)
    expect(world.has(fresh, document, 'begin') && world.has(fresh, document, 'late')).toBe(true)
    expect(world.incidents(fresh)).toEqual([])
  })

  it('are not confirmed by the device that wrote them', async () => {
    world = await createLogWorld()
    const document = await world.save(world.first, 'begin')
    await world.current(world.first)
    for (let i = 0; i < 18; i++) {
      await world.save(world.first, 'large', document, 80 * kb)
      await world.pass(minuteMs)
    }
    expect(world.logs().get(document)?.state.snapshots.length).toBeGreaterThanOrEqual(2)
    expect(world.logs().get(document)?.state.base.sequence).toBe(0)
  })
})

describe('a full space', () => {
  it('is said, loses nothing here, and is over when there is room', async () => {
    world = await createLogWorld({ quotaBytes: 300 * kb })
    const document = await world.save(world.first, 'begin')
    await world.current(world.first)
    await world.save(world.first, 'too much', document, 400 * kb)
    await world.until('full', () => world.log(world.first).line.kind === 'full')
    expect(world.log(world.first).line).toEqual({ kind: 'full', whose: 'practice' })
    expect(world.first.running()?.state.unsynced).toBe(1)
  })

  it('is said when it is the server’s disk', async () => {
    world = await createLogWorld()
    const document = await world.save(world.first, 'begin')
    await world.current(world.first)
    world.server.disk().isFull = true
    await world.save(world.first, 'a', document)
    await world.until('full', () => world.log(world.first).line.kind === 'full')
    expect(world.log(world.first).line).toEqual({ kind: 'full', whose: 'server' })
    world.server.disk().isFull = false
    await world.current(world.first)
    expect(world.first.running()?.state.unsynced).toBe(0)
  })
})

describe('a long first reading', () => {
  it('shows how far it is, can be stopped, and goes on', async () => {
    world = await createLogWorld()
    const documents: DocumentId[] = []
    for (let i = 0; i < 40; i++) documents.push(await world.save(world.first, `n${i}`))
    await world.current(world.first)
    const fresh = await world.letIn('fresh')
    await world.until('reading', () => {
      const { line } = world.log(fresh)
      return line.kind === 'catching-up' && line.done > 2
    })
    fresh.running()?.engine.log.pause()
    await world.pass(secondMs)
    const { line } = world.log(fresh)
    expect(line.kind).toBe('paused')
    await world.pass(minuteMs)
    expect(world.log(fresh).line).toEqual(world.log(fresh).line)
    const read = () => documents.filter((document, i) => world.has(fresh, document, `n${i}`)).length
    const before = read()
    expect(before).toBeLessThan(40)
    await world.pass(minuteMs)
    expect(read()).toBe(before)
    fresh.running()?.engine.log.resume()
    await world.current(fresh)
    expect(read()).toBe(40)
  })
})
