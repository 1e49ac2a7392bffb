/** What a patient's visit needs; `join.tsx` hands it in. */
import type { Clock, GuestKeys, Page, PeerLinks, Signaling } from '../../ports.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'

/** A short text that survives a reload of this tab and nothing else (sessionStorage). */
export type VisitMemory = {
  read(): string | null
  write(text: string): void
}

export type VisitDeps = {
  readonly clock: Clock
  readonly signaling: Pick<Signaling, 'guest'>
  readonly guestKeys: GuestKeys
  /** Loaded while the person waits: not needed before "You are in the waiting room". */
  readonly loadPeerLinks: () => Promise<PeerLinks>
  readonly localMedia: Pick<LocalMedia, 'state' | 'subscribe'>
  readonly memory: VisitMemory
  readonly page: Pick<Page, 'watchOnline' | 'watchVisibility'>
}
