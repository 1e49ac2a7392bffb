import { signLogAuthentication } from '@alcove/shared/crypto/log-access'
import type { LogConnection, LogFailure, LogLineEvent } from '../../log-ports.ts'
import type { Stop } from '../../ports.ts'
import type { AccessKeeper } from './log-access-keeper.ts'
import type { LogContext } from './log-context.ts'

/** Whoever is not on the list asks again: another device may just have put it there. */
const askAgainMs: readonly number[] = [2_000, 4_000, 8_000, 15_000, 30_000, 60_000]
const laterMs = 5_000

type Hello = Extract<LogLineEvent, { type: 'open' }>['hello']

export type Admission =
  | { readonly kind: 'lost' }
  /** The server keeps no logs. */
  | { readonly kind: 'off' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'needs-enrolment'; readonly refused: boolean }
  | { readonly kind: 'not-admitted' }
  /** This device was on the list once, and is not any more. */
  | { readonly kind: 'removed' }
  | { readonly kind: 'full' }
  | { readonly kind: 'in'; readonly usedBytes: number; readonly quotaBytes: number }

/** From a connection to being let in: shows the server which device this is, and makes the space where there is none. */
export type Admittance = {
  now(): Admission
  /** The server said hello. */
  opened(hello: Hello): void
  lost(): void
  /** There is another practice here, or none: what was said of the one before says nothing of it. */
  left(): void
  /** Something was refused because this device is not on the list any more. */
  denied(): void
  /** The operator's code. */
  enrol(code: string): void
  /** The chain changed, or the person waits. */
  again(): void
  close(): void
}

export type AdmittanceDeps = {
  readonly context: LogContext
  readonly keeper: AccessKeeper
  readonly connection: () => LogConnection
  readonly changed: () => void
}

export function createAdmittance({ context, keeper, connection, changed }: AdmittanceDeps): Admittance {
  const { clock, memory } = context
  let admission: Admission = { kind: 'lost' }
  let hello: Hello | null = null
  let code: string | null = null
  let tries = 0
  let stopTimer: Stop | null = null
  /** Of the newest attempt; an older one says nothing any more. */
  let attempt = 0
  /** The attempt that is on its way: who proves itself twice on one connection is sent away. */
  let underWay = 0
  /** The server was shown all of the list that this device knows: it may have an older one. */
  let hasShownList = false

  function become(next: Admission): void {
    admission = next
    changed()
  }

  function begin(): void {
    stopTimer?.()
    stopTimer = null
    if (!hello || context.isClosed()) return
    const mine = ++attempt
    const isCurrent = () => mine === attempt && !context.isClosed()
    if (admission.kind === 'lost') become({ kind: 'asking' })
    underWay = mine
    ask(hello, isCurrent)
      .catch(() => isCurrent() && later())
      .finally(() => {
        if (underWay === mine) underWay = 0
      })
  }

  async function ask(greeting: Hello, isCurrent: () => boolean): Promise<void> {
    const place = context.place()
    if (!place) return
    const { space, device } = place
    const fields = { origin: context.origin, connection: greeting.connection, nonce: greeting.nonce, space }
    const signature = await signLogAuthentication(device, fields)
    const reply = await connection().ask({ type: 'authenticate', space, device: device.publicKey as never, signature })
    if (!isCurrent()) return
    if (!reply.ok) return refused(reply.error, isCurrent)
    const { message } = reply.value
    if (message.type !== 'ready') return later()
    tries = 0
    await keeper.follow(connection(), message.version)
    if (isCurrent()) become({ kind: 'in', usedBytes: message.usedBytes, quotaBytes: message.quotaBytes })
  }

  async function refused({ code: why }: LogFailure, isCurrent: () => boolean): Promise<void> {
    switch (why) {
      case 'off':
        return become({ kind: 'off' })
      case 'lost':
        return
      case 'unknown-space':
        return fill(isCurrent)
      case 'not-a-member':
        return leftOut(isCurrent)
      default:
        return later()
    }
  }

  /** Not on the list yet; or no more, unless the server has an older one. */
  async function leftOut(isCurrent: () => boolean): Promise<void> {
    const wasListed = await keeper.wasListed()
    if (!isCurrent()) return
    if (wasListed && !hasShownList) {
      hasShownList = true
      const failure = await keeper.fill(connection(), null)
      if (!isCurrent()) return
      if (failure === null) return begin()
    }
    become({ kind: wasListed ? 'removed' : 'not-admitted' })
    later()
  }

  async function fill(isCurrent: () => boolean): Promise<void> {
    const typed = code
    code = null
    const failure = await keeper.fill(connection(), typed)
    if (!isCurrent()) return
    if (failure === null) return begin()
    if (failure === 'none') {
      become({ kind: 'not-admitted' })
      return later()
    }
    switch (failure.code) {
      case 'enrolment-required':
        return become({ kind: 'needs-enrolment', refused: false })
      case 'enrolment-refused':
        // An old proof is worth nothing any more; a code that was typed was wrong.
        if (typed === null) memory.note({ enrolment: null })
        return become({ kind: 'needs-enrolment', refused: typed !== null })
      case 'server-full':
      case 'space-full':
        become({ kind: 'full' })
        return later()
      default:
        return later()
    }
  }

  function later(): void {
    const delayMs = admission.kind === 'asking' ? laterMs : (askAgainMs[Math.min(tries, askAgainMs.length - 1)] ?? laterMs)
    tries++
    stopTimer?.()
    stopTimer = clock.after(delayMs + context.random() * 1000, begin)
  }

  function end(): void {
    hello = null
    attempt++
    underWay = 0
    tries = 0
    stopTimer?.()
    stopTimer = null
  }

  return {
    now: () => admission,
    opened(next) {
      hello = next
      attempt++
      hasShownList = false
      if (next.keepsLogs) begin()
      else become({ kind: 'off' })
    },
    lost() {
      end()
      // What was said last stays true whether the server is reached or not.
      if (admission.kind !== 'off' && admission.kind !== 'removed') become({ kind: 'lost' })
    },
    left() {
      end()
      if (admission.kind !== 'off') become({ kind: 'lost' })
    },
    denied() {
      if (admission.kind !== 'in') return
      become({ kind: 'not-admitted' })
      later()
    },
    enrol(typed) {
      code = typed
      if (admission.kind === 'needs-enrolment') begin()
    },
    again() {
      if (underWay === 0 && (admission.kind === 'not-admitted' || admission.kind === 'removed' || admission.kind === 'asking')) begin()
    },
    close() {
      attempt++
      stopTimer?.()
    },
  }
}
