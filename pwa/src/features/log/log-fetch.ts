import type { LogAnswerOf } from '@alcove/shared/crypto/log-batch'
import type { DocumentId } from '@alcove/shared/domain/ids'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { maxRecordBytes } from '@alcove/shared/domain/sealed-log'
import type { LogConnection, LogFailure, LogReply } from '../../log-ports.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Answer = Result<LogAnswerOf, LogFailure>

/** A snapshot and what was written while it was: no more is held in memory for one answer. */
const maxGatheredBytes = 2 * maxRecordBytes

/** Records after a position, cut from the answer. Where it jumps, up to the snapshot that it stands on; `all`: up to the end. */
export async function fetchRecords(
  connection: Pick<LogConnection, 'ask'>,
  log: DocumentId,
  after: number,
  jump: boolean,
  all = false,
): Promise<Answer> {
  const fetched = await fetchOnce(connection, log, after, jump)
  if (!fetched.ok) return fetched
  let { first, snapshot, records, end, more } = fetched.value
  let bytes = sizeOf(records)
  const isWanted = () => all || (snapshot !== null && snapshot >= first + records.length)
  while (more && isWanted() && records.length > 0 && bytes < maxGatheredBytes) {
    const next = await fetchOnce(connection, log, first + records.length - 1, false)
    if (!next.ok) return next
    if (next.value.first !== first + records.length || next.value.records.length === 0) break
    records = [...records, ...next.value.records]
    bytes += sizeOf(next.value.records)
    more = next.value.more
    end = next.value.end
  }
  return ok({ first, snapshot, records, end, more })
}

async function fetchOnce(connection: Pick<LogConnection, 'ask'>, log: DocumentId, after: number, jump: boolean): Promise<Answer> {
  const reply = await connection.ask({ type: 'read', log, after, jump })
  return reply.ok ? cut(reply.value) : reply
}

function cut({ message, body }: LogReply): Answer {
  if (message.type !== 'records') return err({ code: 'lost' })
  const records: Bytes[] = []
  let at = 0
  for (const length of message.lengths) {
    records.push(body.subarray(at, at + length))
    at += length
  }
  if (at !== body.length) return err({ code: 'lost' })
  const { first, snapshot, end, more } = message
  return ok({ first, snapshot, records, end, more })
}

function sizeOf(records: readonly Bytes[]): number {
  return records.reduce((sum, { length }) => sum + length, 0)
}
