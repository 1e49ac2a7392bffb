import type { MemberId } from '@alcove/shared/domain/ids'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { LogLine } from '../../log-ports.ts'
import type { Clock, Stop } from '../../ports.ts'
import type { KitDraft, KitStore, RecoveryKit } from '../../recovery-ports.ts'
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

/** Sealed on the server first, then signed into the practice: a kit that the practice knows can be found. */
export async function makeKit(deps: MakeKitDeps): Promise<Result<KitDraft, MakeFailure>> {
  const place = placeNow(deps.syncStore)
  const draft = place && (await deps.kits.prepare())
  if (!place || !draft) return err('storage-failed')
  const line = createKitLine(deps)
  try {
    const failed = await putKit(line, place, draft)
    if (failed) return err(failed === 'revoked' || failed === 'incomplete' ? 'not-yet' : failed)
    const old = kitsOf(deps.kits, place.member)
    const kept = await deps.kits.keep(draft)
    if (!kept.ok) return err(kept.error === 'storage-full' ? 'storage-full' : 'storage-failed')
    // They open nothing any more. Left there, they would only take space.
    for (const { kept: gone } of old) if (gone) await line.ask({ type: 'put-kit', locator: gone.locator })
    return ok(draft)
  } finally {
    line.close()
  }
}

function kitsOf(store: KitStore, member: MemberId): readonly RecoveryKit[] {
  let kits: readonly RecoveryKit[] = []
  const stop: Stop = store.watch((state) => {
    kits = state?.kits ?? []
  })
  stop()
  return kits.filter((kit) => kit.member === member)
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
