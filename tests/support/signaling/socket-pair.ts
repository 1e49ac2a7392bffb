import type { HubClient, SessionHub } from '../../../signaling/src/session-hub.ts'
import type { Wire } from '../wire-client.ts'

/** A socket without a network: texts pass at once, or are held, lost and reordered by the test. */
export type SocketPair = Wire & {
  /** From now on nothing passes in either direction until `release`. */
  hold(): void
  /** Lets everything pass that was held, in another order if wanted. */
  release(reorder?: <T>(texts: readonly T[]) => T[]): void
  /** What is held is lost. */
  lose(): void
  /** The hub notices that the socket is gone. `cut` without it would be a half-open socket. */
  fall(): void
  /** Resolves when the hub has dealt with everything that reached it. */
  settled(): Promise<void>
}

export function openSocketPair(hub: SessionHub, origin: string, address = '192.0.2.1'): SocketPair {
  const received: string[] = []
  let open = true
  let holding = false
  let silent = false
  let closeCode: number | null = null
  let held: { readonly to: 'hub' | 'client'; readonly text: string }[] = []
  let tail: Promise<unknown> = Promise.resolve()

  function pass(to: 'hub' | 'client', text: string): void {
    if (silent) return
    if (holding) held.push({ to, text })
    else if (to === 'client') received.push(text)
    else tail = client.receive(text)
  }

  const client: HubClient = hub.connect({
    address,
    origin,
    send: (text) => pass('client', text),
    close(code) {
      open = false
      closeCode = code
      client?.closed()
    },
  })

  return {
    received,
    send: (text) => open && pass('hub', text),
    isOpen: () => open,
    closeCode: () => closeCode,
    cut() {
      silent = true
    },
    fall() {
      open = false
      silent = true
      client.closed()
    },
    hold() {
      holding = true
    },
    release(reorder = (texts) => [...texts]) {
      holding = false
      const passing = reorder(held)
      held = []
      for (const { to, text } of passing) pass(to, text)
    },
    lose() {
      held = []
    },
    async settled() {
      await tail
    },
  }
}
