import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'

const minuteMs = 60_000

let world: LogWorld
beforeEach(async () => {
  world = await createLogWorld()
})
afterEach(() => world.stop())

describe('a device whose disk is full', () => {
  it('takes nobody’s record for forged whom it could not store that the practice let in, and reads it once there is room', async () => {
    const second = await world.letIn('second')
    await world.current(world.first, second)
    second.disk.isFull = true
    const third = await world.letIn('third')
    const document = await world.save(third, 'a')
    await world.current(third)
    await world.pass(minuteMs)
    expect(second.running()?.store.place()?.roll.devices.has(third.key)).toBe(false)
    expect(world.log(second).line.kind).not.toBe('current')
    second.disk.isFull = false
    await world.current(second)
    expect(world.incidents(second)).toEqual([])
    expect(world.has(second, document, 'a')).toBe(true)
  })
})
