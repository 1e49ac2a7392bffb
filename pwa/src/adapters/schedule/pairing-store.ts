import { type Bytes, fromBase64Url, randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import { epochIdOf, sharesFor, signEntry, verifyEntry } from '@alcove/shared/crypto/chain'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { generateLinkKey } from '@alcove/shared/crypto/link'
import type { DeviceKey, MemberId } from '@alcove/shared/domain/ids'
import type { ChainEntry, Roll, RollMember } from '@alcove/shared/domain/practice-chain'
import { may } from '@alcove/shared/domain/practice'
import { foremostHeads, rollOf } from '@alcove/shared/domain/practice-roll'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { maxParents, type WelcomeContents } from '@alcove/shared/protocol/sync-messages'
import type { KeyPair, SaveError } from '../../ports.ts'
import type { InvitationTarget, PairingStore } from '../../sync-ports.ts'
import { documentIdOf, practiceKeysOf } from './at-rest.ts'
import { sealRow } from './chain-keeper.ts'
import { commitFirst, type Database, type KeyRow, saveErrorOf } from './database.ts'
import type { DeviceKey as KeyHolder } from './device-key.ts'
import { createSharedDocument, isUpdate } from './documents.ts'
import { epochRow, withSecrets } from './epoch-keys.ts'
import type { Home, OpenPractice } from './home.ts'
import { makeKey, roomKeyOf, unwrap, wrap } from './host-keys.ts'
import { sealUpdate } from './log.ts'
import { practiceDocument } from './names.ts'
import { withNewKey } from './people-repository.ts'
import type { RemovalNote } from './removal.ts'
import { isRoom } from './room-keys.ts'
import type { Tabs } from './tabs.ts'
import { readDetails } from './stored.ts'
import { collections } from './views.ts'

export type PairingStoreOptions = {
  readonly database: Database
  readonly deviceKey: KeyHolder
  readonly home: Home
  readonly tabs: Tabs
  readonly now: () => number
  readonly removal: RemovalNote
  readonly persist: () => void
}

export function createPairingStore(options: PairingStoreOptions): PairingStore {
  const { database, deviceKey, home, tabs, now } = options
  /** By public key; of devices that were made here and not adopted yet. */
  const made = new Map<string, Bytes>()

  return {
    async admit(target, device, label) {
      const practice = home.current()
      if (!practice) return err('not-allowed')
      const { chain } = practice
      const admitted = await chain.act(async (roll) => {
        const member = memberOf(practice, target)
        if (!roll.members.get(member) || roll.members.get(member)?.removed) return err('invalid')
        const shares = await withSecrets(database, deviceKey.key, (secrets) => sharesFor(roll, secrets, chain.book.root, device))
        return ok({ operations: [{ type: 'add-device', device, member, label: label.slice(0, 80) }, ...shares], value: member })
      })
      return admitted.ok ? ok(await welcomeOf(practice, admitted.value, target)) : admitted
    },
    async withdraw(device) {
      const chain = home.current()?.chain
      if (!chain) return err('not-allowed')
      const withdrawn = await chain.act(() => withNewKey(chain, deviceKey, { type: 'remove-device', device }, [device]))
      if (withdrawn.ok) await chain.settle()
      return withdrawn
    },
    async newDevice() {
      const secret = await generateSecret()
      const pair = await importKeyPair(secret)
      made.set(pair.publicKey, secret)
      return pair
    },
    forgetDevice({ publicKey }) {
      made.get(publicKey)?.fill(0)
      made.delete(publicKey)
    },
    async adopt(welcome, device, kind) {
      if (home.current() || (await database.keys.where('name').equals('practice').count()) > 0) return err('not-allowed')
      const secret = made.get(device.publicKey)
      if (!secret) return err('invalid')
      try {
        const stored = await store(welcome, device, secret, kind)
        if (!stored.ok) return stored
        options.persist()
        options.removal.write(null)
        made.delete(device.publicKey)
        secret.fill(0)
        const opened = await home.open()
        tabs.announce()
        return opened.ok && home.current() ? ok(undefined) : err('storage-failed')
      } catch (error) {
        return err(saveErrorOf(error))
      }
    },
  }

  async function welcomeOf(
    { chain, documents, practiceDocId, state }: OpenPractice,
    member: MemberId,
    target: InvitationTarget,
  ): Promise<WelcomeContents> {
    const room = target.kind === 'own-device' ? await ownRoom(state().me.roomKey) : null
    const practiceUpdate = await documents.look(practiceDocId, (document) => document.updateFor(null))
    return withSecrets(database, deviceKey.key, async (secrets) => {
      const founding = secrets.get(null)
      if (!founding) throw new Error('The practice key cannot be read')
      const { root, history, get } = chain.book
      return {
        member,
        root,
        entries: history().order.flatMap(({ hash }) => get(hash)?.signed ?? []),
        foundingKey: toBase64Url(founding),
        epochKeys: [...secrets].flatMap(([epoch, key]) => (epoch === null ? [] : [{ epoch, key: toBase64Url(key) }])),
        room,
        practiceDocument: toBase64Url(practiceUpdate),
      }
    })
  }

  async function ownRoom(roomKey: string | null): Promise<string | null> {
    const secret = roomKey === null ? null : await unwrap(database, deviceKey.key, 'room')
    const room = secret && roomKey !== null && (await isRoom(secret, roomKey)) ? toBase64Url(secret) : null
    secret?.fill(0)
    return room
  }

  async function store(
    welcome: WelcomeContents,
    device: KeyPair,
    secret: Bytes,
    kind: InvitationTarget['kind'],
  ): Promise<Result<void, SaveError>> {
    const read = await readWelcome(welcome, device.publicKey as DeviceKey)
    if (!read) return err('invalid')
    const { entries, roll, member, founding, update, room: givenRoom } = read
    if (kind === 'colleague' && givenRoom) return err('invalid')
    const disk = randomBytes(32)
    const keys = await practiceKeysOf(founding, disk)
    const docId = await documentIdOf(keys, practiceDocument)
    const rows: KeyRow[] = [
      { name: 'practice', sealed: await wrap(deviceKey.key, 'practice', founding), me: member.id },
      { name: 'disk', sealed: await wrap(deviceKey.key, 'disk', disk) },
      { name: 'root', root: welcome.root },
      (await makeKey(deviceKey.key, 'identity', secret)).row,
      ...(await Promise.all(read.epochs.map(({ epoch, key }) => epochRow(deviceKey.key, epoch, key)))),
    ]
    const signed = [...entries]
    let linkKey: string | null = null
    let ownRoomKey: string | null = null
    if (givenRoom) {
      rows.push((await makeKey(deviceKey.key, 'room', givenRoom)).row)
    } else if (may(member, 'start-session') && (member.roomKey === null || isOnlyDevice(roll, member.id))) {
      // The first device of a clinician, or the first after all others were lost.
      const room = await makeKey(deviceKey.key, 'room')
      ownRoomKey = roomKeyOf(room.pair)
      rows.push(room.row)
      room.secret.fill(0)
      linkKey = toBase64Url(generateLinkKey())
      signed.push(await signRoom(roll, member.id, ownRoomKey, device))
    }
    for (const each of [founding, disk, ...read.epochs.map(({ key }) => key), ...(givenRoom ? [givenRoom] : [])]) each.fill(0)

    const document = createSharedDocument()
    document.apply([update])
    if (!readDetails(document.settings(collections.practice))) {
      document.close()
      return err('invalid')
    }
    const own = document.capture(() => {
      for (const { hash, text } of signed) document.changeEntity(collections.chain, hash, { signed: text })
      if (linkKey !== null) document.changeEntity(collections.members, member.id, { linkKey })
      if (ownRoomKey !== null) document.changeEntity(collections.rooms, ownRoomKey, {})
    })
    const whole = document.snapshot()
    const clock = document.ownClock()
    document.close()
    const isFirst = await commitFirst(database, rows, {
      docId,
      sealed: await sealUpdate(keys, docId, 'update', whole),
      chain: await Promise.all(signed.map(({ hash, text }) => sealRow(keys, hash, text))),
      unsynced: own && linkKey !== null ? { docId, ...clock, changes: 1 } : null,
    })
    return isFirst ? ok(undefined) : err('not-allowed')
  }

  async function signRoom(roll: Roll, member: MemberId, roomKey: string, device: KeyPair) {
    const parents = foremostHeads(roll, maxParents)
    const { signed, hash } = await signEntry(
      { parents, at: Math.max(0, Math.floor(now())), operations: [{ type: 'set-room', member, roomKey }] },
      device,
    )
    return { hash, text: signed }
  }
}

function memberOf(practice: OpenPractice, target: InvitationTarget): MemberId {
  return target.kind === 'own-device' ? practice.state().me.id : target.member
}

function isOnlyDevice(roll: Roll, member: MemberId): boolean {
  return [...roll.devices.values()].filter((device) => device.member === member).length === 1
}

type ReadWelcome = {
  readonly entries: readonly { readonly hash: ChainEntry['hash']; readonly text: string }[]
  readonly roll: Roll
  readonly member: RollMember
  readonly founding: Bytes
  readonly epochs: readonly { readonly epoch: NonNullable<Roll['epoch']>['id']; readonly key: Bytes }[]
  readonly update: Bytes
  readonly room: Bytes | null
}

/** Null unless everything in it fits together: this device is that member's, and each key is what it is said to be. */
async function readWelcome(welcome: WelcomeContents, device: DeviceKey): Promise<ReadWelcome | null> {
  const verified = await Promise.all(welcome.entries.map(verifyEntry))
  const entries = verified.flatMap((entry, i) => (entry ? [{ entry, text: welcome.entries[i] ?? '' }] : []))
  const roll = rollOf(
    entries.map(({ entry }) => entry),
    welcome.root,
  )
  const member = roll?.members.get(welcome.member)
  if (!roll || !member || entries.length !== welcome.entries.length || roll.devices.get(device)?.member !== member.id) return null
  const founding = fromBase64Url(welcome.foundingKey)
  const update = fromBase64Url(welcome.practiceDocument)
  if (founding?.length !== 32 || !update || !isUpdate(update)) return null
  const epochs: { epoch: NonNullable<Roll['epoch']>['id']; key: Bytes }[] = []
  for (const { epoch, key: text } of welcome.epochKeys) {
    const key = fromBase64Url(text)
    if (key?.length !== 32 || (await epochIdOf(key)) !== epoch) return null
    epochs.push({ epoch, key })
  }
  const room = welcome.room === null ? null : fromBase64Url(welcome.room)
  if (welcome.room !== null && (!room || member.roomKey === null || !(await isRoom(room, member.roomKey)))) return null
  return { entries: entries.map(({ entry, text }) => ({ hash: entry.hash, text })), roll, member, founding, epochs, update, room }
}
