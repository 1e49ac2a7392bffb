import { equalBytes } from '@alcove/shared/crypto/bytes'
import { verifyAccess } from '@alcove/shared/crypto/log-access'
import type { DeviceKey } from '@alcove/shared/domain/ids'
import type { KitsState } from '../../recovery-ports.ts'
import type { SyncPlace } from '../../sync-ports.ts'
import { createKitLine, type KitLine } from './kit-line.ts'
import { type MakeKitDeps, placeNow, putKit } from './make-kit.ts'

/** Not at once, when everything else starts; and again for pages that stand open for days. */
const firstLookMs = 30_000
const lookSpreadMs = 30_000
const lookEveryMs = 6 * 60 * 60_000

/**
 * What the server keeps for the practice's kits: put there again when it has lost it or has something else, and taken away
 * for a kit that was replaced, once the one in its place can be used.
 */
export function createKitKeeper(deps: MakeKitDeps & { readonly random: () => number }): { close(): void } {
  const { clock } = deps
  let state: KitsState | null = null
  let closed = false
  let stopNext: (() => void) | null = null
  const stopKits = deps.kits.watch((next) => {
    const hasMore = (next?.revoked.length ?? 0) > (state?.revoked.length ?? 0)
    state = next
    if (hasMore) plan()
  })

  function plan(): void {
    stopNext ??= clock.after(firstLookMs + deps.random() * lookSpreadMs, () => {
      stopNext = null
      void look().catch(() => undefined)
    })
  }

  async function look(): Promise<void> {
    const place = placeNow(deps.syncStore)
    const known = state?.kits.flatMap(({ kept }) => (kept && kept.sealed.length > 0 ? [kept] : [])) ?? []
    if (!place || closed || (known.length === 0 && state?.revoked.length === 0)) return
    const line = createKitLine(deps)
    try {
      for (const kept of known) {
        const reply = await line.ask({ type: 'get-kit', locator: kept.locator })
        if (reply.ok && equalBytes(reply.value.body, kept.sealed)) continue
        if (!reply.ok && reply.error.code !== 'unknown-kit') break
        if (await putKit(line, place, kept)) break
      }
      await clear(line, place)
    } finally {
      line.close()
    }
  }

  /** Of replaced kits. They open nothing any more; left there, they would only take space. */
  async function clear(line: KitLine, place: SyncPlace): Promise<void> {
    const { kits = [], revoked = [] } = state ?? {}
    const listed = revoked.length > 0 ? await listedBy(line, place) : null
    if (!listed) return
    const gone: DeviceKey[] = []
    for (const { device, member, locator } of revoked) {
      const next = kits.filter((kit) => kit.member === member)
      // The list follows the chain: who is on it can read there what makes it a device of the practice.
      const isReplaced = !listed.has(device) && next.every((kit) => listed.has(kit.device))
      // The document is everybody's: what it says of a removed kit may name one that is in use.
      const isInUse = kits.some(({ kept }) => kept?.locator === locator)
      if (!isReplaced || isInUse) continue
      const reply = await line.ask({ type: 'put-kit', locator })
      if (!reply.ok) break
      gone.push(device)
    }
    if (gone.length > 0) await deps.kits.noteGone(gone)
  }

  const stopFirst = clock.after(firstLookMs + deps.random() * lookSpreadMs, () => void look().catch(() => undefined))
  const stopLooking = clock.every(lookEveryMs, () => void look().catch(() => undefined))
  return {
    close() {
      closed = true
      stopKits()
      stopFirst()
      stopLooking()
      stopNext?.()
    },
  }
}

/** Whom the server lets in. Null: it did not say. */
async function listedBy(line: KitLine, { space, device }: SyncPlace): Promise<ReadonlySet<DeviceKey> | null> {
  const entered = await line.enter(space, device)
  const reply = entered.ok ? await line.ask({ type: 'get-access', from: entered.value }) : null
  if (!reply?.ok || reply.value.message.type !== 'access') return null
  const text = reply.value.message.statements.at(-1)
  const newest = text === undefined ? null : await verifyAccess(text)
  return newest && newest.list.space === space ? new Set(newest.list.devices.map((one) => one.device as DeviceKey)) : null
}
