import type { Relay } from '../../../pwa/src/sync-ports.ts'

type Listener = Parameters<Relay['join']>[1]
type Member = { readonly of: string; readonly topic: string; readonly listen: Listener }

/** What happens to one message on its way to one listener; none: it is lost. Delays in ms. */
export type Fate = (message: {
  readonly from: string
  readonly to: string
  readonly data: string
  readonly number: number
}) => readonly number[]

export type MemoryRelay = {
  /** The relay as this device has it. Its name is for `cut` and for fates. */
  of(device: string): Relay
  /** The device loses the server, and finds it again. */
  cut(device: string): void
  mend(device: string): void
  setFate(fate: Fate): void
  /** Everything that was said, as the server saw it. */
  readonly heard: readonly { readonly from: string; readonly topic: string; readonly data: string }[]
}

/** The server's topics in memory; what is said arrives later, when the clock says so, or not at all. */
export function createMemoryRelay(clock: { after(delayMs: number, run: () => void): unknown }): MemoryRelay {
  const members = new Set<Member>()
  const away = new Set<string>()
  const heard: { from: string; topic: string; data: string }[] = []
  let fate: Fate = () => [1]
  let number = 0

  return {
    heard,
    setFate(next) {
      fate = next
    },
    of: (of) => ({
      join(topic, listen) {
        const member = { of, topic, listen }
        members.add(member)
        clock.after(1, () => {
          if (members.has(member) && !away.has(of)) listen({ type: 'open' })
        })
        return {
          publish(data) {
            if (away.has(of) || !members.has(member)) return false
            heard.push({ from: of, topic, data })
            for (const other of members) {
              if (other.topic !== topic || other.of === of) continue
              number += 1
              for (const delayMs of fate({ from: of, to: other.of, data, number })) {
                clock.after(delayMs, () => {
                  if (members.has(other) && !away.has(other.of)) other.listen({ type: 'message', data })
                })
              }
            }
            return true
          },
          leave() {
            members.delete(member)
          },
        }
      },
    }),
    cut(device) {
      away.add(device)
      for (const member of members) if (member.of === device) member.listen({ type: 'lost' })
    },
    mend(device) {
      away.delete(device)
      for (const member of members) if (member.of === device) member.listen({ type: 'open' })
    },
  }
}
