import { signAccess, verifyAccess } from '@alcove/shared/crypto/log-access'
import { type AccessStatement, accessRefusal, isAdmitted, sameAccess } from '@alcove/shared/domain/log-access'
import type { AccessDevice, AccessList } from '@alcove/shared/domain/sealed-log'
import type { LogConnection, LogFailure } from '../../log-ports.ts'
import type { Stop } from '../../ports.ts'
import type { SyncPlace } from '../../sync-ports.ts'
import { type LogContext, myDevice } from './log-context.ts'

/** Several devices see that the list has to change: the first one changes it, the others look again. */
const changeAfterMs = 500
const changeSpreadMs = 3_500
/** The server had no room for it, was asked too often, or another device's list came first. */
const againAfterMs = 30_000
/** In one message. */
const maxStatements = 64

/** The list of devices that the server lets in: followed, filled up where the server has lost it, and signed on. */
export type AccessKeeper = {
  /** Makes the server know the list again. Null: it does now. `none`: this device has nothing to make it from. */
  fill(connection: LogConnection, code: string | null): Promise<LogFailure | 'none' | null>
  /** Whether this device stands on a list that is known here. */
  wasListed(): Promise<boolean>
  /** Let in, at this version: reads what is new there, or tells what the server has lost. */
  follow(connection: LogConnection, version: number): Promise<void>
  /** The chain may say other devices than the list. */
  tend(): void
  close(): void
}

export type AccessKeeperDeps = {
  readonly context: LogContext
  /** Nothing lacks in the chain's log; and all of it was read that the server told of. */
  readonly isChainThere: () => boolean
  readonly isChainRead: () => boolean
}

export function createAccessKeeper({ context, isChainThere, isChainRead }: AccessKeeperDeps): AccessKeeper {
  const { clock, memory } = context
  let newest: { readonly text: string; readonly statement: AccessStatement } | null = null
  let stopTending: Stop | null = null
  let wantsAgain = false
  /** The server's newest version, where it could not be told what it lacks: nor is it known then whether its list is the one known here. */
  let untold: number | null = null

  const texts = () => memory.cover().access

  async function newestNow(): Promise<AccessStatement | null> {
    const text = texts().at(-1)
    if (text === undefined) return null
    if (newest?.text === text) return newest.statement
    const statement = await verifyAccess(text)
    newest = statement && { text, statement }
    return statement
  }

  // --- what the server has -------------------------------------------------------------------------------------------

  async function fill(connection: LogConnection, code: string | null): Promise<LogFailure | 'none' | null> {
    const place = context.place()
    if (!place) return 'none'
    if (texts().length === 0) {
      const first = await foundingStatement(place)
      if (first === null) return 'none'
      memory.note({ access: [first] })
    }
    return give(connection, 0, code)
  }

  async function wasListed(): Promise<boolean> {
    const place = context.place()
    if (!place) return false
    const statements = await Promise.all(texts().map((text) => verifyAccess(text)))
    return statements.some((one) => one !== null && isAdmitted(one.list, myDevice(place)))
  }

  /** Only the founding device can make the space's first list. */
  async function foundingStatement(place: SyncPlace): Promise<string | null> {
    if (myDevice(place) !== place.foundingDevice) return null
    const devices = await devicesOf(place)
    const { space, root } = place
    const list: AccessList = { space, version: 0, previous: null, root, by: myDevice(place), devices: devices ?? [] }
    return devices && accessRefusal(null, list) === null ? signAccess(list, place.device) : null
  }

  async function give(connection: LogConnection, from: number, code: string | null): Promise<LogFailure | null> {
    for (let at = from; at < texts().length; at += maxStatements) {
      const statements = texts().slice(at, at + maxStatements)
      const reply = await connection.ask({ type: 'access', statements, enrolment: code ?? memory.cover().enrolment })
      if (!reply.ok) return reply.error
      const { message } = reply.value
      if (message.type === 'access-kept' && message.enrolment !== null) memory.note({ enrolment: message.enrolment })
    }
    return null
  }

  async function follow(connection: LogConnection, version: number): Promise<void> {
    untold = null
    if (version + 1 < texts().length) {
      const refused = await give(connection, version + 1, null)
      if (refused !== null && refused.code !== 'access-refused' && refused.code !== 'lost') untold = version
      if (refused?.code !== 'access-refused') return
    }
    await readOn(connection)
    // Whoever is on the list may know the practice's proof, to fill the server with if that is ever needed.
    if (memory.cover().enrolment === null) await give(connection, texts().length - 1, null)
  }

  /** What others signed since. Where it does not stand on what is known here, the server's list is taken anew from its beginning. */
  async function readOn(connection: LogConnection): Promise<void> {
    const before = texts()
    const ended = await readFrom(connection, before, await newestNow())
    if (ended === 'other-list' && before.length > 0) await readFrom(connection, [], null)
  }

  async function readFrom(
    connection: LogConnection,
    known: readonly string[],
    newestKnown: AccessStatement | null,
  ): Promise<'done' | 'other-list'> {
    const place = context.place()
    let list = [...known]
    let last = newestKnown
    // The newest known one once more: whether the server has the same.
    let from = Math.max(0, list.length - 1)
    for (;;) {
      const reply = await connection.ask({ type: 'get-access', from })
      if (!reply.ok || reply.value.message.type !== 'access' || !place) return 'done'
      const { statements, version } = reply.value.message
      // It took nothing of what it lacks of the one that is known here: somebody filled it up from an older one and signed on from there.
      if (version < known.length - 1) return 'other-list'
      for (const text of statements) {
        from++
        if (text === list[from - 1]) continue
        const statement = await verifyAccess(text)
        if (!statement || statement.list.space !== place.space || from - 1 < list.length) return 'other-list'
        if (accessRefusal(last, statement.list) !== null) return 'other-list'
        list = [...list, text]
        last = statement
      }
      if (statements.length === 0 || from > version) break
    }
    if (list.length !== texts().length || list.at(-1) !== texts().at(-1)) memory.note({ access: list })
    return 'done'
  }

  // --- what it should say --------------------------------------------------------------------------------------------

  function tend(): void {
    if (stopTending) {
      wantsAgain = true
      return
    }
    plan(changeAfterMs)
  }

  function plan(afterMs: number): void {
    stopTending = clock.after(afterMs + context.random() * changeSpreadMs, () => {
      void tendNow()
        .catch(() => true)
        .then((isOver) => {
          stopTending = null
          const wantsNow = wantsAgain
          wantsAgain = false
          if (!context.isClosed() && (wantsNow || !isOver)) plan(isOver ? changeAfterMs : againAfterMs)
        })
    })
  }

  /** False: it was not the server's last word. */
  async function tendNow(): Promise<boolean> {
    const [place, connection] = [context.place(), context.connection()]
    if (!place || !connection) return true
    if (untold !== null) await follow(connection, untold)
    if (untold !== null) return false
    if (!isChainThere() || (await isAsWanted(place))) return true
    // Also where the newest list known here gives this device no right to change it: there may be a newer one that does.
    await readOn(connection)
    // Whoever changed the list told the chain before: a device that was just left out is not let in again by what is known of it here.
    if (!isChainRead()) return false
    const now = context.place()
    const next = now && (await nextList(now))
    if (!next || context.connection() !== connection) return true
    const signed = await signAccess(next, place.device)
    const reply = await connection.ask({ type: 'access', statements: [signed], enrolment: memory.cover().enrolment })
    if (reply.ok) memory.note({ access: [...texts(), signed] })
    // Somebody was quicker, and may not have said all of it.
    else if (reply.error.code === 'access-refused') await readOn(connection)
    return reply.ok || reply.error.code === 'lost'
  }

  /** The newest list known here is what the chain gives, or there is nothing to make another one from. */
  async function isAsWanted(place: SyncPlace): Promise<boolean> {
    const [previous, wanted] = [await newestNow(), await devicesOf(place)]
    return !previous || !wanted || !place.roll.devices.has(myDevice(place)) || sameAccess(previous.list, { devices: wanted })
  }

  /** Null: it says already what this device could say. */
  async function nextList(place: SyncPlace): Promise<AccessList | null> {
    const previous = await newestNow()
    const wanted = await devicesOf(place)
    const me = myDevice(place)
    if (!previous || !wanted || !place.roll.devices.has(me)) return null
    const make = (devices: readonly AccessDevice[]): AccessList => ({
      space: place.space,
      version: previous.list.version + 1,
      previous: previous.hash,
      root: null,
      by: me,
      devices,
    })
    for (const devices of [wanted, withoutRights(previous.list, wanted, me)]) {
      const next = make(devices)
      if (!sameAccess(previous.list, next) && accessRefusal(previous, next) === null) return next
    }
    return null
  }

  /** What somebody may say who does not administer the practice: which devices of its own there are, and who else has come. */
  function withoutRights(before: AccessList, wanted: readonly AccessDevice[], me: string): readonly AccessDevice[] {
    const mine = before.devices.find(({ device }) => device === me)
    if (!mine) return before.devices
    const isMine = ({ member }: AccessDevice) => member === mine.member
    const isListed = ({ device }: AccessDevice) => before.devices.some((one) => one.device === device)
    const coming = wanted
      .filter((one) => isMine(one) || !isListed(one))
      .map((one) => ({ ...one, administrator: isMine(one) && mine.administrator }))
    return [...before.devices.filter((one) => !isMine(one)), ...coming]
  }

  async function devicesOf({ roll }: SyncPlace): Promise<readonly AccessDevice[] | null> {
    const devices: AccessDevice[] = []
    for (const { key, member } of roll.devices.values()) {
      const tag = await context.keeping.keys.memberTag(member)
      if (tag === null) return null
      const administrator = roll.members.get(member)?.roles.includes('administrator') === true
      devices.push({ device: key, member: tag, administrator })
    }
    return devices
  }

  return {
    fill,
    wasListed,
    follow,
    tend,
    close() {
      stopTending?.()
    },
  }
}
