import { verifyAccess } from '@alcove/shared/crypto/log-access'
import type { DeviceKey, DocumentId } from '@alcove/shared/domain/ids'
import type { AccessStatement } from '@alcove/shared/domain/log-access'
import type { DeviceTag, SpaceId } from '@alcove/shared/domain/sealed-log'
import type { Line } from './line.ts'
import type { KeptKit, LogStore, StoredAccess, StoredLog } from './log-store.ts'
import { createTurns, type Turns } from './turns.ts'

/** A practice's space while somebody is in it: what the store has, in memory, but for the records themselves. */
export type Space = {
  readonly id: SpaceId
  /** The newest statement of the access list. */
  access: AccessStatement
  statementBytes: number
  readonly logs: Map<DocumentId, Log>
  /** Of the limit: logs that are stored or about to be. */
  logCount: number
  readonly kits: Map<string, KeptKit>
  /** Changes that are durable; given out to devices. */
  tick: number
  /** Given to changes that may still be under way. */
  lastTick: number
  /** Of the quota, with what is under way. */
  usedBytes: number
  readonly seats: Set<Seat>
}

export type Log = {
  /** Null: nothing is stored yet. */
  state: StoredLog | null
  readonly turns: Turns
}

/** An authenticated device's place, as long as its connection and its right last. */
export type Seat = {
  readonly line: Line
  readonly entry: Entry
  readonly space: Space
  readonly device: DeviceKey
  readonly tag: DeviceTag
  /** Records go out one answer after the other, as fast as they are taken. */
  readonly reads: Turns
  /** Asked for changes. */
  wantsHeads: boolean
}

/** A space that there is or that is about to be made. */
export type Entry = {
  readonly id: SpaceId
  /** Null: the server has none of this name. */
  space: Space | null
  /** For what concerns the whole space: the access list and the kits. */
  readonly turns: Turns
}

export type Spaces = {
  /** Reads it, unless somebody is in it already. `leave` must follow. Rejects, and `leave` must not follow, when the store cannot be read. */
  enter(id: SpaceId): Promise<Entry>
  /** Who may enter: no more of the space is read. Null: there is none of this name. Rejects when the store cannot be read. */
  access(id: SpaceId): Promise<AccessStatement | null>
  /** Once more, by whoever has entered. `leave` must follow. */
  hold(entry: Entry): void
  leave(entry: Entry): void
  all(): Iterable<Entry>
}

type Held = { readonly entry: Entry; readonly loaded: Promise<void>; holders: number }

export function createSpaces(store: LogStore): Spaces {
  const held = new Map<SpaceId, Held>()

  function open(id: SpaceId): Held {
    const entry: Entry = { id, space: null, turns: createTurns() }
    const loaded = readSpace(store, id).then((space) => {
      entry.space = space
    })
    const one = { entry, loaded, holders: 0 }
    held.set(id, one)
    return one
  }

  function leave(entry: Entry): void {
    const one = held.get(entry.id)
    if (!one || one.entry !== entry) return
    one.holders -= 1
    if (one.holders === 0) held.delete(entry.id)
  }

  return {
    async enter(id) {
      const one = held.get(id) ?? open(id)
      one.holders += 1
      try {
        await one.loaded
        return one.entry
      } catch (error) {
        leave(one.entry)
        throw error
      }
    },
    async access(id) {
      const one = held.get(id)
      if (!one) return readAccess(store, id)
      await one.loaded
      return one.entry.space?.access ?? null
    },
    hold(entry) {
      const one = held.get(entry.id)
      if (one?.entry === entry) one.holders += 1
    },
    leave,
    *all() {
      for (const { entry } of held.values()) yield entry
    },
  }
}

async function readAccess(store: LogStore, id: SpaceId): Promise<AccessStatement | null> {
  const stored = await store.readAccess(id)
  return stored === null ? null : accessFrom(stored)
}

async function accessFrom({ newest }: StoredAccess): Promise<AccessStatement> {
  const access = await verifyAccess(newest)
  if (access === null) throw new Error('A statement of the access list is damaged')
  return access
}

async function readSpace(store: LogStore, id: SpaceId): Promise<Space | null> {
  const stored = await store.readSpace(id)
  if (stored === null) return null
  const access = await accessFrom(stored.statements)
  const space = newSpace(id, access, stored.statements.bytes)
  for (const [log, state] of stored.logs) {
    space.logs.set(log, { state, turns: createTurns() })
    space.tick = Math.max(space.tick, state.tick)
    space.usedBytes += keptBytesOf(state)
  }
  space.lastTick = space.tick
  space.logCount = space.logs.size
  for (const [locator, kit] of stored.kits) {
    space.kits.set(locator, kit)
    space.usedBytes += kit.size
  }
  return space
}

export function newSpace(id: SpaceId, access: AccessStatement, statementBytes: number): Space {
  return {
    id,
    access,
    statementBytes,
    logs: new Map(),
    logCount: 0,
    kits: new Map(),
    tick: 0,
    lastTick: 0,
    usedBytes: statementBytes,
    seats: new Set(),
  }
}

export function keptBytesOf(state: StoredLog | null): number {
  return state === null ? 0 : state.total - state.base.total
}
