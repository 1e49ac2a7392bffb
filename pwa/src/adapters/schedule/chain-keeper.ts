import { fromUtf8, utf8 } from '@alcove/shared/crypto/bytes'
import { signEntry } from '@alcove/shared/crypto/chain'
import { deriveHandoverKeys, deriveSyncKeys } from '@alcove/shared/crypto/practice-keys'
import { spaceIdOf } from '@alcove/shared/crypto/log-keys'
import { asId, type DeviceKey, type DocumentId, type EntryHash, type MemberId } from '@alcove/shared/domain/ids'
import type { Operation, Roll } from '@alcove/shared/domain/practice-chain'
import { worthKeeping } from '@alcove/shared/domain/practice-flood'
import { epochsOf, foremostHeads, refusalsOf } from '@alcove/shared/domain/practice-roll'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { maxParents } from '@alcove/shared/protocol/sync-messages'
import type { KeyPair, SaveError } from '../../ports.ts'
import type { PracticeReport, SyncPlace } from '../../sync-ports.ts'
import { documentIdOf, open, type PracticeKeys, seal } from './at-rest.ts'
import { type ChainBook, createChainBook, type SignedEntry } from './chain-book.ts'
import { reportsOf } from './chain-reports.ts'
import { type ChainRow, commit, type Database, type KeyRow, saveErrorOf } from './database.ts'
import type { DeviceKey as KeyHolder } from './device-key.ts'
import type { DocumentStore } from './document-store.ts'
import type { SharedDocument } from './documents.ts'
import { heldEpochs, newEpochRows, newestEpoch, withSecrets } from './epoch-keys.ts'
import { roomKeyOf, storedPair } from './host-keys.ts'
import { chainLog } from './names.ts'
import { collections, type PracticeView, type View } from './views.ts'

/** What this device is about to sign. `also` changes the practice document in the same update, `keys` are stored with it. */
export type Act<T> = {
  readonly operations: readonly Operation[]
  readonly value: T
  readonly also?: (document: SharedDocument) => void
  readonly keys?: readonly KeyRow[]
  /** By the device itself, not by somebody. */
  readonly housekeeping?: true
}

/** How long it is said that somebody brought something that is no entry. What lies in the document is said for as long as it does. */
const brokenShownMs = 24 * 60 * 60 * 1000

/** The practice's chain on this device: verified, kept, and signed on. */
export type ChainKeeper = {
  readonly device: DeviceKey
  readonly identity: KeyPair
  readonly book: ChainBook
  /** Rooms whose keys this device has. */
  readonly heldRooms: Set<string>
  reports(): readonly PracticeReport[]
  /** Null until the keys were read. */
  place(): SyncPlace | null
  /** What the practice document holds now. True when the roll says all of it; otherwise `changed` is called once it does. */
  absorb(view: PracticeView): boolean
  /**
   * Signs an entry and stores it; one at a time, each on top of what is known then. `not-allowed` and nothing stored when
   * it would have no effect.
   */
  act<T>(plan: (roll: Roll) => Promise<Result<Act<T>, SaveError>>): Promise<Result<T, SaveError>>
  /** Another device's entries. Gives how many were new. What a stranger says wrongly is no report. */
  take(texts: readonly string[], fromStranger: boolean): Promise<Result<number, SaveError>>
  /** Changes the practice document without a signature, by the device itself. */
  change(run: (document: SharedDocument) => void): Promise<Result<void, SaveError>>
  /** Stores what is verified, reads the keys that came with it. Never rejects. */
  settle(): Promise<void>
  close(): void
}

export type ChainKeeperOptions = {
  readonly database: Database
  readonly deviceKey: KeyHolder
  readonly keys: PracticeKeys
  readonly documents: DocumentStore<View>
  readonly practiceDocId: string
  readonly me: MemberId
  readonly identity: KeyPair
  readonly root: EntryHash
  readonly now: () => number
  /** The roll, the place or the reports are others now. */
  readonly changed: () => void
  /** After every change, when entries and keys are stored: what else this device has to do. */
  readonly upkeep: (keeper: ChainKeeper, view: PracticeView) => Promise<void>
}

/** Null when what this device kept of the chain has not the founding that it pinned. */
export async function createChainKeeper(options: ChainKeeperOptions): Promise<ChainKeeper | null> {
  const { database, deviceKey, keys, documents, practiceDocId, me, identity, root } = options
  const device = identity.publicKey as DeviceKey
  const rows = await database.chain.toArray()
  const room = await storedPair(database, deviceKey.key, 'room')
  const texts = (await Promise.all(rows.map((row) => openRow(keys, row)))).flatMap((signed) => signed ?? [])
  const first = await documents.view(practiceDocId)
  if (first.kind !== 'practice') return null
  const made = await createChainBook(root, [...texts, ...textsOf(first)])
  if (!made) return null
  const book = made
  const foundingDevice = book.get(root)?.entry.by
  if (!foundingDevice) return null
  const log = {
    root,
    foundingDevice,
    space: await spaceIdOf(root, foundingDevice),
    chainLog: asId<DocumentId>(await documentIdOf(keys, chainLog)),
  }
  const stored = new Set(rows.map(({ hash }) => hash))
  const syncKeys = new Map<string, { readonly topic: string; readonly password: string }>()
  let handoverTopic: string | null = null
  let reports: readonly PracticeReport[] = []
  let place: SyncPlace | null = null
  /** When something was seen that claims to be an entry and is none. */
  let brokenAt: number | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let settling: Promise<void> | null = null
  let settleAgain = false
  let closed = false

  function viewNow(): PracticeView | null {
    const view = documents.peek(practiceDocId)
    return view?.kind === 'practice' ? view : null
  }

  function absorb(view: PracticeView): boolean {
    const texts = textsOf(view)
    if (texts.some((signed) => book.known(signed) === undefined)) {
      void book.verify(texts).then(() => {
        if (closed) return
        takeIn(viewNow() ?? view)
        options.changed()
      })
      return false
    }
    takeIn(view)
    return true
  }

  /** Everything in it was looked at. */
  function takeIn(view: PracticeView): void {
    let broken = false
    const good: SignedEntry[] = []
    for (const [id, { signed }] of view.chain) {
      const known = typeof signed === 'string' ? book.known(signed) : null
      if (known) good.push(known)
      if (known?.entry.hash !== id) broken = true
    }
    book.add(good)
    if (broken) brokenAt = options.now()
    reports = reportsOf(view, book, isBroken())
    void settle()
  }

  function isBroken(): boolean {
    return brokenAt !== null && Math.abs(options.now() - brokenAt) < brokenShownMs
  }

  function settle(): Promise<void> {
    if (settling) {
      settleAgain = true
      return settling
    }
    settling = (async () => {
      do {
        settleAgain = false
        await settleOnce().catch(() => undefined)
      } while (settleAgain && !closed)
    })().finally(() => {
      settling = null
    })
    return settling
  }

  async function storeNew(): Promise<void> {
    const unstored = [...book.all()].filter(({ entry }) => !stored.has(entry.hash))
    const epochs = await newEpochRows(database, deviceKey.key, book.history(), root, identity)
    if (unstored.length === 0 && epochs.length === 0) return
    await commit(database, { docId: '', sealed: null, chain: await rowsOf(unstored), keys: epochs })
    for (const { entry } of unstored) stored.add(entry.hash)
  }

  async function settleOnce(): Promise<void> {
    try {
      await storeNew()
    } finally {
      // A full disk must not keep this device where somebody who was removed still is.
      await findPlace()
    }
    const view = viewNow()
    if (closed || !view) return
    await putBack(view)
    await options.upkeep(keeper, view)
  }

  async function findPlace(): Promise<void> {
    const history = book.history()
    const held = await heldEpochs(database)
    const epoch = newestEpoch(history.roll, held)
    if (place && place.epoch === epoch && place.roll === history.roll && place.heldEpochs.size === held.size) return
    const name = epoch ?? ''
    if (!syncKeys.has(name) || handoverTopic === null) {
      await withSecrets(database, deviceKey.key, async (secrets) => {
        const [founding, key] = [secrets.get(null), secrets.get(epoch)]
        if (!founding || !key) return
        handoverTopic ??= (await deriveHandoverKeys(founding)).topic
        syncKeys.set(name, await deriveSyncKeys(key, epoch))
      })
    }
    const derived = syncKeys.get(name)
    if (closed || !derived || handoverTopic === null) return
    const epochs = epochsOf(history.roll)
    place = { device: identity, member: me, roll: history.roll, epoch, ...derived, handoverTopic, ...log, epochs, heldEpochs: held }
    options.changed()
  }

  /** Whoever takes entries out of the document, or writes something else in their place, does not get far. */
  async function putBack(view: PracticeView): Promise<void> {
    const missing = [...book.all()].filter(({ entry, signed }) => view.chain.get(entry.hash)?.signed !== signed)
    if (missing.length === 0) return
    if (missing.some(({ entry }) => view.chain.has(entry.hash))) brokenAt = options.now()
    await change((document) => {
      for (const { entry, signed } of missing) document.changeEntity(collections.chain, entry.hash, { signed })
    })
  }

  function change(run: (document: SharedDocument) => void): Promise<Result<void, SaveError>> {
    return documents.change(practiceDocId, (document) => {
      run(document)
      return ok({ value: undefined, housekeeping: true })
    })
  }

  async function rowsOf(entries: readonly SignedEntry[]): Promise<readonly ChainRow[]> {
    return Promise.all(entries.map(({ entry, signed }) => sealRow(keys, entry.hash, signed)))
  }

  async function actNow<T>(plan: (roll: Roll) => Promise<Result<Act<T>, SaveError>>): Promise<Result<T, SaveError>> {
    if (closed) return err('storage-failed')
    const roll = book.roll()
    const planned = await plan(roll)
    if (!planned.ok) return planned
    const { operations, value, also, keys: keyRows = [], housekeeping } = planned.value
    if (operations.length === 0) return ok(value)
    const refused = refusalsOf(roll, device, operations).find((reason) => reason !== null)
    if (refused) return err(refused === 'impossible' ? 'invalid' : 'not-allowed')
    const parents = foremostHeads(roll, maxParents)
    const { signed, hash } = await signEntry({ parents, at: Math.max(0, Math.floor(options.now())), operations }, identity)
    if (!(await book.trust(signed))) return err('invalid')
    const row = await sealRow(keys, hash, signed)
    const done = await documents.change(practiceDocId, (document) => {
      document.changeEntity(collections.chain, hash, { signed })
      also?.(document)
      return ok({ value, chain: [row], keys: keyRows, ...(housekeeping ? { housekeeping } : {}) })
    })
    if (done.ok) stored.add(hash)
    return done
  }

  const keeper: ChainKeeper = {
    device,
    identity,
    book,
    heldRooms: new Set(room ? [roomKeyOf(room)] : []),
    reports() {
      const view = viewNow()
      if (brokenAt === null || isBroken() || !view) return reports
      brokenAt = null
      reports = reportsOf(view, book, false)
      return reports
    },
    place: () => place,
    absorb,
    act(plan) {
      const acted = turn.then(() => actNow(plan)).catch((error: unknown) => err(saveErrorOf(error)))
      turn = acted
      return acted
    },
    async take(texts, fromStranger) {
      await book.verify(texts)
      const good = new Map<EntryHash, SignedEntry>()
      // Not if it came with the document and is in that alone, where any device of the practice can delete it.
      let isSafe = true
      for (const signed of texts) {
        const known = book.known(signed)
        if (!known) brokenAt = fromStranger ? brokenAt : options.now()
        else if (!book.get(known.entry.hash)) good.set(known.entry.hash, known)
        else isSafe &&= stored.has(known.entry.hash)
      }
      if (!isSafe) {
        try {
          await storeNew()
        } catch (error) {
          // They said that this device was removed, and the practice is gone from here.
          return closed ? ok(0) : err(saveErrorOf(error))
        }
        await settle()
      }
      const view = viewNow()
      if (view) reports = reportsOf(view, book, isBroken())
      const { order, roll } = book.history()
      const entries = [...good.values()].map(({ entry }) => entry)
      const kept = worthKeeping(roll, entries, [...book.all()].length - order.length)
      const fresh = kept.flatMap(({ hash }) => good.get(hash) ?? [])
      if (fresh.length === 0) return ok(0)
      const chain = await rowsOf(fresh)
      const done = await documents.change(practiceDocId, (document) => {
        for (const { entry, signed } of fresh) document.changeEntity(collections.chain, entry.hash, { signed })
        return ok({ value: fresh.length, chain, housekeeping: true })
      })
      if (!done.ok) return done
      for (const { entry } of fresh) stored.add(entry.hash)
      await settle()
      return done
    },
    change,
    settle,
    close() {
      closed = true
    },
  }
  takeIn(first)
  await settle()
  return keeper
}

export async function sealRow(keys: PracticeKeys, hash: EntryHash, signed: string): Promise<ChainRow> {
  return { hash, sealed: await seal(keys.content, placeOf(hash), utf8(signed)) }
}

async function openRow(keys: PracticeKeys, { hash, sealed }: ChainRow): Promise<string | null> {
  const plain = await open(keys.content, placeOf(hash), sealed)
  return plain && fromUtf8(plain)
}

function placeOf(hash: EntryHash): string {
  return `alcove/chain-row/1\n${hash}`
}

function textsOf(view: PracticeView): readonly string[] {
  return [...view.chain.values()].flatMap(({ signed }) => (typeof signed === 'string' ? [signed] : []))
}
