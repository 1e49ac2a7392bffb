import { asId, type DeviceKey } from '@alcove/shared/domain/ids'
import * as Y from 'yjs'
import { openStore, type Store } from '../../../../pwa/src/adapters/schedule/open-store.ts'
import { collections } from '../../../../pwa/src/adapters/schedule/views.ts'
import type { SyncPlace } from '../../../../pwa/src/sync-ports.ts'

/** A changed program in a member's browser, beside the app: it has the device's own store and does with it what it likes. */

let opened: Promise<Store> | null = null

async function open(): Promise<Store> {
  const store = await openStore({ now: Date.now })
  if (!store.ok) throw new Error(store.error)
  return store.value
}

function placeOf(store: Store): Promise<SyncPlace> {
  return new Promise((resolve) => {
    const stop = store.sync.watchPlace((place) => {
      if (place === null) return
      resolve(place)
      queueMicrotask(() => stop())
    })
  })
}

/** Writes a tier into the practice document, without a signature, and lets it be synced. */
export async function forgeTier(tier: string): Promise<void> {
  opened ??= open()
  const { sync } = await opened
  const id = sync.practiceDocument()
  const document = new Y.Doc()
  Y.applyUpdateV2(document, await sync.updateFor(id, null))
  const before = Y.encodeStateVector(document)
  document.getMap(collections.practice).set('telehealth', tier)
  const written = await sync.apply(id, new Uint8Array(Y.encodeStateAsUpdateV2(document, before)))
  if (!written.ok) throw new Error(written.error)
}

/** What nobody outside the practice may ever see: keys as text, and the signaling password made of them. */
export async function secrets(): Promise<readonly string[]> {
  opened ??= open()
  const store = await opened
  const place = await placeOf(store)
  const stranger = await store.pairing.newDevice()
  const welcome = await store.pairing.admit({ kind: 'own-device' }, asId<DeviceKey>(stranger.publicKey), 'Nobody')
  if (!welcome.ok) throw new Error(welcome.error)
  const { foundingKey, epochKeys, room } = welcome.value
  return [place.password, foundingKey, ...epochKeys.map(({ key }) => key), ...(room === null ? [] : [room])]
}
