import { signLogAuthentication } from '@alcove/shared/crypto/log-access'
import type { DeviceKey } from '@alcove/shared/domain/ids'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'
import type { LogErrorCode } from '@alcove/shared/protocol/log-messages'
import type { LogConnection, LogLine, LogLineEvent, LogReply, LogRequest } from '../../log-ports.ts'
import type { Clock, KeyPair } from '../../ports.ts'
import type { KitFailure } from './recovery-state.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Hello = Extract<LogLineEvent, { type: 'open' }>['hello']

export type Refused = { readonly code: LogErrorCode | 'no-server' | 'cancelled'; readonly expected?: number }
export type Answered = Result<LogReply, Refused>

/** A connection for one purpose: it waits for the server, comes back when it was lost, and shows who asks. */
export type KitLine = {
  /** Everything that is asked here may be asked twice. */
  ask(request: LogRequest, body?: Bytes): Promise<Answered>
  /** From now on as this device, also after the connection was lost. Gives the access list's newest version. */
  enter(space: SpaceId, device: KeyPair): Promise<Result<number, Refused>>
  isClosed(): boolean
  close(): void
}

export type KitLineDeps = {
  readonly line: LogLine
  readonly clock: Pick<Clock, 'after'>
  /** `https://clinic.example`: signatures are bound to it. */
  readonly origin: string
}

/** Without an answer for so long the server counts as away. */
const patienceMs = 20_000
/** Asked too often: so many times later, once more. */
const slowDownMs = 3_000
const maxSlowDowns = 3

export function createKitLine({ line, clock, origin }: KitLineDeps): KitLine {
  let hello: Hello | null = null
  let entered: Hello | null = null
  let who: { readonly space: SpaceId; readonly device: KeyPair } | null = null
  let version = 0
  let closed = false
  let waiting: (() => void)[] = []

  const connection: LogConnection = line.open((event) => {
    if (event.type === 'lost') hello = null
    if (event.type === 'open') hello = event.hello
    if (event.type === 'open') wake()
  })

  function wake(): void {
    const all = waiting
    waiting = []
    for (const go of all) go()
  }

  /** Null: in time it did not come. */
  async function greeting(): Promise<Hello | null> {
    if (hello || closed) return hello
    await new Promise<void>((resolve) => {
      const stop = clock.after(patienceMs, resolve)
      waiting.push(() => {
        stop()
        resolve()
      })
    })
    return hello
  }

  async function authenticate(greeted: Hello): Promise<Refused | null> {
    if (!who || entered === greeted) return null
    const { space, device } = who
    const { connection: id, nonce } = greeted
    const signature = await signLogAuthentication(device, { origin, connection: id, nonce, space })
    const reply = await connection.ask({ type: 'authenticate', space, device: device.publicKey as DeviceKey, signature })
    if (!reply.ok) return lostIsNoServer(reply.error)
    if (reply.value.message.type === 'ready') version = reply.value.message.version
    entered = greeted
    return null
  }

  async function attempt(request: LogRequest | null, body?: Bytes): Promise<Answered | null> {
    const greeted = await greeting()
    if (closed) return err({ code: 'cancelled' })
    if (!greeted) return err({ code: 'no-server' })
    if (!greeted.keepsLogs) return err({ code: 'off' })
    const refused = await authenticate(greeted)
    if (refused) return refused.code === 'no-server' ? null : err(refused)
    if (!request) return null
    const reply = await connection.ask(request, body)
    if (reply.ok) return reply
    return reply.error.code === 'lost' ? null : err(lostIsNoServer(reply.error))
  }

  /** Null from `attempt`: the connection went. It comes back by itself, later and later. */
  async function insist(request: LogRequest, body?: Bytes): Promise<Answered> {
    for (let slowDowns = 0, losses = 0; ; ) {
      const answer = await attempt(request, body)
      if (closed) return err({ code: 'cancelled' })
      if (answer?.ok) return answer
      if (answer === null && ++losses > 3) return err({ code: 'no-server' })
      if (answer && (answer.error.code !== 'rate-limited' || ++slowDowns > maxSlowDowns)) return answer
      if (answer) await new Promise<void>((resolve) => clock.after(slowDownMs, resolve))
    }
  }

  return {
    ask: insist,
    async enter(space, device) {
      // A connection is entered once: the server takes a second time for a mistake.
      if (who?.space !== space || who.device.publicKey !== device.publicKey) entered = null
      who = { space, device }
      for (let losses = 0; losses < 3; losses++) {
        const refused = await attempt(null)
        if (refused && !refused.ok) return refused
        if (entered !== null) return ok(version)
      }
      return err({ code: closed ? 'cancelled' : 'no-server' })
    },
    isClosed: () => closed,
    close() {
      closed = true
      connection.close()
      wake()
    },
  }
}

function lostIsNoServer({ code, expected }: { readonly code: LogErrorCode | 'lost'; readonly expected?: number }): Refused {
  return { code: code === 'lost' ? 'no-server' : code, ...(expected === undefined ? {} : { expected }) }
}

/** What a refusal means to somebody who has a kit. */
export function failureOf({ code }: Refused): KitFailure {
  switch (code) {
    case 'no-server':
    case 'cancelled':
      return 'no-server'
    case 'off':
      return 'no-logs'
    case 'rate-limited':
      return 'busy'
    case 'unknown-kit':
      return 'unknown-kit'
    case 'not-a-member':
      return 'revoked'
    case 'unknown-space':
    case 'beyond-end':
      return 'incomplete'
    case 'space-full':
    case 'server-full':
      return 'server-full'
    default:
      return 'server-failed'
  }
}
