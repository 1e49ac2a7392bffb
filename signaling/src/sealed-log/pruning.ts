import { pruneAfterMs } from '@alcove/shared/domain/sealed-log'
import type { StoredLog } from './log-store.ts'

/**
 * What may go: everything that a snapshot covers which another device has found whole, or which has stood for 30 days; but
 * never the newest snapshot's, so that there are always two. `first` to `last`: the records that go. Null: nothing may.
 */
export function prune(state: StoredLog, now: number): { readonly state: StoredLog; readonly first: number; readonly last: number } | null {
  const base = state.snapshots
    .slice(0, -1)
    .findLast(({ confirmed, writtenAt, covers }) => covers.sequence > state.base.sequence && (confirmed || now - writtenAt >= pruneAfterMs))
  if (!base) return null
  const snapshots = state.snapshots.filter(({ sequence }) => sequence > base.covers.sequence)
  return { state: { ...state, base: base.covers, snapshots }, first: state.base.sequence + 1, last: base.covers.sequence }
}
