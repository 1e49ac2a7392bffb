import type { RoomId } from '@alcove/shared/domain/ids'
import { membersOf, type Room } from './state.ts'

export type Rooms = {
  find(id: RoomId): Room | undefined
  /** Null when there are as many rooms as there may be. */
  enter(id: RoomId): Room | null
  /** Forgets calls that nobody can continue, and the room when nobody is left in it. */
  tidy(room: Room): void
  all(): Iterable<Room>
  size(): number
}

/** Rooms exist while somebody has a seat in them. Nobody can tell from outside whether one does. */
export function createRooms(limit: number): Rooms {
  const rooms = new Map<RoomId, Room>()
  return {
    find: (id) => rooms.get(id),
    enter(id) {
      const known = rooms.get(id)
      if (known !== undefined) return known
      if (rooms.size >= limit) return null
      const room: Room = { id, hosts: new Map(), guests: new Map(), calls: new Map(), endedCalls: new Set() }
      rooms.set(id, room)
      return room
    },
    tidy(room) {
      for (const call of room.calls.values()) {
        if (!room.hosts.has(call.owner) && membersOf(room, call.id).length === 0) room.calls.delete(call.id)
      }
      if (room.hosts.size === 0 && room.guests.size === 0 && rooms.get(room.id) === room) rooms.delete(room.id)
    },
    all: () => rooms.values(),
    size: () => rooms.size,
  }
}
