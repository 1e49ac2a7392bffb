import type { EntryHash } from '@alcove/shared/domain/ids'
import { partsLacking, withHashes } from './chain-log.ts'
import type { AppendEnd, LogAppender } from './log-appender.ts'
import { type LogContext, myDevice } from './log-context.ts'

/** The chain's entries for its log, which is written before any other: it names writers, and holds keys. */
export type ChainUpload = {
  /** Writes what lacks there. True once nothing does. */
  bring(): Promise<boolean>
  /** Whether something lacks there that this device signed. */
  hasOwnToBring(): Promise<boolean>
  /** Nothing lacks there, as far as this device knows. */
  isThere(): boolean
  lost(): void
}

export type ChainUploadDeps = {
  readonly context: LogContext
  readonly appender: LogAppender
  /** Whether it was written; otherwise when that is tried again. */
  readonly went: (end: AppendEnd) => boolean
  readonly onThere: () => void
}

export function createChainUpload({ context, appender, went, onThere }: ChainUploadDeps): ChainUpload {
  const { memory, chain } = context
  let isThere = false

  return {
    async bring() {
      const place = context.place()
      if (!place) return false
      const written = new Set<EntryHash>()
      for (;;) {
        let isAgain = false
        const end = await appender.append(place.chainLog, async (page, here) => {
          const [part] = partsLacking(await chain.byEpoch(), page.known, myDevice(here))
          if (!part) return null
          const { epoch, payload, hashes } = part
          isAgain = hashes.every((hash) => written.has(hash))
          if (isAgain) return null
          for (const hash of hashes) written.add(hash)
          return { kind: 'update', payload, epoch, sealer: here.foundingDevice, covers: null, known: withHashes(page.known, hashes) }
        })
        // What the server took, and does not show: it is not written to it without end.
        if (isAgain) return went('later')
        if (end === 'nothing') {
          const wasThere = isThere
          isThere = true
          if (!wasThere) onThere()
          return true
        }
        isThere = false
        if (!went(end)) return false
      }
    },
    async hasOwnToBring() {
      const place = context.place()
      if (!place) return false
      const known = memory.page(place.chainLog)?.known ?? null
      const parts = partsLacking(await chain.byEpoch(), known, myDevice(place))
      isThere = parts.length === 0
      return parts.some(({ byMe }) => byMe)
    },
    isThere: () => isThere,
    lost() {
      isThere = false
    },
  }
}
