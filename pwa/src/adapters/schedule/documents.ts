import type { Bytes } from '@alcove/shared/crypto/bytes'
import * as Y from 'yjs'
import { knownOf, lackingOf } from './update-math.ts'

/**
 * The door to Yjs. A document holds settings (one map of fields) and collections of entities, each entity a nested
 * map, so that two devices that change different fields of the same entity both keep their change. Entities are never
 * removed from their collection: a concurrent edit inside a removed map would be lost. They get a status instead.
 */
export type Fields = Readonly<Record<string, unknown>>

export type SharedDocument = {
  /** Fields of a map at the root; merges when two devices make it at the same time. */
  settings(name: string): Fields
  changeSettings(name: string, change: Fields): void
  entity(collection: string, id: string): Fields | null
  entities(collection: string): ReadonlyMap<string, Fields>
  /** Sets the fields that differ; makes the entity when it is new. Its id must be random: made once, by one device. */
  changeEntity(collection: string, id: string, change: Fields): void
  /** Runs changes as one transaction. The update (V2) that tells them to others; null when nothing changed. */
  capture(run: () => void): Bytes | null
  /** Stored or foreign updates, in any order, any number of times. Gives how many were not updates at all. */
  apply(updates: readonly Bytes[]): number
  /**
   * Another device's updates. What has to be stored for them: the part that is new; all of them when something is
   * missing on which they build; null for nothing new. Throws when one is no update; the document is then undefined.
   */
  take(updates: readonly Bytes[]): Bytes | null
  /** Changes made here carry this document's own Yjs client id; its clock counts them. */
  ownClock(): { readonly client: number; readonly clock: number }
  /** Yjs state vector: what is in it. */
  vector(): Bytes
  /** What the holder of a state vector lacks (V2); everything for null. Throws when it is no state vector. */
  updateFor(vector: Bytes | null): Bytes
  /** A Yjs snapshot (V2): what is in it, deletions included. */
  known(): Bytes
  /** What the holder of a snapshot lacks (V2), deletions included; null for nothing. A snapshot that is none holds nothing. */
  lacking(known: Bytes | null): Bytes | null
  /** False when an update is missing on which another one builds. */
  isComplete(): boolean
  /** One update (V2) with everything in it. */
  snapshot(): Bytes
  close(): void
}

/**
 * Every opened document writes under a fresh random Yjs client id. Never reuse one: after a failed write the same
 * clocks would be given to other changes.
 */
export function createSharedDocument(): SharedDocument {
  const doc = new Y.Doc()

  function setChanged(map: Y.Map<unknown>, change: Fields): void {
    for (const [name, value] of Object.entries(change)) {
      if (!map.has(name) || !sameValue(map.get(name), value)) map.set(name, value)
    }
  }

  function entityMap(collection: string, id: string): Y.Map<unknown> | null {
    const map = doc.getMap(collection).get(id)
    return map instanceof Y.Map ? map : null
  }

  function capture(run: () => void): Bytes | null {
    let captured: Bytes | null = null
    const keep = (update: Uint8Array) => {
      captured = Uint8Array.from(update)
    }
    doc.on('updateV2', keep)
    try {
      doc.transact(run)
    } finally {
      doc.off('updateV2', keep)
    }
    return captured
  }

  const isComplete = () => doc.store.pendingStructs === null && doc.store.pendingDs === null

  return {
    settings: (name) => fieldsOf(doc.getMap(name)),
    changeSettings: (name, change) => setChanged(doc.getMap(name), change),
    entity(collection, id) {
      const map = entityMap(collection, id)
      return map && fieldsOf(map)
    },
    entities(collection) {
      const found = new Map<string, Fields>()
      for (const [id, map] of doc.getMap(collection)) if (map instanceof Y.Map) found.set(id, fieldsOf(map))
      return found
    },
    changeEntity(collection, id, change) {
      const map = entityMap(collection, id)
      if (map) return setChanged(map, change)
      doc.getMap(collection).set(id, new Y.Map(Object.entries(change)))
    },
    capture,
    apply(updates) {
      let broken = 0
      doc.transact(() => {
        for (const update of updates) {
          try {
            Y.applyUpdateV2(doc, update)
          } catch {
            broken++
          }
        }
      })
      return broken
    },
    take(updates) {
      const captured = capture(() => {
        for (const update of updates) Y.applyUpdateV2(doc, update)
      })
      return isComplete() ? captured : Uint8Array.from(Y.mergeUpdatesV2([...updates]))
    },
    ownClock: () => ({ client: doc.clientID, clock: Y.getState(doc.store, doc.clientID) }),
    vector: () => Uint8Array.from(Y.encodeStateVector(doc)),
    updateFor: (vector) => Uint8Array.from(Y.encodeStateAsUpdateV2(doc, vector ?? undefined)),
    known: () => knownOf(doc),
    lacking: (known) => lackingOf(doc, known),
    isComplete,
    snapshot: () => Uint8Array.from(Y.encodeStateAsUpdateV2(doc)),
    close: () => doc.destroy(),
  }
}

/** Clocks by client, as in a state vector; null when it is none. */
export function readVector(vector: Bytes): ReadonlyMap<number, number> | null {
  try {
    return Y.decodeStateVector(vector)
  } catch {
    return null
  }
}

/** Of arrays and objects inside a field. Ours are flat. */
const maxDepth = 32

/**
 * Whether it is an update at all, tried where it harms nothing. One with values so deep that a browser could read but not
 * write them again is none: whoever stored it could never give its document to anybody.
 */
export function isUpdate(update: Bytes): boolean {
  const doc = new Y.Doc()
  try {
    Y.applyUpdateV2(doc, update)
    return Y.decodeUpdateV2(update).structs.every((struct) => !(struct instanceof Y.Item) || isShallow(valueIn(struct), maxDepth))
  } catch {
    return false
  } finally {
    doc.destroy()
  }
}

function valueIn({ content }: Y.Item): unknown {
  if (content instanceof Y.ContentAny || content instanceof Y.ContentJSON) return content.arr
  if (content instanceof Y.ContentEmbed) return content.embed
  if (content instanceof Y.ContentFormat) return content.value
  return null
}

function isShallow(value: unknown, depth: number): boolean {
  if (!(value instanceof Object) || value instanceof Uint8Array) return true
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1))
}

function fieldsOf(map: Y.Map<unknown>): Fields {
  return Object.fromEntries(map.entries())
}

/** Field values are JSON or bytes; they are small. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!(a instanceof Object) || !(b instanceof Object)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => sameValue((a as Fields)[key], (b as Fields)[key]))
}
