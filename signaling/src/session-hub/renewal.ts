import type { HubContext } from './context.ts'
import { deliver } from './guests.ts'
import { isRelayOpen } from './state.ts'

/** Relay credentials are short-lived; an ICE restart late in a session needs fresh ones. */
export function renewIceServers(context: HubContext): void {
  const now = context.now()
  for (const room of context.rooms.all()) {
    for (const host of room.hosts.values()) {
      if (host.enrolled) host.link?.send({ type: 'ice-servers', iceServers: [...context.ice.servers(true, now)] })
    }
    for (const seat of room.guests.values()) {
      const owner = isRelayOpen(seat.phase) ? room.hosts.get(room.calls.get(seat.phase.call)?.owner ?? '') : undefined
      if (owner?.enrolled === true) deliver(context, seat, { type: 'ice-servers', iceServers: [...context.ice.servers(true, now)] })
    }
  }
}
