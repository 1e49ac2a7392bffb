import { type KitKeys, openKit } from '@alcove/shared/crypto/recovery-kit'
import { deviceTagOf } from '@alcove/shared/crypto/sealed-log'
import type { DeviceKey } from '@alcove/shared/domain/ids'
import type { LogStand } from '@alcove/shared/domain/log-reading'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { DeviceTag } from '@alcove/shared/domain/sealed-log'
import type { KitContents } from '@alcove/shared/protocol/kit-contents'
import type { KitPlace, RestoreStore } from '../../recovery-ports.ts'
import { createKitBook, type KitBook } from './kit-book.ts'
import { failureOf, type KitLine, type Refused } from './kit-line.ts'
import { readChain } from './read-log.ts'
import type { KitFailure } from './recovery-state.ts'

/** A kit that was opened: whose it is, and where its practice lies. */
export type OpenKit = { readonly contents: KitContents; readonly place: KitPlace; readonly tag: DeviceTag }

/** From the secret on the page to what the server keeps for it. */
export async function fetchKit(line: KitLine, keys: KitKeys, store: Pick<RestoreStore, 'place'>): Promise<Result<OpenKit, KitFailure>> {
  const reply = await line.ask({ type: 'get-kit', locator: keys.locator })
  if (!reply.ok) return err(failureOf(reply.error))
  const opened = await openKit(keys, reply.value.body)
  if (!opened.ok) return err(opened.error === 'newer' ? 'newer' : 'broken-kit')
  const contents = opened.value
  const place = await store.place(contents)
  if (!place) return err('broken-kit')
  return ok({ contents, place, tag: await deviceTagOf(place.device.publicKey as DeviceKey) })
}

/** The practice as the kit finds it, and where the log of its chain stands. `version`: of the access list. */
export type KitPractice = { readonly book: KitBook; readonly chain: LogStand; readonly version: number }

export type EnterFailure = { readonly reason: KitFailure; readonly refused: Refused | null }

/** Goes in as the kit's device and reads who belongs to the practice. */
export async function readPractice(line: KitLine, { contents, place, tag }: OpenKit): Promise<Result<KitPractice, EnterFailure>> {
  const entered = await line.enter(place.space, place.device)
  if (!entered.ok) return err({ reason: failureOf(entered.error), refused: entered.error })
  const book = await createKitBook(contents, place.device)
  const chain = await readChain(line, book, { space: place.space, log: place.chainLog }, tag, contents.foundingDevice)
  const failed = chain.ok ? standingOf(book, place.device.publicKey as DeviceKey) : chain.error
  if (!chain.ok || failed) {
    book.wipe()
    return err({ reason: failed ?? 'incomplete', refused: null })
  }
  return ok({ book, chain: chain.value, version: entered.value })
}

/** Null: the kit is one of the practice's devices. */
function standingOf(book: KitBook, kit: DeviceKey): KitFailure | null {
  const roll = book.history()?.roll
  if (!roll) return 'incomplete'
  if (roll.removedDevices.has(kit)) return 'revoked'
  return roll.devices.has(kit) ? null : 'incomplete'
}
