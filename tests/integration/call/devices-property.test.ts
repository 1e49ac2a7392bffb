import { fc } from '../../support/property.ts'
import { expect, it } from 'vitest'
import type { CallWorld, TestPatient } from '../../support/call/call-world.ts'
import { inSession, joins, starts, twoDevices } from '../../support/call/stories.ts'
import type { TestClinician } from '../../support/call/test-clinician.ts'

const runs = process.env.ALCOVE_LONG === '1' ? 500 : 12

const who = { device: fc.nat(1), guest: fc.nat(1) }
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('accept' as const), ...who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('decline' as const), ...who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), guest: who.guest }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const), guest: who.guest }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose socket' as const), device: who.device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sync' as const), on: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pause' as const), ms: fc.constantFrom(0, 250, 1000) }) },
)
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never

async function run(world: CallWorld, devices: readonly TestClinician[], guests: readonly TestPatient[], what: Command): Promise<void> {
  const device = 'device' in what ? devices[what.device] : undefined
  const guest = 'guest' in what ? guests[what.guest] : undefined
  switch (what.do) {
    case 'accept':
      // Not waited for: whatever comes next may overtake it.
      if (device && guest) void device.room().accept(guest.key(), { confirmed: true })
      return
    case 'decline':
      if (device && guest) device.room().decline(guest.key())
      return
    case 'leave':
      return guest?.visit().leave()
    case 'join':
      return guest?.visit().join(guest.name)
    case 'lose socket':
      if (device) world.server.dropSockets(device.label)
      return
    case 'sync':
      return devices[0]?.links.setOnline('phone', what.on)
    case 'pause':
      return what.ms === 0 ? world.settled() : world.pass(what.ms)
  }
}

it('however two devices answer, and guests come and go: nobody is admitted twice, and nobody is lost', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 14 }), async (commands) => {
      const { world, laptop, phone, link, appointment } = await twoDevices()
      const devices = [laptop, phone]
      laptop.links.setOnline('phone', false)
      const guests = [await joins(world, 'sam', link), await joins(world, 'kim', await laptop.standingLink())]
      await starts(laptop, appointment)
      await starts(phone, appointment)
      laptop.links.setOnline('phone', true)
      for (const what of commands) await run(world, devices, guests, what)
      laptop.links.setOnline('phone', true)
      await world.pass(40_000)
      for (const guest of guests) {
        const { kind } = guest.phase()
        const within = devices.filter((device) => inSession(device).includes(guest.name)).map(({ label }) => label)
        const waiting = devices.filter(({ state }) => state().waiting.some(({ guest: key }) => key === guest.key()))
        const connected = world.ether.connected().filter((pair) => pair.split('-').includes(guest.name))
        const lines = connected.filter((pair) => devices.some(({ label }) => pair.includes(label)))
        const isIn = kind === 'in-session'
        const found = { kind, lines: lines.length, waiting: waiting.length }
        expect(found).toEqual({ kind, lines: isIn ? 1 : 0, waiting: kind === 'waiting' ? 2 : 0 })
        // A goodbye may be lost with a device's socket: then a place is kept, on one device.
        if (kind === 'left' || kind === 'ended') expect(within.length).toBeLessThanOrEqual(1)
        else expect(within.length).toBe(isIn ? 1 : 0)
        if (isIn) expect(lines[0]).toContain(within[0])
      }
    }),
    { numRuns: runs },
  )
})
