import { expect, it } from 'vitest'
import { newCall, newRoom } from '../../support/crypto-people.ts'
import { createHubWorld, waitingGuest } from '../../support/signaling/hub-world.ts'

it('a fault of the hub itself ends the one connection that met it, and is reported without a word of what was said', async () => {
  const world = createHubWorld({
    proofs: {
      ticket: async () => {
        throw new RangeError('a mistake in the program')
      },
    },
  })
  const room = await newRoom()
  const host = await world.host(room)
  const guest = await waitingGuest(world, room.room)
  await host.admit(guest.key, guest.sealed, newCall())
  await host.wire.settled()
  expect([host.wire.isOpen(), host.wire.closeCode()]).toEqual([false, 1011])
  expect(world.events.filter(({ type }) => type === 'fault')).toHaveLength(1)
  await guest.sync()
  expect(guest.wire.isOpen()).toBe(true)
  const again = await world.host(room)
  expect(again.of('ready')[0]?.guests).toMatchObject([{ guest: guest.key, state: 'waiting' }])
})
