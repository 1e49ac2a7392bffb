import { verifyLogAuthentication } from '@alcove/shared/crypto/log-access'
import { deviceTagOf } from '@alcove/shared/crypto/sealed-log'
import { isAdmitted } from '@alcove/shared/domain/log-access'
import { type LogClientMessage, maxLogMessageBytes, maxStrangersLogMessageBytes } from '@alcove/shared/protocol/log-messages'
import { Meter, type Rate } from '../rate-limits.ts'
import { closeCodes } from '../session-hub/link.ts'
import { receiveAccess, receiveGetAccess } from './access.ts'
import { receiveAppend } from './append.ts'
import type { LogContext, LogHubDeps } from './context.ts'
import { receiveGetKit, receivePutKit } from './kits.ts'
import { type Bytes, createLine, createReader, type LogConnection } from './line.ts'
import { receiveChanged, receiveRead } from './reading.ts'
import type { Entry, Seat } from './spaces.ts'
import { createTurns } from './turns.ts'

/** How long a connection may stay without proving itself: a code may have to be typed meanwhile. */
const strangerMs = 120_000
/** What strangers may say: to bring an access list and to ask for a kit. */
const strangersRate: Rate = { perMs: 5 / 1000, burst: 60 }

/** One socket's end inside the hub. Calls may come in any order and after the end. */
export type LogClient = {
  /** One binary frame. Resolves when the message that it ends has been answered, whatever was in it. */
  receive(frame: Bytes): Promise<void>
  /** A ping or pong of the WebSocket itself: counted like a message. False when it came too often. */
  control(): boolean
  /** A frame that is text. */
  refuseText(): void
  closed(): void
  /** Bytes of messages that came whole and have not been answered. */
  unansweredBytes(): number
}

/** What all connections share. `incoming`: bytes of messages that have not come whole. */
export type Shared = {
  readonly deps: LogHubDeps
  /** Null: this server keeps no logs. */
  readonly context: LogContext | null
  readonly incoming: { strangers: number; devices: number }
  onEnd(client: LogClient): void
}

type Message<Type extends LogClientMessage['type']> = Extract<LogClientMessage, { type: Type }>

export function createLogClient({ deps, context, incoming, onEnd }: Shared, connection: LogConnection): LogClient {
  const { limits } = deps
  const line = createLine(deps.random(16), deps.random(32), connection, (code) => deps.report({ type: 'refused', reason: `log-${code}` }))
  const reader = createReader()
  const rate = { perMs: limits.LIMIT_LOG_MESSAGES_PER_SOCKET_PER_SECOND / 1000, burst: limits.LIMIT_LOG_MESSAGE_BURST_PER_SOCKET }
  const meter = new Meter(rate, deps.now())
  const strangersMeter = new Meter(strangersRate, deps.now())
  let seat: Seat | null = null
  /** What changes who this is comes before what follows it; everything else is answered as it is done. */
  let gate: Promise<void> = Promise.resolve()
  let held = 0
  let unanswered = 0
  line.send({ type: 'hello', connection: line.id, nonce: line.nonce, keepsLogs: context !== null })
  const stopWaiting = deps.after(strangerMs, () => {
    if (seat === null) line.close(closeCodes.policy, 'not-authenticated')
  })

  /** Counts what waits in memory for the rest of its message; false when all together it is too much. */
  function hold(bytes: number): boolean {
    const [whose, share] = seat === null ? (['strangers', 1 / 4] as const) : (['devices', 3 / 4] as const)
    incoming[whose] += bytes - held
    held = bytes
    return incoming[whose] <= limits.LIMIT_LOG_INCOMING_BYTES * share
  }

  /** The next whole message, if this frame ended one and it may be said. */
  function read(frame: Bytes): { readonly message: LogClientMessage; readonly body: Bytes } | null {
    const said = reader.read(frame, seat === null ? maxStrangersLogMessageBytes : maxLogMessageBytes)
    if (!hold(reader.held() + unanswered)) {
      deps.report({ type: 'limit', limit: 'LIMIT_LOG_INCOMING_BYTES' })
      line.fail(null, 'rate-limited')
      return null
    }
    if (said.kind === 'waiting') return null
    if (said.kind !== 'message') {
      line.fail(null, said.kind)
      return null
    }
    const verdict = metered()
    if (verdict === 'ok') return said
    if (verdict === 'fail') line.fail(said.message.id, 'rate-limited')
    else line.refuse(said.message.id, 'rate-limited')
    return null
  }

  function metered(): ReturnType<Meter['take']> {
    const verdict = seat === null ? strangersMeter.take(strangersRate, deps.now()) : meter.take(rate, deps.now())
    if (verdict !== 'ok') deps.report({ type: 'limit', limit: 'LIMIT_LOG_MESSAGES_PER_SOCKET_PER_SECOND' })
    return verdict
  }

  async function handle(message: LogClientMessage, body: Bytes): Promise<void> {
    const { id } = message
    if (!line.isOpen()) return
    if (message.type === 'ping') return line.send({ type: 'pong', id, now: deps.now() })
    if (context === null) return line.refuse(id, 'off')
    if (message.type === 'get-kit') return receiveGetKit(context, line, id, message.locator)
    if (message.type === 'authenticate') return authenticate(context, message)
    const current = seatNow()
    if (message.type === 'access') return receiveAccess(context, line, current, message)
    if (current === null) return line.refuse(id, 'not-a-member')
    // The space stays in memory as long as something is under way in it, whoever leaves meanwhile.
    context.spaces.hold(current.entry)
    try {
      await handleDevice(context, current, message, body)
    } finally {
      context.spaces.leave(current.entry)
    }
  }

  async function handleDevice(context: LogContext, current: Seat, message: DeviceMessage, body: Bytes): Promise<void> {
    switch (message.type) {
      case 'append':
        return receiveAppend(context, current, message.id, message.log, body)
      case 'read':
        return receiveRead(context, current, message)
      case 'changed':
        return receiveChanged(current, message.id, message.since)
      case 'get-access':
        return receiveGetAccess(context, current, message.id, message.from)
      case 'put-kit':
        return receivePutKit(context, current, message.id, message.locator, body)
    }
  }

  async function authenticate(context: LogContext, { id, space, device, signature }: Message<'authenticate'>): Promise<void> {
    if (seat !== null) return line.fail(id, 'malformed')
    if (!context.authenticationsByAddress.take(line.address, deps.now())) {
      deps.report({ type: 'limit', limit: 'LIMIT_LOG_AUTHENTICATIONS_PER_ADDRESS_PER_MINUTE' })
      return line.refuse(id, 'rate-limited')
    }
    const fields = { origin: line.origin, connection: line.id, nonce: line.nonce, space }
    if (!(await verifyLogAuthentication(device, fields, signature))) return line.refuse(id, 'not-a-member')
    // A stranger costs no more than this: only for a member its practice is read.
    const list = await context.spaces.access(space)
    if (list === null || !isAdmitted(list.list, device)) return line.refuse(id, list === null ? 'unknown-space' : 'not-a-member')
    const tag = await deviceTagOf(device)
    const entry = await context.spaces.enter(space)
    const refusal = refusalOf(entry, device)
    if (entry.space === null || refusal !== null || !line.isOpen()) {
      context.spaces.leave(entry)
      return line.refuse(id, refusal ?? 'unknown-space')
    }
    hold(0)
    seat = { line, entry, space: entry.space, device, tag, reads: createTurns(), wantsHeads: false }
    entry.space.seats.add(seat)
    deps.report({ type: 'log-authenticated' })
    const { access, usedBytes } = entry.space
    const quotaBytes = limits.LIMIT_LOG_BYTES_PER_SPACE
    line.send({ type: 'ready', id, now: deps.now(), version: access.list.version, usedBytes, quotaBytes })
  }

  function refusalOf({ space }: Entry, device: Seat['device']): 'unknown-space' | 'not-a-member' | 'rate-limited' | null {
    if (space === null) return 'unknown-space'
    if (!isAdmitted(space.access.list, device)) return 'not-a-member'
    if (space.seats.size < limits.LIMIT_LOG_SOCKETS_PER_SPACE) return null
    deps.report({ type: 'limit', limit: 'LIMIT_LOG_SOCKETS_PER_SPACE' })
    return 'rate-limited'
  }

  /** Null once the list is without this device. */
  function seatNow(): Seat | null {
    if (seat !== null && !isAdmitted(seat.space.access.list, seat.device)) leaveSeat()
    return seat
  }

  function leaveSeat(): void {
    hold(0)
    const leaving = seat
    seat = null
    if (leaving === null) return
    leaving.space.seats.delete(leaving)
    context?.spaces.leave(leaving.entry)
  }

  /** Once the line is gone, by either side. */
  function end(): void {
    stopWaiting()
    leaveSeat()
    onEnd(client)
  }

  const client: LogClient = {
    async receive(frame) {
      if (!line.isOpen()) return
      const said = read(frame)
      if (said !== null) {
        const { message, body } = said
        unanswered += body.length
        hold(reader.held() + unanswered)
        const handled = gate
          .then(() => handle(message, body))
          .catch((error: unknown) => {
            deps.report({ type: 'fault', error })
            line.refuse(message.id, 'failed')
          })
        if (message.type === 'authenticate' || message.type === 'access') gate = handled
        await handled
        unanswered -= body.length
        if (line.isOpen()) hold(reader.held() + unanswered)
      }
      if (!line.isOpen()) end()
    },
    control() {
      if (!line.isOpen()) return false
      const verdict = metered()
      if (verdict === 'complain') line.refuse(null, 'rate-limited')
      if (verdict === 'fail') {
        line.fail(null, 'rate-limited')
        end()
      }
      return verdict === 'ok'
    },
    refuseText() {
      line.fail(null, 'malformed')
      end()
    },
    closed() {
      line.closed()
      end()
    },
    unansweredBytes: () => unanswered,
  }
  return client
}

type DeviceMessage = Message<'append' | 'read' | 'changed' | 'get-access' | 'put-kit'>
