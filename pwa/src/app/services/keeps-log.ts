import type { SyncState } from '../../features/sync/sync-state.ts'

/** The server stores this practice's log, or has done so before: there is something to recover from. */
export function keepsLog(sync: SyncState | null): boolean {
  const kind = sync?.log.line.kind
  return kind !== undefined && kind !== 'off' && kind !== 'needs-enrolment'
}
