import type { Bytes } from '@alcove/shared/crypto/bytes'
import { open, type PracticeKeys, seal } from './at-rest.ts'
import { type Database, type LogRow, replaceRows } from './database.ts'
import { createSharedDocument, type SharedDocument } from './documents.ts'

/** A row's update in clear, or that it cannot be read (damaged on the disk). */
export type ReadRow = { readonly i: number; readonly size: number; readonly update: Bytes | null }

export function sealUpdate(keys: PracticeKeys, docId: string, kind: LogRow['kind'], update: Bytes): Promise<Bytes> {
  return seal(keys.content, placeOf(docId, kind), update)
}

export async function readRow(keys: PracticeKeys, row: LogRow): Promise<ReadRow> {
  const update = await open(keys.content, placeOf(row.docId, row.kind), row.sealed)
  return { i: row.i ?? 0, size: row.sealed.length, update }
}

/** The sealed rows of several documents in one transaction, in the order in which they were added. */
export async function rowsOf(database: Database, docIds: readonly string[]): Promise<ReadonlyMap<string, readonly LogRow[]>> {
  return byDocument(
    await database.ylog
      .where('docId')
      .anyOf([...docIds])
      .toArray(),
  )
}

/** Rows of any document that were added after row `i`. */
export async function rowsAfter(database: Database, i: number): Promise<ReadonlyMap<string, readonly LogRow[]>> {
  return byDocument(await database.ylog.where('i').above(i).toArray())
}

function byDocument(rows: readonly LogRow[]): ReadonlyMap<string, readonly LogRow[]> {
  const groups = new Map<string, LogRow[]>()
  for (const row of rows) {
    const group = groups.get(row.docId)
    if (group) group.push(row)
    else groups.set(row.docId, [row])
  }
  return groups
}

export type Built = {
  readonly document: SharedDocument
  readonly rows: readonly ReadRow[]
  /** Rows that could not be opened or applied. They stay on the disk: compaction never covers them. */
  readonly damaged: number
}

export async function buildDocument(keys: PracticeKeys, rows: readonly LogRow[]): Promise<Built> {
  const read = await Promise.all(rows.map((row) => readRow(keys, row)))
  const updates = read.flatMap(({ update }) => (update ? [update] : []))
  const document = createSharedDocument()
  const broken = document.apply(updates)
  return { document, rows: read, damaged: read.length - updates.length + broken }
}

/**
 * Replaces a document's rows by one snapshot, in one transaction. Does nothing when a row cannot be read, when an update
 * is missing, or when another tab was faster: a longer log is better than a lost row. Gives the snapshot's key.
 */
export async function compact(database: Database, keys: PracticeKeys, docId: string): Promise<number | null> {
  const rows = (await rowsOf(database, [docId])).get(docId) ?? []
  if (rows.length < 2) return null
  const { document, rows: read, damaged } = await buildDocument(keys, rows)
  try {
    if (damaged > 0 || !document.isComplete()) return null
    const sealed = await sealUpdate(keys, docId, 'snapshot', document.snapshot())
    return await replaceRows(
      database,
      read.map(({ i }) => i),
      { docId, kind: 'snapshot', sealed },
    )
  } finally {
    document.close()
  }
}

function placeOf(docId: string, kind: LogRow['kind']): string {
  return `alcove/ylog/1\n${docId}\n${kind}`
}
