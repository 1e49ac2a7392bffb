import type { DocumentId } from '@alcove/shared/domain/ids'
import type { LogHash, LogIncidentKind, LogPosition } from '@alcove/shared/domain/sealed-log'
import type { LogBook, LogCover, LogPage } from '../../log-ports.ts'
import type { Clock } from '../../ports.ts'

/** Of hashes at past positions, per log: to compare with what other devices say of theirs. */
const maxPast = 512
const maxIncidents = 64
/** A snapshot is written a moment after what it covers. */
const maxKnown = 4
const writeAgainMs = 30_000

/** What this device knows of the logs: at hand at once, durable soon after. What is lost with the power is read again. */
export type LogMemory = {
  load(): Promise<void>
  cover(): LogCover
  page(document: DocumentId): LogPage | null
  pages(): Iterable<LogPage>
  keep(page: LogPage): void
  note(change: Partial<LogCover>): void
  /** Once until the person has read it. */
  report(kind: LogIncidentKind, document: DocumentId): void
  /** The hash that stood at this position, if this run of the program saw it. */
  pastHash(document: DocumentId, sequence: number): LogHash | null
  passed(document: DocumentId, positions: readonly LogPosition[]): void
  /** What a reader of the log up to there has, if this device stood there not long ago; undefined: not remembered. */
  knownAt(document: DocumentId, sequence: number): LogPage['known'] | undefined
  /** It is read from its beginning again: what stood there before is another log. */
  begin(page: LogPage): void
  /** Resolves when all of it is durable, or could not be stored for now. */
  settled(): Promise<void>
}

export function createLogMemory(book: LogBook, clock: Clock, onIncident: () => void): LogMemory {
  let cover: LogCover = { mark: 0, access: [], enrolment: null, incidents: [], epochs: null, passedOver: [] }
  const pages = new Map<DocumentId, LogPage>()
  const past = new Map<DocumentId, Map<number, LogHash>>()
  const stood = new Map<DocumentId, readonly Pick<LogPage, 'position' | 'known'>[]>()
  let unwrittenPages = new Map<DocumentId, LogPage>()
  let unwrittenCover: Partial<LogCover> = {}
  let writing: Promise<void> | null = null
  let isRetryPlanned = false

  function write(): Promise<void> {
    writing ??= writeAll().finally(() => {
      writing = null
    })
    return writing
  }

  async function writeAll(): Promise<void> {
    // What comes together is written together.
    await Promise.resolve()
    while (unwrittenPages.size > 0 || Object.keys(unwrittenCover).length > 0) {
      const [pagesNow, coverNow] = [unwrittenPages, unwrittenCover]
      unwrittenPages = new Map()
      unwrittenCover = {}
      try {
        await book.write({ pages: [...pagesNow.values()], cover: coverNow })
      } catch {
        // A full disk: with the next change, or in a while.
        unwrittenPages = new Map([...pagesNow, ...unwrittenPages])
        unwrittenCover = { ...coverNow, ...unwrittenCover }
        if (!isRetryPlanned) clock.after(writeAgainMs, retry)
        isRetryPlanned = true
        return
      }
    }
  }

  function retry(): void {
    isRetryPlanned = false
    void write()
  }

  function note(change: Partial<LogCover>): void {
    cover = { ...cover, ...change }
    unwrittenCover = { ...unwrittenCover, ...change }
    void write()
  }

  function keep(page: LogPage): void {
    const { position, known } = page
    stood.set(page.document, [...(stood.get(page.document) ?? []), { position, known }].slice(-maxKnown))
    pages.set(page.document, page)
    unwrittenPages.set(page.document, page)
    void write()
  }

  return {
    async load() {
      const kept = await book.read()
      pages.clear()
      past.clear()
      stood.clear()
      cover = kept.cover
      for (const page of kept.pages) pages.set(page.document, page)
    },
    cover: () => cover,
    page: (document) => pages.get(document) ?? null,
    pages: () => pages.values(),
    keep,
    begin(page) {
      past.delete(page.document)
      stood.delete(page.document)
      keep(page)
    },
    note,
    report(kind, document) {
      const isThere = cover.incidents.some((one) => one.kind === kind && one.document === document)
      if (isThere || cover.incidents.length >= maxIncidents) return
      note({ incidents: [...cover.incidents, { kind, document, at: clock.now() }] })
      onIncident()
    },
    pastHash: (document, sequence) => past.get(document)?.get(sequence) ?? null,
    passed(document, positions) {
      const hashes = past.get(document) ?? new Map<number, LogHash>()
      past.set(document, hashes)
      for (const { sequence, hash } of positions.slice(-maxPast)) hashes.set(sequence, hash)
      for (const sequence of hashes.keys()) {
        if (hashes.size <= maxPast) break
        hashes.delete(sequence)
      }
    },
    knownAt: (document, sequence) => stood.get(document)?.findLast(({ position }) => position.sequence === sequence)?.known,
    settled: () => writing ?? Promise.resolve(),
  }
}
