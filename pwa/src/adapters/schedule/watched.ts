import type { Stop } from '../../ports.ts'

/** Which documents are on somebody's screen now. */
export type Watched = {
  hold(): { show(docIds: Iterable<string>): void; readonly stop: Stop }
  docIds(): readonly string[]
}

export function createWatched(): Watched {
  const holds = new Set<{ docIds: ReadonlySet<string> }>()
  return {
    hold() {
      const held = { docIds: new Set<string>() as ReadonlySet<string> }
      holds.add(held)
      return {
        show(docIds) {
          held.docIds = new Set(docIds)
        },
        stop: () => void holds.delete(held),
      }
    },
    docIds: () => [...new Set([...holds].flatMap(({ docIds }) => [...docIds]))],
  }
}
