import type { DocumentId } from '@alcove/shared/domain/ids'
import type { Stop } from '../../ports.ts'
import type { LogContext, LogHead } from './log-context.ts'

/** Heads that move together are told together. */
const tellAfterMs = 2_000
/** How long the server may take to show here what it showed to another device. */
const patienceMs = 30_000
/** A log is not begun anew more often than this on other devices' word. */
const doubtEveryMs = 60_000

/** What devices tell each other of where they stand in the logs: a server cannot show each of them another one unnoticed. */
export type LogGossip = {
  /** All of them, for somebody who has just come. */
  heads(): readonly LogHead[]
  moved(document: DocumentId): void
  heard(heads: readonly LogHead[]): void
  close(): void
}

export type GossipDeps = {
  readonly context: LogContext
  readonly tell: (heads: readonly LogHead[]) => void
  readonly isReady: () => boolean
  /** This device knows itself that it lacks something of this log. */
  readonly isBehind: (document: DocumentId) => boolean
  readonly doubt: (document: DocumentId, kind: 'forked' | 'withheld') => void
}

export function createLogGossip({ context, tell, isReady, isBehind, doubt }: GossipDeps): LogGossip {
  const { clock, memory } = context
  const moved = new Set<DocumentId>()
  const expected = new Map<DocumentId, LogHead>()
  const doubted = new Map<DocumentId, number>()
  let stopTelling: Stop | null = null
  let stopLooking: Stop | null = null

  function headOf(document: DocumentId): LogHead | null {
    const page = memory.page(document)
    return page && page.position.sequence > 0 ? { document, ...page.position } : null
  }

  function look(head: LogHead): 'same' | 'unknown' | 'ahead' | 'other' {
    const mine = headOf(head.document)
    if (!mine || mine.sequence < head.sequence) return 'ahead'
    const hash = mine.sequence === head.sequence ? mine.hash : memory.pastHash(head.document, head.sequence)
    if (hash === null) return 'unknown'
    return hash === head.hash ? 'same' : 'other'
  }

  function suspect(document: DocumentId, kind: 'forked' | 'withheld'): void {
    const before = doubted.get(document)
    if (before !== undefined && Math.abs(clock.now() - before) < doubtEveryMs) return
    doubted.set(document, clock.now())
    doubt(document, kind)
  }

  function judge(head: LogHead, isOverdue: boolean): void {
    const seen = look(head)
    if (seen === 'other') suspect(head.document, 'forked')
    if (seen !== 'ahead') return void expected.delete(head.document)
    if (!isOverdue) return void expected.set(head.document, head)
    expected.delete(head.document)
    suspect(head.document, 'withheld')
  }

  function planLook(): void {
    if (expected.size === 0) return
    stopLooking ??= clock.after(patienceMs, () => {
      stopLooking = null
      // While the server is not there, or this device is still reading, it hides nothing.
      for (const head of [...expected.values()]) judge(head, isReady() && !isBehind(head.document))
      planLook()
    })
  }

  return {
    heads: () => [...memory.pages()].flatMap(({ document }) => headOf(document) ?? []),
    moved(document) {
      moved.add(document)
      stopTelling ??= clock.after(tellAfterMs, () => {
        stopTelling = null
        const heads = [...moved].flatMap((one) => headOf(one) ?? [])
        moved.clear()
        if (heads.length > 0) tell(heads)
      })
    },
    heard(heads) {
      for (const head of heads) judge(head, false)
      planLook()
    },
    close() {
      stopTelling?.()
      stopLooking?.()
    },
  }
}
