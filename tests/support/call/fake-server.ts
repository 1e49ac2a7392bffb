import { randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import { type Limits, limitDefaults } from '../../../signaling/src/limits.ts'
import { createSessionHub, type HubClient, type SessionHub } from '../../../signaling/src/session-hub.ts'
import { createProofs } from '../../../signaling/src/session-proofs.ts'
import type { WebSocketLike } from '../../../pwa/src/adapters/signaling/session-socket.ts'
import type { ManualClock } from '../session/manual-clock.ts'
import { createMemoryEpochs } from '../signaling/hub-world.ts'

export const origin = 'https://alcove.example'

/** What a server that is not honest does with a frame: returns what arrives instead, none, one or several. */
export type Tap = {
  readonly toServer?: (text: string) => readonly string[]
  readonly toPage?: (text: string) => readonly string[]
}

/** The real hub, reached through sockets that fall, and that can be killed and started anew. */
export type FakeServer = {
  openSocket(page: string): (url: string, protocol: string) => WebSocketLike
  /** kill -9: it forgets everything and every socket falls. */
  kill(): void
  boot(): void
  /** This page's sockets fall; `noticed` false leaves them half open at the server. */
  dropSockets(page: string): void
  /** New sockets of this page find nobody until it is let back. */
  setReachable(page: string, reachable: boolean): void
  tap(page: string, tap: Tap | null): void
  /** Every frame that passed, for looking back. */
  readonly frames: { readonly page: string; readonly to: 'server' | 'page'; readonly text: string }[]
  /** Puts a frame on a page's line as if the server had sent it. */
  inject(page: string, text: string): void
  hub(): SessionHub
}

type Line = { readonly page: string; fall(): void; deliver(text: string): void }

export function createFakeServer(clock: ManualClock, limits: Partial<Limits> = {}): FakeServer {
  const frames: FakeServer['frames'] = []
  const taps = new Map<string, Tap>()
  const unreachable = new Set<string>()
  let lines = new Set<Line>()
  let up = true
  const epochs = createMemoryEpochs()
  let hub = makeHub()

  function makeHub(): SessionHub {
    return createSessionHub({
      now: clock.now,
      after: clock.after,
      random: (bytes) => toBase64Url(randomBytes(bytes)),
      limits: { ...limitDefaults, ...limits },
      proofs: createProofs(),
      ice: { servers: () => [], renewEveryMs: null },
      enrolment: null,
      epochs,
      report(event) {
        if (event.type === 'fault') throw event.error
        if (event.type === 'withheld') throw new Error('The hub withheld a message')
      },
    })
  }

  function openSocket(page: string): WebSocketLike {
    let client: HubClient | null = null
    let open = true
    const socket: WebSocketLike = {
      onmessage: null,
      onclose: null,
      send(text) {
        if (!open || typeof text !== 'string') return
        frames.push({ page, to: 'server', text })
        for (const passed of taps.get(page)?.toServer?.(text) ?? [text]) void client?.receive(passed)
      },
      close() {
        if (!open) return
        open = false
        lines.delete(line)
        client?.closed()
      },
    }
    const line: Line = {
      page,
      fall() {
        if (!open) return
        open = false
        lines.delete(line)
        client?.closed()
        queueMicrotask(() => socket.onclose?.())
      },
      deliver(text) {
        frames.push({ page, to: 'page', text })
        const passed = taps.get(page)?.toPage?.(text) ?? [text]
        queueMicrotask(() => {
          for (const data of passed) if (open) socket.onmessage?.({ data } as MessageEvent)
        })
      },
    }
    lines.add(line)
    queueMicrotask(() => {
      if (!up || unreachable.has(page)) return line.fall()
      if (open) client = hub.connect({ address: page, origin, send: line.deliver, close: () => queueMicrotask(line.fall) })
    })
    return socket
  }

  return {
    openSocket: (page) => () => openSocket(page),
    kill() {
      up = false
      hub.close()
      const fallen = lines
      lines = new Set()
      for (const line of fallen) line.fall()
    },
    boot() {
      hub = makeHub()
      up = true
    },
    dropSockets(page) {
      for (const line of lines) if (line.page === page) line.fall()
    },
    setReachable(page, reachable) {
      if (reachable) unreachable.delete(page)
      else unreachable.add(page)
    },
    tap(page, tap) {
      if (tap) taps.set(page, tap)
      else taps.delete(page)
    },
    frames,
    inject(page, text) {
      for (const line of lines) if (line.page === page) line.deliver(text)
    },
    hub: () => hub,
  }
}
