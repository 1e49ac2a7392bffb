import { emptyLogHash, nextLogHash, readHeader, recordHashOf } from '@alcove/shared/crypto/sealed-log'
import type { DocumentId } from '@alcove/shared/domain/ids'
import type { LogPosition, RecordHash, SpaceId } from '@alcove/shared/domain/sealed-log'
import { type LogParty, recordsIn } from './log-wire.ts'

/** What was acknowledged: of each record its place. */
export type Acknowledged = { readonly log: DocumentId; readonly record: RecordHash; readonly at: LogPosition }

/** A log as a server gives it out, from the first record that it still has; the running hashes computed here. */
export type AuditedLog = {
  readonly first: number
  readonly end: LogPosition
  /** By sequence. */
  readonly records: ReadonlyMap<number, { readonly record: RecordHash; readonly hash: string; readonly bytes: Uint8Array<ArrayBuffer> }>
}

/** Reads it whole and follows the chain; throws where it does not lead to the end that the server names. */
export async function auditLog(party: LogParty, space: SpaceId, log: DocumentId): Promise<AuditedLog> {
  const records = new Map<number, { record: RecordHash; hash: string; bytes: Uint8Array<ArrayBuffer> }>()
  let hash = await emptyLogHash(space, log)
  let sequence = 0
  let first = 1
  for (;;) {
    const reply = await party.ask('records', { type: 'read', log, after: sequence, jump: false })
    const { message } = reply
    const bytes = recordsIn(reply)
    if (message.snapshot !== null) {
      first = message.first
      const snapshot = bytes[message.snapshot - message.first]
      const covers = snapshot ? readHeader(snapshot)?.covers : null
      if (!covers || covers.sequence !== message.first - 1) throw new Error('A jump without its snapshot')
      hash = covers.hash
      sequence = covers.sequence
    }
    if (message.first !== sequence + 1) throw new Error(`A gap before ${message.first}`)
    for (const one of bytes) {
      const record = await recordHashOf(one)
      hash = await nextLogHash(hash, record)
      sequence += 1
      records.set(sequence, { record, hash, bytes: one })
    }
    if (message.more) continue
    if (message.end.sequence !== sequence || message.end.hash !== hash) throw new Error('The chain does not lead to the end')
    return { first, end: message.end, records }
  }
}
