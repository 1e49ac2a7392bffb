import { createInviter } from '../../features/pairing/inviter.ts'
import type { Inviter } from '../../features/pairing/pairing-state.ts'
import type { KeyPair } from '../../ports.ts'
import type { InvitationTarget, SyncStore } from '../../sync-ports.ts'
import type { AppContext } from '../app-context.ts'

/** An invitation from this device; null when it is not in a practice (any more). */
export async function invite(app: AppContext, target: InvitationTarget, member: string): Promise<Inviter | null> {
  const device = ownDevice(app.syncStore)
  if (!device) return null
  const { clock, relay, pairing, origin } = app
  return createInviter({ clock, relay, store: pairing, device, origin }, { target, practice: app.practiceState().practice.name, member })
}

function ownDevice(store: Pick<SyncStore, 'watchPlace'>): KeyPair | null {
  let device: KeyPair | null = null
  store.watchPlace((place) => {
    device = place?.device ?? null
  })()
  return device
}
