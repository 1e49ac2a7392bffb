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
  readonly context: Pick<LogContext, 'clock' | 'memory'>
  readonly tell: (heads: readonly LogHead[]) => void
  readonly isReady: () => boolean
  /** This device knows itself that it lacks something of this log. */
  readonly isBehind: (document: DocumentId) => boolean
  readonly doubt: (document: DocumentId, kind: 'forked' | 'withheld') => void
}

/** The furthest that other devices have, and what this one has waited for since. */
type Expected = { readonly head: LogHead; readonly first: LogHead; readonly sinceAt: number }

export function createLogGossip({ context, tell, isReady, isBehind, doubt }: GossipDeps): LogGossip {
  const { clock, memory } = context
  const moved = new Set<DocumentId>()
  const expected = new Map<DocumentId, Expected>()
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

  function judge(head: LogHead): void {
    const seen = look(head)
    if (seen === 'other') suspect(head.document, 'forked')
    if (seen !== 'ahead') return
    const before = expected.get(head.document)
    if (!before || look(before.first) !== 'ahead') expect(head)
    else if (before.head.sequence < head.sequence) expected.set(head.document, { ...before, head })
  }

  function expect(head: LogHead): void {
    expected.set(head.document, { head, first: head, sinceAt: clock.now() })
  }

  function lookAgain(): void {
    for (const [document, { head, first, sinceAt }] of [...expected]) {
      expected.delete(document)
      const seen = look(head)
      if (seen === 'other') suspect(document, 'forked')
      if (seen !== 'ahead') continue
      // While the server is not there, or this device is still reading, it hides nothing; nor while it shows more and more.
      if (!isReady() || isBehind(document) || look(first) !== 'ahead') expect(head)
      else if (Math.abs(clock.now() - sinceAt) < patienceMs) expected.set(document, { head, first, sinceAt })
      else suspect(document, 'withheld')
    }
  }

  function planLook(): void {
    if (expected.size === 0) return
    const waitedMs = Math.max(...[...expected.values()].map(({ sinceAt }) => Math.abs(clock.now() - sinceAt)))
    stopLooking ??= clock.after(Math.max(0, patienceMs - waitedMs), () => {
      stopLooking = null
      lookAgain()
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
      for (const head of heads) judge(head)
      planLook()
    },
    close() {
      stopTelling?.()
      stopLooking?.()
    },
  }
}
