import { fromBase64Url } from '@alcove/shared/crypto/bytes'
import { epochIdOf, openEpochKey, verifyEntry } from '@alcove/shared/crypto/chain'
import type { LogWriters } from '@alcove/shared/crypto/log-batch'
import { deriveLogKey } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf } from '@alcove/shared/crypto/sealed-log'
import type { DeviceKey, EntryHash, EpochId } from '@alcove/shared/domain/ids'
import type { ChainEntry } from '@alcove/shared/domain/practice-chain'
import { epochsOf, type History, historyOf, sealedTo } from '@alcove/shared/domain/practice-roll'
import type { DeviceTag } from '@alcove/shared/domain/sealed-log'
import type { KitContents } from '@alcove/shared/protocol/kit-contents'
import type { KeyPair } from '../../ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** The practice as somebody sees it who has nothing but a kit: its chain, and the keys that were sealed to the kit in it. */
export type KitBook = {
  /** Keeps those that verify. True when something was new. */
  add(texts: readonly string[]): Promise<boolean>
  /** Null before the founding entry has come. */
  history(): History | null
  /** In order. */
  signed(): readonly string[]
  keys(): ReadonlyMap<EpochId | null, Bytes>
  /** In the chain's order, the founding one (null) first. */
  epochs(): readonly (EpochId | null)[]
  readonly writers: LogWriters
  wipe(): void
}

export async function createKitBook(contents: KitContents, device: KeyPair): Promise<KitBook> {
  const { root, foundingDevice } = contents
  const entries = new Map<EntryHash, { readonly entry: ChainEntry; readonly text: string }>()
  const keys = new Map<EpochId | null, Bytes>([[null, fromBase64Url(contents.foundingKey) ?? new Uint8Array(0)]])
  const devices = new Map<DeviceTag, { readonly device: DeviceKey; readonly removed: boolean }>()
  const contentKeys = new Map<string, ReturnType<typeof deriveLogKey>>()
  let history: History | null = null
  for (const text of contents.laterKeys) {
    const key = fromBase64Url(text)
    if (key?.length === 32) keys.set(await epochIdOf(key), key)
  }
  // Whose records come before anything is known of the practice.
  devices.set(await deviceTagOf(foundingDevice), { device: foundingDevice, removed: false })

  async function learn(now: History): Promise<void> {
    const { roll } = now
    for (const key of [...roll.refusedDevices, ...roll.removedDevices.keys()])
      devices.set(await deviceTagOf(key), { device: key, removed: true })
    for (const key of roll.devices.keys()) devices.set(await deviceTagOf(key), { device: key, removed: false })
    for (const { epoch, sealed } of sealedTo(now.order, device.publicKey as DeviceKey)) {
      const key = keys.has(epoch) ? null : await openEpochKey(sealed, { root, epoch }, device)
      if (key) keys.set(epoch, key)
    }
  }

  return {
    async add(texts) {
      const before = entries.size
      for (const text of texts) {
        const entry = await verifyEntry(text)
        if (entry) entries.set(entry.hash, { entry, text })
      }
      if (entries.size === before) return false
      history = historyOf(
        [...entries.values()].map(({ entry }) => entry),
        root,
      )
      if (history) await learn(history)
      return true
    },
    history: () => history,
    signed: () => history?.order.flatMap(({ hash }) => entries.get(hash)?.text ?? []) ?? [],
    keys: () => keys,
    epochs: () => (history ? epochsOf(history.roll) : [null]),
    writers: {
      find: (tag) => devices.get(tag) ?? null,
      async contentKey(epoch, writer) {
        const key = keys.get(epoch)
        if (!key) return null
        const name = `${epoch ?? ''} ${writer}`
        const made = contentKeys.get(name) ?? deriveLogKey(key, epoch, writer)
        contentKeys.set(name, made)
        return made
      },
    },
    wipe() {
      for (const key of keys.values()) key.fill(0)
    },
  }
}
