import { verifyAccess } from '@alcove/shared/crypto/log-access'
import { type AccessStatement, accessRefusal, isAdmitted } from '@alcove/shared/domain/log-access'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'
import type { LogClientMessage, LogErrorCode } from '@alcove/shared/protocol/log-messages'
import { reserve } from './append.ts'
import type { LogContext } from './context.ts'
import type { Line } from './line.ts'
import type { LogWrite } from './log-store.ts'
import { type Entry, newSpace, type Seat, type Space } from './spaces.ts'

type Access = Extract<LogClientMessage, { type: 'access' }>

/** The most that one answer lists, and about the most bytes of statements in it (log-messages.ts). */
const maxStatements = 64
const maxStatementBytes = 384 * 1024

/** Anybody may bring statements: they prove themselves. `seat`: null for a stranger. */
export async function receiveAccess(context: LogContext, line: Line, seat: Seat | null, message: Access): Promise<void> {
  const { id } = message
  if (!context.accessByAddress.take(line.address, context.now())) {
    context.report({ type: 'limit', limit: 'LIMIT_LOG_ACCESS_PER_ADDRESS_PER_MINUTE' })
    return line.refuse(id, 'rate-limited')
  }
  const statements: Verified[] = []
  for (const text of message.statements) {
    const statement = await verifyAccess(text)
    if (statement === null) return line.refuse(id, 'access-refused')
    statements.push({ ...statement, text })
  }
  const space = statements[0]?.list.space ?? seat?.space.id
  if (space === undefined || statements.some(({ list }) => list.space !== space)) return line.refuse(id, 'access-refused')
  if (seat !== null && seat.space.id !== space) return line.refuse(id, 'access-refused')
  // Whoever brings nothing that may follow gets the answer without the practice being read.
  const known = await context.spaces.access(space)
  if (known !== null) {
    const next = newsOf(known, statements)
    if (next === null) return line.refuse(id, 'access-refused')
    if (next.length === 0 && seat === null) return line.send({ type: 'access-kept', id, version: known.list.version, enrolment: null })
  }
  const entry = await context.spaces.enter(space)
  try {
    await entry.turns.take(() => extend(context, line, seat, entry, statements, message))
  } finally {
    context.spaces.leave(entry)
  }
}

type Verified = AccessStatement & { readonly text: string }

async function extend(
  context: LogContext,
  line: Line,
  seat: Seat | null,
  entry: Entry,
  statements: readonly Verified[],
  { id, enrolment }: Access,
): Promise<void> {
  const before = entry.space
  const news = newsOf(before?.access ?? null, statements)
  if (news === null) return line.refuse(id, 'access-refused')
  const newest = news.at(-1) ?? before?.access ?? null
  if (newest === null) return line.refuse(id, 'unknown-space')
  const bytes = news.reduce((total, { text }) => total + text.length, 0)
  const refusal = before === null ? makingRefusal(context, line, entry.id, enrolment) : growthRefusal(context, before, bytes)
  if (refusal !== null && news.length > 0) return line.refuse(id, refusal)
  if (news.length > 0) {
    const outcome = await context.store.commit(writesOf(entry.id, before?.statementBytes ?? 0, news))
    if (outcome !== 'stored') return line.refuse(id, outcome === 'full' ? 'server-full' : 'failed')
  }
  const space = before ?? newSpace(entry.id, newest, 0)
  entry.space = space
  space.access = newest
  space.statementBytes += bytes
  space.usedBytes += bytes
  const mayKnow = before === null || (seat !== null && isAdmitted(newest.list, seat.device))
  const proof = mayKnow ? (context.enrolment?.proofOf(entry.id) ?? null) : null
  line.send({ type: 'access-kept', id, version: newest.list.version, enrolment: proof })
  // After the answer: it may be its own list that leaves a device out.
  sendAway(space)
}

/**
 * Those that are not there yet. Null: they do not follow what is there. Somebody else's in the newest one's place is told so, or its
 * author would take the list for its own.
 */
function newsOf(known: AccessStatement | null, statements: readonly Verified[]): readonly Verified[] | null {
  if (statements.some(({ list, hash }) => list.version === known?.list.version && hash !== known.hash)) return null
  const news = statements.filter(({ list }) => list.version > (known?.list.version ?? -1))
  const isGood = news.every(({ list }, index) => accessRefusal(index === 0 ? known : (news[index - 1] ?? null), list) === null)
  return isGood ? news : null
}

/** Whoever is no longer on the list neither hears nor says anything from now on. */
function sendAway(space: Space): void {
  for (const seat of [...space.seats]) {
    if (isAdmitted(space.access.list, seat.device)) continue
    space.seats.delete(seat)
    seat.line.fail(null, 'removed')
  }
}

function writesOf(space: SpaceId, before: number, news: readonly Verified[]): LogWrite[] {
  let total = before
  return news.map(({ list, text }) => {
    total += text.length
    return { type: 'statement', space, version: list.version, statement: text, total }
  })
}

/** Whoever is first needs the operator's word: space costs money. */
function makingRefusal(context: LogContext, line: Line, space: SpaceId, shown: string | null): LogErrorCode | null {
  if (context.store.spaces() >= context.limits.LIMIT_LOG_SPACES) {
    context.report({ type: 'limit', limit: 'LIMIT_LOG_SPACES' })
    return 'server-full'
  }
  if (context.enrolment === null) return null
  if (shown === null) return 'enrolment-required'
  if (!context.enrolmentsByAddress.take(line.address, context.now())) {
    context.report({ type: 'limit', limit: 'LIMIT_ENROLMENTS_PER_ADDRESS_PER_MINUTE' })
    return 'rate-limited'
  }
  const isGood = context.enrolment.isEnrolled(space, shown) || context.enrolment.enrol(space, shown) !== null
  return isGood ? null : 'enrolment-refused'
}

/** A device must be removable though the practice's quota is used up. */
function growthRefusal(context: LogContext, space: Space, bytes: number): LogErrorCode | null {
  if (space.usedBytes + bytes <= context.limits.LIMIT_LOG_BYTES_PER_SPACE * (1 + reserve)) return null
  context.report({ type: 'limit', limit: 'LIMIT_LOG_BYTES_PER_SPACE' })
  return 'space-full'
}

export async function receiveGetAccess(context: LogContext, seat: Seat, id: number, from: number): Promise<void> {
  const { space, line } = seat
  const found = await context.store.readStatements(space.id, from, maxStatements)
  let bytes = 0
  const statements = found.filter((text, index) => {
    bytes += text.length
    return index === 0 || bytes <= maxStatementBytes
  })
  line.send({ type: 'access', id, statements, version: space.access.list.version })
}
