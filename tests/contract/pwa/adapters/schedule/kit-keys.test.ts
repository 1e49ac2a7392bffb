import { fromBase64Url } from '@alcove/shared/crypto/bytes'
import { importKeyPair } from '@alcove/shared/crypto/identity'
import { deriveKitKeys, openKit } from '@alcove/shared/crypto/recovery-kit'
import { describe, expect, it } from 'vitest'
import type { Store } from '../../../../../pwa/src/adapters/schedule/open-store.ts'
import { createKitBook } from '../../../../../pwa/src/features/recovery/kit-book.ts'
import type { KitDraft } from '../../../../../pwa/src/recovery-ports.ts'
import { noon } from '../../../../support/crypto-people.ts'
import { wholeBackends } from '../../../../support/store/backends.ts'
import { invite, keyOf, placeOf, useDevices } from '../../../../support/store/devices.ts'
import { accepted } from '../../../../support/store/examples.ts'

describe.each(wholeBackends)('a recovery kit $name', ({ createDevice }) => {
  const { device, founder } = useDevices(() => createDevice(() => noon))

  async function removeAnother(laptop: Store): Promise<void> {
    const other = await invite(laptop, device(), { kind: 'own-device' })
    accepted(await laptop.people.removeDevice(await keyOf(other)))
  }

  /** Which practice keys somebody finds with nothing but the kit's words, what the server keeps, and the chain. */
  async function keysWith(laptop: Store, { secret, device: kit, sealed }: KitDraft): Promise<ReadonlySet<string | null>> {
    const opened = accepted(await openKit(await deriveKitKeys(secret), sealed))
    const pair = await importKeyPair(fromBase64Url(opened.device) ?? new Uint8Array())
    expect(pair.publicKey).toBe(kit)
    const book = await createKitBook(opened, pair)
    await book.add(await laptop.chain.entries())
    return new Set(book.keys().keys())
  }

  async function makeKit(laptop: Store): Promise<KitDraft> {
    const draft = await laptop.kits.prepare()
    if (!draft) throw new Error('No kit')
    accepted(await laptop.kits.keep(draft))
    return draft
  }

  it('leads to every practice key that there was and that comes later: nobody else may be left to give them', async () => {
    const laptop = await founder()
    await removeAnother(laptop)
    await removeAnother(laptop)
    const first = await makeKit(laptop)
    const before = await placeOf(laptop, ({ epochs }) => epochs.length === 3)
    expect(await keysWith(laptop, first)).toEqual(new Set(before.epochs))
    await removeAnother(laptop)
    const after = await placeOf(laptop, ({ epochs }) => epochs.length === 4)
    expect(await keysWith(laptop, first)).toEqual(new Set(after.epochs))
    // The next kit revokes this one, which makes another key.
    const second = await makeKit(laptop)
    const last = await placeOf(laptop, ({ epochs }) => epochs.length === 5)
    expect(await keysWith(laptop, second)).toEqual(new Set(last.epochs))
    expect(await keysWith(laptop, first)).toEqual(new Set(after.epochs))
  })
})
