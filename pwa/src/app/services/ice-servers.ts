import type { IceServer } from '@alcove/shared/protocol/session-messages'
import type { Signaling } from '../../ports.ts'
import type { TabChannel } from '../../sync-ports.ts'

export type TabMessage = { readonly type: 'ask' } | { readonly type: 'servers'; readonly servers: readonly IceServer[] }

export type KnownIceServers = {
  /** The newest that this browser was given; none before a clinician's room is connected and enrolled. */
  current(): readonly IceServer[]
  /** Whether a room has been told of them at all, perhaps that there are none. */
  areKnown(): boolean
  /** The same signaling, with an ear on what it brings. */
  overhear(signaling: Signaling): Signaling
}

/** The BroadcastChannel of this name carries `TabMessage`. */
export const iceServersChannel = 'alcove-ice-servers'

/**
 * The server hands STUN and TURN to rooms alone. Syncing uses them too, in whichever tab it is; a device without a
 * clinician's room has none, and reaches the others through theirs.
 */
export function createKnownIceServers(tabs: TabChannel): KnownIceServers {
  /** Null before a room here or in another tab was told. */
  let known: readonly IceServer[] | null = null
  tabs.listen((raw) => {
    const message = raw as TabMessage
    if (message.type === 'servers') known = message.servers
    else if (known !== null) tabs.post({ type: 'servers', servers: known } satisfies TabMessage)
  })
  tabs.post({ type: 'ask' } satisfies TabMessage)

  return {
    current: () => known ?? [],
    areKnown: () => known !== null,
    overhear: (signaling) => ({
      ...signaling,
      host: (identity, enrolment, listen) =>
        signaling.host(identity, enrolment, (event) => {
          if (event.type === 'message' && 'iceServers' in event.message) {
            known = event.message.iceServers
            tabs.post({ type: 'servers', servers: known } satisfies TabMessage)
          }
          listen(event)
        }),
    }),
  }
}
