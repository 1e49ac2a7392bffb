import { equalBytes } from '@alcove/shared/crypto/bytes'
import type { RecoveryKit } from '../../recovery-ports.ts'
import { createKitLine } from './kit-line.ts'
import { type MakeKitDeps, placeNow, putKit } from './make-kit.ts'

/** Not at once, when everything else starts; and again for pages that stand open for days. */
const firstLookMs = 30_000
const lookSpreadMs = 30_000
const lookEveryMs = 6 * 60 * 60_000

/** What the server keeps for the practice's kits, put there again when it has lost it or has something else. */
export function createKitKeeper(deps: MakeKitDeps & { readonly random: () => number }): { close(): void } {
  const { clock } = deps
  let kits: readonly RecoveryKit[] = []
  let closed = false
  const stopKits = deps.kits.watch((state) => {
    kits = state?.kits ?? []
  })

  async function look(): Promise<void> {
    const known = kits.flatMap(({ kept }) => (kept && kept.sealed.length > 0 ? [kept] : []))
    const place = placeNow(deps.syncStore)
    if (known.length === 0 || !place || closed) return
    const line = createKitLine(deps)
    for (const kept of known) {
      const reply = await line.ask({ type: 'get-kit', locator: kept.locator })
      if (reply.ok && equalBytes(reply.value.body, kept.sealed)) continue
      if (!reply.ok && reply.error.code !== 'unknown-kit') break
      if (await putKit(line, place, kept)) break
    }
    line.close()
  }

  const stopFirst = clock.after(firstLookMs + deps.random() * lookSpreadMs, () => void look().catch(() => undefined))
  const stopLooking = clock.every(lookEveryMs, () => void look().catch(() => undefined))
  return {
    close() {
      closed = true
      stopKits()
      stopFirst()
      stopLooking()
    },
  }
}
