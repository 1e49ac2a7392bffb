import { openEpochKey, sealEpochKey } from '@alcove/shared/crypto/chain'
import { answerHandover, openBatches } from '@alcove/shared/crypto/handover'
import { deriveHandoverKeys, openHandover, sealHandover } from '@alcove/shared/crypto/practice-keys'
import type { EpochId } from '@alcove/shared/domain/ids'
import type { Roll } from '@alcove/shared/domain/practice-chain'
import { foremostHeads, maxHeadsSaid, needsTending, pastKeyToShare } from '@alcove/shared/domain/practice-roll'
import { err, ok } from '@alcove/shared/domain/result'
import type { ChainStore } from '../../sync-ports.ts'
import type { ChainKeeper } from './chain-keeper.ts'
import { commit, type Database, type KeyRow, saveErrorOf } from './database.ts'
import type { DeviceKey } from './device-key.ts'
import { batchesOf, epochRow, heldEpochs, isUnreadable, type PracticeSecrets, withSecrets } from './epoch-keys.ts'
import type { Home } from './home.ts'
import { newKeyFor } from './people-repository.ts'

/** The chain for the other devices of the practice, also for those that missed a new practice key. */
export function createChainStore(database: Database, deviceKey: DeviceKey, home: Home): ChainStore {
  const lend = <T>(use: (secrets: PracticeSecrets) => Promise<T>) => withSecrets(database, deviceKey.key, use)

  const handoverKeys = (secrets: PracticeSecrets) => {
    const founding = secrets.get(null)
    return founding ? deriveHandoverKeys(founding) : null
  }

  /** Keys that came sealed to this device beside a batch, of practice keys that the chain knows. Each is the one that its name says. */
  async function keysBeside(
    chain: ChainKeeper,
    batches: readonly { readonly epoch: EpochId | null; readonly key: string | null }[],
  ): Promise<readonly KeyRow[]> {
    const held = new Set(await heldEpochs(database))
    const known = chain.book.roll().epochs
    const rows: KeyRow[] = []
    for (const { epoch, key: sealed } of batches) {
      if (epoch === null || sealed === null || held.has(epoch) || !known.has(epoch)) continue
      const key = await openEpochKey(sealed, { root: chain.book.root, epoch }, chain.identity)
      if (!key) continue
      rows.push(await epochRow(deviceKey.key, epoch, key))
      key.fill(0)
      held.add(epoch)
    }
    return rows
  }

  async function isKeyLost(chain: ChainKeeper, hasWaited: boolean): Promise<boolean> {
    const history = chain.book.history()
    const epoch = history.roll.epoch?.id
    if (epoch === undefined || (await heldEpochs(database)).has(epoch)) return false
    return hasWaited || isUnreadable(epoch, history, chain.book.root, chain.identity)
  }

  return {
    async byEpoch() {
      const book = home.current()?.chain.book
      return book ? batchesOf(book.history(), (hash) => book.get(hash)?.signed) : []
    },
    async entries() {
      const chain = home.current()?.chain
      return chain ? chain.book.history().order.flatMap(({ hash }) => chain.book.get(hash)?.signed ?? []) : []
    },
    async take(entries, fromStranger = false) {
      const practice = home.current()
      return practice ? practice.chain.take(entries, fromStranger) : err('not-allowed')
    },
    async have() {
      const chain = home.current()?.chain
      const place = chain?.place()
      if (!chain || !place) return null
      return lend(async (secrets) => {
        const keys = await handoverKeys(secrets)
        const heads = foremostHeads(place.roll, maxHeadsSaid)
        return keys && sealHandover(keys, { type: 'have', device: chain.device, epoch: place.epoch, heads: [...heads] })
      })
    },
    openHandover: (sealed) =>
      lend(async (secrets) => {
        const keys = await handoverKeys(secrets)
        return keys && openHandover(keys, sealed)
      }),
    async answer(have) {
      const chain = home.current()?.chain
      if (!chain || have.device === chain.device) return null
      return lend(async (secrets) => {
        const keys = await handoverKeys(secrets)
        if (!keys) return null
        const { root, get, history } = chain.book
        const source = {
          root,
          history: history(),
          signedOf: (hash: Parameters<typeof get>[0]) => get(hash)?.signed,
          keyOf: (epoch: EpochId | null) => secrets.get(epoch),
        }
        return answerHandover(source, keys, have)
      })
    },
    async takeBatches(batches) {
      const chain = home.current()?.chain
      if (!chain) return err('not-allowed')
      try {
        const opened = await lend((secrets) =>
          openBatches(batches, { root: chain.book.root, device: chain.identity, keyOf: (epoch) => secrets.get(epoch) }),
        )
        const taken = await chain.take(opened, true)
        const keys = taken.ok ? await keysBeside(chain, batches) : []
        if (keys.length > 0) await commit(database, { docId: '', sealed: null, keys })
        if (keys.length > 0) await chain.settle()
        return taken
      } catch (error) {
        return err(saveErrorOf(error))
      }
    },
    async tend(hasWaited = false) {
      const chain = home.current()?.chain
      if (!chain) return ok(undefined)
      const needNow = async (roll: Roll) =>
        needsTending(roll, chain.device, await isKeyLost(chain, hasWaited)) ??
        pastKeyToShare(roll, chain.device, chain.place()?.heldEpochs ?? new Set())
      if (!(await needNow(chain.book.roll()))) return ok(undefined)
      const acted = await chain.act(async (roll) => {
        const need = await needNow(roll)
        if (!need) return ok({ operations: [], value: undefined })
        if (need.type === 'rekey') {
          const { operations, keys } = await newKeyFor(chain, deviceKey, need.devices)
          return ok({ operations, keys, value: undefined, housekeeping: true })
        }
        const { epoch, devices } = need
        const keys = await lend(async (secrets) => {
          const key = secrets.get(epoch)
          return key ? sealEpochKey(key, { root: chain.book.root, epoch }, devices) : null
        })
        const operations = keys ? [{ type: 'share-key', epoch, keys } as const] : []
        return ok({ operations, value: undefined, housekeeping: true })
      })
      if (acted.ok) await chain.settle()
      return acted
    },
  }
}
