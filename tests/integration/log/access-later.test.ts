import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'

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
