import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import { copyOf, createSimLogDisk } from '../../support/simulation/sim-log-disk.ts'

const minuteMs = 60_000

let world: LogWorld
beforeEach(async () => {
  world = await createLogWorld()
})
afterEach(() => world.stop())

it('a device for whom the server had no room on the access list is on it once there is room', async () => {
  const document = await world.save(world.first, 'a')
  await world.current(world.first)
  // The chain's log has it, and the list has not.
  const second = await world.letIn('second', { reach: 'both' })
  await world.until('the chain is there', () => world.log(world.first).line.kind === 'current')
  world.server.disk().isFull = true
  await world.pass(minuteMs)
  expect(world.log(second).line.kind).toBe('not-admitted')
  world.server.disk().isFull = false
  await world.current(second)
  expect(world.has(second, document, 'a')).toBe(true)
})

it('a server that went back to an older list, and had no room for the newer one, is told that once there is room', async () => {
  const second = await world.letIn('second')
  await world.save(second, 'a')
  await world.current(world.first, second)
  const backup = copyOf(world.server.disk())
  second.crash()
  await world.remove(second)
  await world.pass(minuteMs)
  const newest = () => [...world.server.disk().spaces.values()][0]?.statements.at(-1)
  const said = newest()
  backup.isFull = true
  world.server.crash(1000, backup)
  await world.pass(minuteMs)
  expect(newest()).not.toBe(said)
  backup.isFull = false
  await world.pass(2 * minuteMs)
  expect(newest()).toBe(said)
})

it('a list that somebody who knew an older one signed on after the server lost its disk is taken over by those who knew a newer one', async () => {
  const second = await world.letIn('second')
  await world.current(world.first, second)
  const third = await world.letIn('third')
  await world.current(world.first, second, third)
  const fourth = await world.letIn('fourth')
  await world.current(world.first, second, third, fourth)
  second.crash()
  await second.start()
  await world.current(second)
  await world.pass(1000)
  expect(second.disk.shelf.cover.access).toHaveLength(3)
  for (const device of [world.first, second, third, fourth]) device.crash()
  const { shelf } = world.first.disk
  shelf.cover = { ...shelf.cover, access: shelf.cover.access.slice(0, 1) }
  world.server.crash(1000, createSimLogDisk())
  await world.pass(5000)
  await world.first.start()
  await world.current(world.first)
  await world.pass(minuteMs)
  await second.start()
  await world.current(second)
  const [space] = world.server.disk().spaces.values()
  expect(space?.statements).toHaveLength(2)
  expect(second.disk.shelf.cover.access).toEqual(space?.statements)
})
