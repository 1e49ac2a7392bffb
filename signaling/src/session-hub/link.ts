import type { ErrorCode, ServerMessage } from '@alcove/shared/protocol/session-messages'
import type { Limits } from '../limits.ts'
import { Meter } from '../rate-limits.ts'

/** What the hub needs of a socket. `close` may be called more than once. */
export type HubConnection = {
  /** The bucket that limits count by, not necessarily an address (client-address.ts). */
  readonly address: string
  /** The verified Origin header: signatures are bound to it. */
  readonly origin: string
  send(text: string): void
  close(code: number, reason: string): void
}

/** RFC 6455, 7.4.1. */
export const closeCodes = { policy: 1008, internal: 1011, restart: 1012 } as const

/** One connection, seen from inside the hub. Sending after the end does nothing. */
export type Link = {
  readonly id: string
  readonly address: string
  readonly origin: string
  isOpen(): boolean
  send(message: ServerMessage): void
  /** The same text to many, serialised once. */
  sendText(text: string): void
  /** Says what was wrong; the connection goes on. */
  refuse(code: ErrorCode): void
  /** Says what was wrong, then closes. */
  fail(code: ErrorCode): void
  /** A device whose certificate is of a lower epoch than the room's. It is told which one it takes. */
  failCertificate(minimum: number): void
  close(code: number, reason: string): void
  closed(): void
  /** Counts a message in. `drop` and `fail` have been answered already. */
  meter(now: number): 'ok' | 'drop'
}

export function createLink(id: string, connection: HubConnection, limits: Limits, openedAt: number): Link {
  let open = true
  const rate = { perMs: limits.LIMIT_MESSAGES_PER_SOCKET_PER_SECOND / 1000, burst: limits.LIMIT_MESSAGE_BURST_PER_SOCKET }
  const meter = new Meter(rate, openedAt)

  const link: Link = {
    id,
    address: connection.address,
    origin: connection.origin,
    isOpen: () => open,
    send: (message) => link.sendText(JSON.stringify(message)),
    sendText(text) {
      if (open) connection.send(text)
    },
    refuse: (code) => link.send({ type: 'error', code, fatal: false }),
    fail(code) {
      link.send({ type: 'error', code, fatal: true })
      link.close(closeCodes.policy, code)
    },
    failCertificate(minimum) {
      link.send({ type: 'error', code: 'certificate-refused', fatal: true, minimum })
      link.close(closeCodes.policy, 'certificate-refused')
    },
    close(code, reason) {
      if (!open) return
      open = false
      connection.close(code, reason)
    },
    closed() {
      open = false
    },
    meter(now) {
      const verdict = meter.take(rate, now)
      if (verdict === 'fail') link.fail('rate-limited')
      if (verdict === 'complain') link.refuse('rate-limited')
      return verdict === 'ok' ? 'ok' : 'drop'
    },
  }
  return link
}
