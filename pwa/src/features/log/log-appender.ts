import { nextLogHash, recordHashOf, sealRecord } from '@alcove/shared/crypto/sealed-log'
import type { DeviceKey, DocumentId, EpochId } from '@alcove/shared/domain/ids'
import type { LogPosition, RecordHeader, RecordKind } from '@alcove/shared/domain/sealed-log'
import type { LogConnection, LogFailure, LogPage } from '../../log-ports.ts'
import type { SyncPlace } from '../../sync-ports.ts'
import { type LogContext, myDevice, type Turns } from './log-context.ts'
import type { LogReader, ReadEnd } from './log-reader.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** What is to be written, made when it is its turn. */
export type Draft = {
  readonly kind: RecordKind
  readonly payload: Bytes
  readonly epoch: EpochId | null
  /** In whose name it is sealed. */
  readonly sealer: DeviceKey
  readonly covers: LogPosition | null
  /** What a reader of the log knows who has read it. */
  readonly known: Bytes | null
}

export type AppendEnd =
  /** It is in the log, and read back. */
  | 'done'
  /** There was nothing to write. */
  | 'nothing'
  | 'lost'
  /** The practice's space, or the server. */
  | 'space-full'
  | 'server-full'
  | 'too-large'
  /** A snapshot that nobody needs any more. */
  | 'superseded'
  /** This device has not the key for it. */
  | 'no-key'
  /** This device cannot read that log to its end at the moment. */
  | 'stuck'
  /** Not now. */
  | 'later'

/** Writes records, one at a time in each log, at its end as this device has read it. */
export type LogAppender = {
  append(document: DocumentId, make: (page: LogPage, place: SyncPlace) => Promise<Draft | null>): Promise<AppendEnd>
  /** Appends that have begun and not ended. */
  running(): number
}

export type AppenderDeps = {
  readonly context: LogContext
  readonly turns: Turns
  readonly reader: LogReader
  /** Whether the server's log is known to be longer than what was read. */
  readonly isBehind: (document: DocumentId) => boolean
  readonly isStuck: (document: DocumentId) => boolean
  readonly wasRead: (document: DocumentId, end: ReadEnd) => void
  readonly moved: (document: DocumentId) => void
  readonly changed: () => void
}

/** At the same time, in different logs. */
const maxAtOnce = 4

export function createLogAppender(deps: AppenderDeps): LogAppender {
  const { context, reader } = deps
  const { memory, writers, keeping } = context
  const waiting: (() => void)[] = []
  /** Of each log the newest record that this device wrote, and what had been read by then. */
  const told = new Map<DocumentId, { readonly number: number; readonly seen: LogPage['seen'] }>()
  let running = 0
  let asked = 0

  async function append(document: DocumentId, make: Parameters<LogAppender['append']>[1]): Promise<AppendEnd> {
    asked++
    deps.changed()
    if (running >= maxAtOnce) await new Promise<void>((resolve) => void waiting.push(resolve))
    running++
    try {
      return await deps.turns.run(document, () => appendNow(document, make))
    } finally {
      running--
      asked--
      waiting.shift()?.()
      deps.changed()
    }
  }

  async function appendNow(document: DocumentId, make: Parameters<LogAppender['append']>[1]): Promise<AppendEnd> {
    let hasCorrected = false
    for (;;) {
      if (deps.isBehind(document)) {
        const read = await readOn(document)
        if (read !== 'done') return read === 'lost' ? 'lost' : 'stuck'
      }
      if (deps.isStuck(document)) return 'stuck'
      const [place, connection] = [context.place(), context.connection()]
      if (!place || !connection || context.isClosed()) return 'lost'
      const page = await reader.pageOf(place, document)
      const draft = await make(page, place)
      if (!draft) return 'nothing'
      const record = await sealed(place, page, draft)
      if (record === 'no-key' || record === 'too-large') return record
      const done = await send(connection, place, page, draft, record)
      if (done !== 'wrong-number') return done
      // What this device wrote before it was cut off, or a server that has forgotten, or made something up.
      if (hasCorrected) return 'later'
      hasCorrected = true
      const before = memory.page(document)?.position.sequence ?? 0
      if ((await readOn(document)) !== 'done') return 'later'
      if ((memory.page(document)?.position.sequence ?? 0) === before && (await reader.readToEnd(document, 'forked')) !== 'done')
        return 'later'
    }
  }

  async function readOn(document: DocumentId): Promise<ReadEnd> {
    const end = await reader.readToEnd(document)
    deps.wasRead(document, end)
    return end
  }

  async function sealed(place: SyncPlace, page: LogPage, draft: Draft): Promise<Bytes | 'no-key' | 'too-large'> {
    const key = await keeping.keys.contentKey(draft.epoch, draft.sealer)
    if (!key) return 'no-key'
    const me = await writers.tagOf(myDevice(place))
    // What this device's record before named already is left out; a snapshot names all.
    const before = told.get(page.document)
    const named = draft.kind !== 'snapshot' && before?.number === page.seen.get(me) ? before?.seen : null
    const header: RecordHeader = {
      kind: draft.kind,
      device: me,
      number: (page.seen.get(me) ?? 0) + 1,
      epoch: draft.epoch,
      seen: new Map([...page.seen].filter(([device, newest]) => device !== me && newest !== named?.get(device))),
      covers: draft.covers,
    }
    return (await sealRecord({ space: place.space, log: page.document }, header, key, place.device, draft.payload)) ?? 'too-large'
  }

  async function send(
    connection: LogConnection,
    place: SyncPlace,
    page: LogPage,
    draft: Draft,
    record: Bytes,
  ): Promise<AppendEnd | 'wrong-number'> {
    const { document, position } = page
    const reply = await connection.ask({ type: 'append', log: document }, record)
    if (!reply.ok) return endOf(reply.error)
    const { message } = reply.value
    if (message.type !== 'appended') return 'later'
    const { at } = message
    const me = await writers.tagOf(myDevice(place))
    told.set(document, { number: (page.seen.get(me) ?? 0) + 1, seen: page.seen })
    if (at.sequence !== position.sequence + 1) {
      // Others wrote between; what came, mine among it, is read.
      const read = await readOn(document)
      return read === 'done' ? 'done' : read === 'lost' ? 'lost' : 'later'
    }
    if (at.hash !== (await nextLogHash(position.hash, await recordHashOf(record)))) {
      await reader.readToEnd(document, 'forked')
      return 'later'
    }
    const isSnapshot = draft.kind === 'snapshot'
    const next: LogPage = {
      ...page,
      position: at,
      seen: new Map(page.seen).set(me, (page.seen.get(me) ?? 0) + 1),
      epoch: document === place.chainLog ? page.epoch : draft.epoch,
      known: draft.known,
      snapshotAt: isSnapshot ? at.sequence : page.snapshotAt,
      snapshotBytes: isSnapshot ? record.length : page.snapshotBytes,
      recordsSince: isSnapshot ? 0 : page.recordsSince + 1,
      bytesSince: isSnapshot ? 0 : page.bytesSince + record.length,
    }
    memory.passed(document, [at])
    memory.keep(next)
    deps.moved(document)
    return 'done'
  }

  return { append, running: () => asked }
}

function endOf({ code }: LogFailure): AppendEnd | 'wrong-number' {
  switch (code) {
    case 'lost':
    case 'wrong-number':
    case 'space-full':
    case 'server-full':
    case 'too-large':
    case 'superseded':
      return code
    default:
      return 'later'
  }
}
