import { answerHandover, openBatches } from '@alcove/shared/crypto/handover'
import { generateEpoch, openEpochKey, sealEpochKey, sharesFor, signEntry, verifyEntry } from '@alcove/shared/crypto/chain'
import { deriveHandoverKeys, deriveSyncKeys, openHandover, sealHandover } from '@alcove/shared/crypto/practice-keys'
import { spaceIdOf } from '@alcove/shared/crypto/log-keys'
import type { DeviceKey, DocumentId, EntryHash, EpochId } from '@alcove/shared/domain/ids'
import type { ChainEntry, Operation, Roll } from '@alcove/shared/domain/practice-chain'
import { epochsOf, type History, historyOf, mayDo, needsTending, pastKeyToShare, sealedTo } from '@alcove/shared/domain/practice-roll'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { EntryContents } from '@alcove/shared/protocol/sync-messages'
import * as Y from 'yjs'
import { createLogShelf } from '../log/fake-log-keeping.ts'
import { bringsNews } from './sim-news.ts'
import type { Sabotage, SimStore } from './sim-store-types.ts'
import { batchesOf } from '../../../pwa/src/adapters/schedule/epoch-keys.ts'
import { chainLog, practiceDocument, type SimDisk } from './sim-disk.ts'
import type { Clock, SaveError } from '../../../pwa/src/ports.ts'
import type { ChainStore, DocumentChange, SyncPlace, SyncStore } from '../../../pwa/src/sync-ports.ts'
import { covers } from '../../../pwa/src/features/sync/state-vector.ts'

type Bytes = Uint8Array<ArrayBuffer>

export type SimStoreOptions = {
  readonly disk: SimDisk
  readonly clock: Clock
  /** How long the disk takes for the next write, ms. */
  readonly latencyMs: () => number
  /** A Yjs client id that no other document has. */
  readonly nextClient: () => number
  readonly sabotage: Sabotage
}

/**
 * A device's store in memory: real Yjs documents and the real chain, a disk that takes its time, and a process that may
 * end between any two steps. Durable is what was committed, whether or not anybody was told.
 */
export function createSimStore(options: SimStoreOptions): SimStore {
  const { disk, clock } = options
  const me = disk.device.publicKey as DeviceKey
  const docs = new Map<DocumentId, Y.Doc>()
  const verified = new Map<string, ChainEntry | null>()
  const signedByHash = new Map<EntryHash, string>()
  const keys = new Map<EpochId | null, Bytes>([...(disk.givenKeys ?? []), [null, disk.foundingKey]])
  const placeListeners = new Set<(place: SyncPlace | null) => void>()
  const updateListeners = new Set<(change: DocumentChange) => void>()
  const unsyncedListeners = new Set<(count: number) => void>()
  let history: History | null = null
  let place: SyncPlace | null = null
  /** The practice keys that it knew of when it was given what it is storing now. */
  let knew: SyncPlace['epochs'] = [null]
  let writing: Promise<unknown> = Promise.resolve()
  let reading: Promise<void> = Promise.resolve()
  const handoverKeys = deriveHandoverKeys(disk.foundingKey)

  // --- documents ---------------------------------------------------------------------------------------------------

  function doc(document: DocumentId): Y.Doc {
    const known = docs.get(document)
    if (known) return known
    const made = new Y.Doc()
    made.clientID = options.nextClient()
    made.getMap('tokens').observe((event) => {
      for (const token of event.keysChanged) if (!disk.seen.has(token)) disk.seen.set(token, knew)
    })
    for (const row of disk.rows) if (row.document === document) Y.applyUpdateV2(made, row.update)
    docs.set(document, made)
    return made
  }

  /** One after the other. Durable first, then told; the process may end in between. */
  function commit(document: DocumentId, makeUpdate: () => Bytes | null, from: 'here' | 'sync'): Promise<Result<void, SaveError>> {
    const knows = place?.epochs ?? [null]
    const done = writing.then(async (): Promise<Result<void, SaveError>> => {
      const update = makeUpdate()
      if (!update) return ok(undefined)
      // So late that a whole conversation fits in between.
      await passes(options.sabotage === 'ack-before-durable' && from === 'sync' ? 10_000 : options.latencyMs())
      if (disk.erased) return err('storage-failed')
      if (disk.isFull) return err('storage-full')
      disk.rows.push({ i: disk.nextRow++, document, update })
      knew = knows
      Y.applyUpdateV2(doc(document), update)
      if (from === 'here') disk.own.push({ document, vector: Y.encodeStateVectorFromUpdateV2(update) as Bytes })
      await passes(options.latencyMs() / 4)
      for (const listener of [...updateListeners]) listener({ document, update, from })
      if (from === 'here') tellUnsynced()
      if (document === practiceDocument) await readChain()
      return ok(undefined)
    })
    writing = done.catch(() => undefined)
    return done
  }

  function passes(ms: number): Promise<void> {
    return new Promise((resolve) => void clock.after(ms, resolve))
  }

  /** On a copy, since the document itself shows only what is durable. */
  function change(document: DocumentId, run: (copy: Y.Doc) => void): Promise<Result<void, SaveError>> {
    return commit(
      document,
      () => {
        const copy = new Y.Doc()
        copy.clientID = options.nextClient()
        Y.applyUpdateV2(copy, Y.encodeStateAsUpdateV2(doc(document)))
        let captured: Bytes | null = null
        copy.on('updateV2', (update: Uint8Array) => {
          captured = Uint8Array.from(update)
        })
        copy.transact(() => run(copy))
        return captured
      },
      'here',
    )
  }

  function apply(document: DocumentId, update: Bytes): Promise<Result<void, SaveError | 'broken'>> {
    const isNews = bringsNews(doc(document), update)
    if (isNews === null) return Promise.resolve(err('broken'))
    if (!isNews) return Promise.resolve(ok(undefined))
    const applied = commit(document, () => update, 'sync')
    if (options.sabotage !== 'ack-before-durable') return applied
    Y.applyUpdateV2(doc(document), update)
    return Promise.resolve(ok(undefined))
  }

  function countUnsynced(): number {
    return disk.own.length
  }

  function tellUnsynced(): void {
    for (const listener of [...unsyncedListeners]) listener(countUnsynced())
  }

  // --- the chain -----------------------------------------------------------------------------------------------------

  function signedTexts(): string[] {
    const texts = [...disk.chain]
    for (const entity of doc(practiceDocument).getMap('chain').values()) {
      const signed = entity instanceof Y.Map ? entity.get('signed') : null
      if (typeof signed === 'string') texts.push(signed)
    }
    return texts
  }

  function readChain(): Promise<void> {
    reading = reading.then(readChainNow)
    return reading
  }

  async function readChainNow(): Promise<void> {
    if (disk.erased) return
    for (const signed of signedTexts()) {
      if (verified.has(signed)) continue
      const entry = await check(signed)
      verified.set(signed, entry)
      if (!entry) continue
      signedByHash.set(entry.hash, signed)
      disk.chain.add(signed)
    }
    const entries = [...verified.values()].filter((entry) => entry !== null)
    history = historyOf(entries, disk.root)
    if (!history) return
    for (const { epoch, sealed } of sealedTo(history.order, me)) {
      if (keys.has(epoch)) continue
      const key = await openEpochKey(sealed, { root: disk.root, epoch }, disk.device)
      if (key) keys.set(epoch, key)
    }
    if (history.roll.removedDevices.has(me) && !disk.isStolen) return erase()
    const before = place
    place = await placeOf(history)
    const isSame = before && before.epoch === place.epoch && before.roll.heads.join() === place.roll.heads.join()
    if (!isSame) for (const listener of [...placeListeners]) listener(place)
  }

  async function check(signed: string): Promise<ChainEntry | null> {
    const good = await verifyEntry(signed)
    if (good || options.sabotage !== 'believe-signatures') return good
    try {
      const contents: Omit<ChainEntry, 'hash'> = JSON.parse(Buffer.from(signed.split('.')[0] ?? '', 'base64url').toString())
      return { ...contents, hash: signed.slice(0, 43) as EntryHash }
    } catch {
      return null
    }
  }

  async function placeOf({ roll }: History): Promise<SyncPlace> {
    const foundingDevice = history?.order[0]?.by ?? me
    const epochs = epochsOf(roll)
    const epoch = epochs.findLast((one) => keys.has(one)) ?? null
    const key = options.sabotage === 'keep-the-topic' ? null : epoch
    const { topic, password } = await deriveSyncKeys(keys.get(key) ?? disk.foundingKey, key)
    const seen = options.sabotage === 'believe-fields' ? { ...roll, ...believedFields() } : roll
    return {
      device: disk.device,
      member: disk.member,
      roll: disk.isStolen ? stillIn(seen, epoch) : seen,
      epoch,
      topic,
      password,
      handoverTopic: (await handoverKeys).topic,
      root: disk.root,
      foundingDevice,
      space: await spaceIdOf(disk.root, foundingDevice),
      chainLog,
      epochs,
      heldEpochs: new Set([...keys.keys()].filter((one) => one !== null)),
    }
  }

  /** As if nobody had ever been removed, and the key that it has were the one that counts. */
  function stillIn(roll: Roll, epoch: EpochId | null): Roll {
    if (!roll.removedDevices.has(me)) return roll
    const devices = new Map(roll.devices).set(me, { key: me, member: disk.member, label: 'stolen', addedAt: 0, addedBy: me, line: me })
    return { ...roll, removedDevices: new Map(), devices, epoch: epoch && { id: epoch, holders: new Set(devices.keys()) } }
  }

  function believedFields() {
    const tier = doc(practiceDocument).getMap('settings').get('telehealth')
    return tier === 'premium' ? { telehealth: 'premium' as const } : {}
  }

  function erase(): void {
    disk.erased = true
    disk.rows = []
    disk.own = []
    disk.chain.clear()
    disk.shelf = createLogShelf()
    docs.clear()
    place = null
    history = null
    for (const listener of [...placeListeners]) listener(null)
  }

  async function addEntries(signed: readonly string[], from: 'here' | 'sync'): Promise<Result<number, SaveError>> {
    const known = new Set(signedTexts())
    const fresh = await Promise.all(
      [...new Set(signed)].filter((text) => !known.has(text)).map(async (text) => ({ text, entry: await check(text) })),
    )
    const good = fresh.filter(({ entry }) => entry !== null)
    if (good.length === 0) return ok(0)
    const copyInto = (copy: Y.Doc) => {
      const chain = copy.getMap('chain')
      for (const { text, entry } of good) if (entry && !chain.has(entry.hash)) chain.set(entry.hash, new Y.Map([['signed', text]]))
    }
    const stored = from === 'here' ? await change(practiceDocument, copyInto) : await takeOver(copyInto)
    return stored.ok ? ok(good.length) : stored
  }

  function takeOver(run: (copy: Y.Doc) => void): Promise<Result<void, SaveError>> {
    return commit(
      practiceDocument,
      () => {
        const copy = new Y.Doc()
        copy.clientID = options.nextClient()
        Y.applyUpdateV2(copy, Y.encodeStateAsUpdateV2(doc(practiceDocument)))
        const before = Y.encodeStateVector(copy)
        copy.transact(() => run(copy))
        const update = Y.encodeStateAsUpdateV2(copy, before) as Bytes
        return Y.decodeUpdateV2(update).structs.length > 0 ? update : null
      },
      'sync',
    )
  }

  async function act(operations: readonly Operation[]): Promise<Result<void, SaveError>> {
    const roll = history?.roll
    if (!roll || operations.length === 0) return err('not-allowed')
    if (operations[0] && operations[0].type !== 'rekey' && mayDo(roll, me, operations[0]) !== null) return err('not-allowed')
    const { signed } = await signEntry(
      { parents: roll.heads.slice(0, 8), at: clock.now(), operations: [...operations] as EntryContents['operations'] },
      disk.device,
    )
    const added = await addEntries([signed], 'here')
    return added.ok ? ok(undefined) : added
  }

  async function rekey(without: ReadonlySet<DeviceKey>): Promise<Operation> {
    const { epoch, key } = await generateEpoch()
    const devices = [...(history?.roll.devices.keys() ?? [])].filter((device) => !without.has(device))
    return { type: 'rekey', epoch, keys: await sealEpochKey(key, { root: disk.root, epoch }, devices) }
  }

  async function share(device: DeviceKey): Promise<readonly Operation[]> {
    return history ? sharesFor(history.roll, keys, disk.root, device) : []
  }

  function source() {
    if (!history || !place) return null
    return {
      root: disk.root,
      history,
      signedOf: (hash: EntryHash) => signedByHash.get(hash),
      keyOf: (epoch: EpochId | null) => keys.get(epoch),
    }
  }

  // --- the ports -----------------------------------------------------------------------------------------------------

  const sync: SyncStore = {
    watchPlace(listener) {
      placeListeners.add(listener)
      listener(place)
      return () => void placeListeners.delete(listener)
    },
    practiceDocument: () => practiceDocument,
    async changedSince(mark) {
      const rows = options.sabotage === 'exchange-nothing-again' ? [] : disk.rows.filter(({ i }) => i > mark)
      return { documents: [...new Set(rows.map(({ document }) => document))], mark: disk.nextRow - 1 }
    },
    openDocuments: () => [],
    vector: async (document) => Y.encodeStateVector(doc(document)) as Bytes,
    updateFor: async (document, vector) => Y.encodeStateAsUpdateV2(doc(document), vector ?? undefined) as Bytes,
    apply,
    watchUpdates(listener) {
      updateListeners.add(listener)
      return () => void updateListeners.delete(listener)
    },
    peers: async () => [...disk.peers.values()],
    async notePeer(device, change) {
      const before = disk.peers.get(device) ?? { device, mark: 0, heardAt: null }
      await passes(options.latencyMs())
      disk.peers.set(device, { ...before, ...disk.peers.get(device), ...change })
    },
    async confirm(document, vector) {
      const left = disk.own.filter((own) => own.document !== document || !covers(vector, own.vector))
      if (left.length === disk.own.length) return
      disk.own = left
      tellUnsynced()
    },
    watchUnsynced(listener) {
      unsyncedListeners.add(listener)
      listener(countUnsynced())
      return () => void unsyncedListeners.delete(listener)
    },
  }

  const chain: ChainStore = {
    byEpoch: async () => (history ? batchesOf(history, (hash) => signedByHash.get(hash)) : []),
    async entries() {
      if (!history) return []
      const texts = source()
      return history.order.flatMap(({ hash }) => texts?.signedOf(hash) ?? [])
    },
    take: (entries) => addEntries(entries, 'sync'),
    async have() {
      if (!place) return null
      return sealHandover(await handoverKeys, { type: 'have', device: me, epoch: place.epoch, heads: [...place.roll.heads] })
    },
    openHandover: async (sealed) => openHandover(await handoverKeys, sealed),
    async answer(have) {
      const from = source()
      return from && answerHandover(from, await handoverKeys, have)
    },
    async takeBatches(batches) {
      const from = source()
      if (!from) return ok(0)
      const added = await addEntries(await openBatches(batches, { ...from, device: disk.device }), 'sync')
      let isNew = false
      for (const { epoch, key: sealed } of batches) {
        if (!epoch || !sealed || keys.has(epoch) || !history?.roll.epochs.has(epoch)) continue
        const key = await openEpochKey(sealed, { root: disk.root, epoch }, disk.device)
        if (!key) continue
        keys.set(epoch, key)
        isNew = true
      }
      if (isNew) await readChain()
      return added
    },
    async tend(hasWaited = false) {
      const newest = history?.roll.epoch
      const isKeyLost = newest ? !keys.has(newest.id) && (hasWaited || newest.holders.has(me)) : false
      const held = new Set([...keys.keys()].filter((one) => one !== null))
      const need = history && (needsTending(history.roll, me, isKeyLost) ?? pastKeyToShare(history.roll, me, held))
      if (!need) return ok(undefined)
      const without = new Set([...(history?.roll.devices.keys() ?? [])].filter((device) => !need.devices.includes(device)))
      if (need.type === 'rekey') return act([await rekey(without)])
      const key = keys.get(need.epoch)
      if (!key) return ok(undefined)
      return act([
        { type: 'share-key', epoch: need.epoch, keys: await sealEpochKey(key, { root: disk.root, epoch: need.epoch }, need.devices) },
      ])
    },
  }

  const opening = readChain()
  return {
    sync,
    chain,
    place: () => place,
    history: () => history,
    secrets: keys,
    unsynced: countUnsynced,
    document: doc,
    change,
    act,
    rekey,
    share,
    opened: () => opening,
  }
}
