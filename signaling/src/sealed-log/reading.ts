import { concat } from '@alcove/shared/crypto/bytes'
import { emptyLogHash } from '@alcove/shared/crypto/sealed-log'
import { type LogClientMessage, maxReadBytes } from '@alcove/shared/protocol/log-messages'
import { emptyState } from './append.ts'
import type { LogContext } from './context.ts'
import type { StoredLog } from './log-store.ts'
import type { Seat } from './spaces.ts'

/** The most that one answer lists (log-messages.ts). */
const maxHeads = 1024
const maxRecords = 4096

/** From here on the device hears of each change; nothing falls between this answer and that. */
export function receiveChanged(seat: Seat, id: number, since: number): void {
  const { space } = seat
  seat.wantsHeads = true
  const heads = [...space.logs]
    .flatMap(([log, { state }]) => (state !== null && state.tick > since ? [{ log, end: state.end, tick: state.tick }] : []))
    .sort((one, other) => one.tick - other.tick)
  const page = heads.slice(0, maxHeads)
  const more = heads.length > page.length
  const tick = more ? (page.at(-1)?.tick ?? since) : space.tick
  seat.line.send({ type: 'heads', id, heads: page.map(({ log, end }) => ({ log, end })), tick, more })
}

type Read = Extract<LogClientMessage, { type: 'read' }>

export function receiveRead(context: LogContext, seat: Seat, request: Read): Promise<void> {
  return seat.reads.take(async () => {
    // Whoever reads slowly waits for itself, and the server keeps no more than one answer for it.
    await seat.line.drained()
    const known = seat.space.logs.get(request.log)
    if (known) return known.turns.take(() => sendRecords(context, seat, request, known.state))
    return sendRecords(context, seat, request, null)
  })
}

async function sendRecords(context: LogContext, seat: Seat, { id, log, after, jump }: Read, stored: StoredLog | null): Promise<void> {
  const { space, line } = seat
  const state = stored ?? emptyState(await emptyLogHash(space.id, log))
  if (after > state.end.sequence) return line.refuse(id, 'beyond-end')
  const snapshot = jump ? newestBeyond(state, after) : after < state.base.sequence ? oldestBeyond(state, after) : null
  const first = (snapshot?.covers.sequence ?? after) + 1
  const range = { first, last: state.end.sequence, maxCount: maxRecords, maxBytes: maxReadBytes }
  const records = first > state.end.sequence ? [] : await context.store.readRecords(space.id, log, range)
  if (first <= state.end.sequence && records.length === 0) throw new Error('Records of the sealed log are missing')
  const lengths = records.map(({ bytes }) => bytes.length)
  const more = first + records.length <= state.end.sequence
  line.send(
    { type: 'records', id, log, first, snapshot: snapshot?.sequence ?? null, lengths, end: state.end, more },
    concat(...records.map(({ bytes }) => bytes)),
  )
}

function newestBeyond(state: StoredLog, after: number) {
  return state.snapshots.findLast(({ covers }) => covers.sequence > after) ?? null
}

/** What is left of all that there was. */
function oldestBeyond(state: StoredLog, after: number) {
  return state.snapshots.find(({ covers }) => covers.sequence > after) ?? null
}
