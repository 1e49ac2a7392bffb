import { fc } from '../property.ts'

/** What the property test of the hub does to it, and how often. */
export const guestCount = 4
export const devices = ['laptop', 'tablet'] as const
export const callCount = 2

export type Command =
  | { readonly do: 'connect guest' | 'lose guest' | 'knock' | 'leave'; readonly guest: number }
  | { readonly do: 'connect host' | 'lose host'; readonly host: number }
  | {
      readonly do: 'admit'
      readonly host: number
      readonly guest: number
      readonly call: number
      readonly for: number
      readonly stale: boolean
    }
  | { readonly do: 'roster'; readonly host: number; readonly call: number; readonly guests: readonly number[] }
  | { readonly do: 'end'; readonly host: number; readonly call: number }
  | { readonly do: 'hand over'; readonly host: number; readonly call: number; readonly to: number }
  | { readonly do: 'dismiss' | 'note' | 'relay from host'; readonly host: number; readonly guest: number }
  | { readonly do: 'relay from guest'; readonly guest: number; readonly to: number }
  | { readonly do: 'replay'; readonly by: number; readonly which: number }
  | { readonly do: 'steal'; readonly guest: number; readonly call: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'restart' | 'everybody talks' }

const guest = fc.nat(guestCount - 1)
const host = fc.nat(devices.length - 1)
const call = fc.nat(callCount - 1)
const usually = <T>(value: T, other: T) =>
  fc.oneof({ arbitrary: fc.constant(value), weight: 5 }, { arbitrary: fc.constant(other), weight: 1 })

export const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('connect guest' as const), guest }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose guest' as const), guest }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('knock' as const), guest }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), guest }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('connect host' as const), host }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose host' as const), host }) },
  {
    weight: 9,
    arbitrary: fc
      .record({ host, guest, call, other: fc.nat(guestCount * 5), stale: usually(false, true) })
      .map(({ other, ...rest }) => ({ do: 'admit' as const, ...rest, for: other < guestCount ? other : rest.guest })),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('roster' as const), host, call, guests: fc.uniqueArray(guest, { maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), host, call }) },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('hand over' as const), host, call, to: host }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('dismiss' as const, 'note' as const), host, guest }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('relay from host' as const), host, guest }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('relay from guest' as const), guest, to: fc.nat(guestCount) }) },
  { weight: 8, arbitrary: fc.constant({ do: 'everybody talks' as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('replay' as const), by: fc.nat(devices.length), which: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('steal' as const), guest, call }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 5_000, 19_999, 20_000) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
)

export function pick<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new Error(`Nothing at ${index}`)
  return found
}

/** From everybody to everybody. */
export const everyRelay: Command[] = Array.from({ length: guestCount }, (_, guest): Command[] => [
  ...devices.map((_device, host): Command => ({ do: 'relay from host', host, guest })),
  ...Array.from({ length: guestCount + 1 }, (_peer, to): Command => ({ do: 'relay from guest', guest, to })),
]).flat()

/** Everybody is there and knocks, and two are let in, so that most runs get somewhere. */
export const prologue: Command[] = [
  { do: 'connect host', host: 0 },
  ...[0, 1, 2].flatMap((index): Command[] => [
    { do: 'connect guest', guest: index },
    { do: 'knock', guest: index },
  ]),
  ...[0, 1].map((index): Command => ({ do: 'admit', host: 0, guest: index, call: 0, for: index, stale: false })),
  { do: 'roster', host: 0, call: 0, guests: [0, 1] },
]
