import { signEntry } from '@alcove/shared/crypto/chain'
import type { DeviceKey, EntryHash, MemberId, PracticeId } from '@alcove/shared/domain/ids'
import type { Operation } from '@alcove/shared/domain/practice-chain'
import type { Role, TelehealthTier } from '@alcove/shared/domain/practice'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { KeyPair } from '../../ports.ts'
import type { PracticeKeys } from './at-rest.ts'
import { sealRow } from './chain-keeper.ts'
import { commitFounding, type Database, type KeyRow } from './database.ts'
import type { SharedDocument } from './documents.ts'
import { makeKey, storedPair } from './host-keys.ts'
import { buildDocument, rowsOf, sealUpdate } from './log.ts'
import { readMember, readPractice } from './stored.ts'
import { collections } from './views.ts'

export type Founding = {
  readonly practice: PracticeId
  readonly telehealth: TelehealthTier
  readonly members: readonly { readonly id: MemberId; readonly name: string; readonly roles: readonly Role[] }[]
  readonly me: MemberId
  readonly roomKey: string | null
  /** What this device calls itself. */
  readonly label: string
}

/** The first entry: everything as it is, with this device as the founder's. */
export function signFounding(
  founding: Founding,
  at: number,
  device: KeyPair,
): Promise<{ readonly signed: string; readonly hash: EntryHash }> {
  const { practice, telehealth, members, me, roomKey, label } = founding
  const operations: Operation[] = [
    { type: 'found', practice },
    ...members.map(({ id, name, roles }) => ({ type: 'add-member', member: id, name, roles }) as const),
    { type: 'add-device', device: device.publicKey as DeviceKey, member: me, label },
    { type: 'change-telehealth', tier: telehealth },
  ]
  if (roomKey !== null) operations.push({ type: 'set-room', member: me, roomKey })
  return signEntry({ parents: [], at: Math.max(0, Math.floor(at)), operations }, device)
}

export type FoundingStore = {
  readonly database: Database
  readonly deviceKey: CryptoKey
  readonly keys: PracticeKeys
  readonly practiceDocId: string
  readonly me: MemberId
  readonly label: string
  readonly now: () => number
}

/**
 * A practice that the first version made gets its chain: tier, members, roles and room as the document has them now, the
 * last time that it decides them. Rooms and link keys stay, so that links keep working.
 */
export async function foundOnce(store: FoundingStore): Promise<Result<void, 'unreadable'>> {
  const { database, deviceKey, keys, practiceDocId, me, label, now } = store
  if (await database.keys.get('root')) return ok(undefined)
  const rows = (await rowsOf(database, [practiceDocId])).get(practiceDocId) ?? []
  const { document } = await buildDocument(keys, rows)
  try {
    const founding = readFounding(document, me)
    if (!founding) return err('unreadable')
    const kept = await storedPair(database, deviceKey, 'identity')
    const fresh = kept ? null : await makeKey(deviceKey, 'identity')
    const device = kept ?? fresh?.pair
    if (!device) return err('unreadable')
    const { signed, hash } = await signFounding({ ...founding, label }, now(), device)
    const update = document.capture(() => document.changeEntity(collections.chain, hash, { signed }))
    const keyRows: KeyRow[] = [{ name: 'root', root: hash }, ...(fresh ? [fresh.row] : [])]
    fresh?.secret.fill(0)
    await commitFounding(database, {
      docId: practiceDocId,
      sealed: update && (await sealUpdate(keys, practiceDocId, 'update', update)),
      chain: [await sealRow(keys, hash, signed)],
      keys: keyRows,
    })
    return ok(undefined)
  } finally {
    document.close()
  }
}

function readFounding(document: SharedDocument, me: MemberId): Omit<Founding, 'label'> | null {
  const practice = readPractice(document.settings(collections.practice))
  const members = [...document.entities(collections.members)].flatMap(([id, fields]) => readMember(id, fields) ?? [])
  const mine = members.find(({ id }) => id === me)
  if (!practice || !mine) return null
  return { practice: practice.id, telehealth: practice.telehealth, members, me, roomKey: mine.roomKey }
}
