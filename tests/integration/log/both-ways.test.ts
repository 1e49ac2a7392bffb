import { fromBase64Url } from '@alcove/shared/crypto/bytes'
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

let world: LogWorld
afterEach(() => world.stop())

describe('together with the devices’ own connections', () => {
  it('nothing is sent twice without need', async () => {
    world = await createLogWorld({ reach: 'both' })
    const second = await world.letIn('second')
    await world.current(world.first, second)
    const document = await world.save(world.first, 'begin')
    await world.current(world.first, second)
    const bytesBefore = world.logs().get(document)?.state.total ?? 0
    const updates: string[] = []
    world.network.watch(({ text }) => {
      const message = JSON.parse(text)
      if (message.type !== 'update' || message.document !== document) return
      const { structs } = Y.decodeUpdateV2(fromBase64Url(message.update) ?? new Uint8Array())
      if (structs.length > 0) updates.push(message.update)
    })
    for (let i = 0; i < 10; i++) {
      await world.save(i % 2 ? world.first : second, `n${i}`, document, 1000)
      await world.pass(20 * secondMs)
    }
    await world.pass(minuteMs)
    // Each change once over the channel, and one record in the log.
    expect(updates).toHaveLength(10)
    expect(world.logs().get(document)?.state.end.sequence).toBe(11)
    expect((world.logs().get(document)?.state.total ?? 0) - bytesBefore).toBeLessThan(10 * 1500)
    expect(world.has(second, document, 'n9') && world.has(world.first, document, 'n8')).toBe(true)
  })

  it('a device that read the log has nothing left to ask of the others', async () => {
    world = await createLogWorld({ reach: 'both' })
    const second = await world.letIn('second')
    await world.current(world.first, second)
    second.crash()
    const document = await world.save(world.first, 'a')
    for (let i = 0; i < 5; i++) await world.save(world.first, `n${i}`, document)
    await world.current(world.first)
    world.first.crash()
    await second.start()
    await world.current(second)
    const updates: string[] = []
    world.network.watch(({ text }) => {
      const message = JSON.parse(text)
      if (message.type === 'update' && message.document === document) updates.push(message.update)
    })
    await world.first.start()
    await world.pass(minuteMs)
    expect(updates.filter((text) => Y.decodeUpdateV2(fromBase64Url(text) ?? new Uint8Array()).structs.length > 0)).toEqual([])
  })

  it('what one wrote without the server another one brings', async () => {
    world = await createLogWorld({ reach: 'both' })
    const second = await world.letIn('second')
    const peer = await world.letIn('peer', { reach: 'peers' })
    await world.current(world.first, second)
    const document = await world.save(peer, 'a')
    await world.pass(2 * minuteMs)
    expect(world.logs().get(document)?.state.end.sequence).toBe(1)
    const third = await world.letIn('third', { reach: 'log' })
    await world.current(third)
    expect(world.has(third, document, 'a')).toBe(true)
  })

  it('devices agree without a log', async () => {
    world = await createLogWorld({ reach: 'both', keepsLogs: false })
    const second = await world.letIn('second')
    const document = await world.save(world.first, 'a')
    await world.pass(minuteMs)
    expect(world.has(second, document, 'a')).toBe(true)
    expect(world.log(second).line.kind).toBe('off')
    expect(world.log(second).incidents).toEqual([])
  })
})
