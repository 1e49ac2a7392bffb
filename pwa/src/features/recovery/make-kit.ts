import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { LogLine } from '../../log-ports.ts'
import type { Clock, Stop } from '../../ports.ts'
import type { KitDraft, KitStore } from '../../recovery-ports.ts'
import type { SyncPlace, SyncStore } from '../../sync-ports.ts'
import { createKitLine, failureOf, type KitLine } from './kit-line.ts'
import type { KitFailure, MakeFailure } from './recovery-state.ts'

export type MakeKitDeps = {
  readonly clock: Clock
  readonly line: LogLine
  readonly origin: string
  readonly kits: KitStore
  readonly syncStore: Pick<SyncStore, 'watchPlace'>
}

/**
 * Sealed on the server first, then signed into the practice: a kit that the practice knows can be found. What the server keeps
 * for my older ones stays until the new one stands on its list (kit-keeper.ts): should this device be lost before that, they
 * are still what opens the practice there.
 */
export async function makeKit(deps: MakeKitDeps): Promise<Result<KitDraft, MakeFailure>> {
  const place = placeNow(deps.syncStore)
  const draft = place && (await deps.kits.prepare())
  if (!place || !draft) return err('storage-failed')
  const line = createKitLine(deps)
  try {
    const failed = await putKit(line, place, draft)
    if (failed) return err(failed === 'revoked' || failed === 'incomplete' ? 'not-yet' : failed)
    const kept = await deps.kits.keep(draft)
    if (!kept.ok) return err(kept.error === 'storage-full' ? 'storage-full' : 'storage-failed')
    return ok(draft)
  } finally {
    line.close()
  }
}

export async function putKit(
  line: KitLine,
  { space, device }: SyncPlace,
  { locator, sealed }: Pick<KitDraft, 'locator' | 'sealed'>,
): Promise<KitFailure | null> {
  const entered = await line.enter(space, device)
  if (!entered.ok) return failureOf(entered.error)
  const reply = await line.ask({ type: 'put-kit', locator }, sealed)
  return reply.ok ? null : failureOf(reply.error)
}

export function placeNow(store: Pick<SyncStore, 'watchPlace'>): SyncPlace | null {
  let place: SyncPlace | null = null
  const stop: Stop = store.watchPlace((now) => {
    place = now
  })
  stop()
  return place
}
