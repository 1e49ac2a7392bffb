import { toBase64Url } from '@alcove/shared/crypto/bytes'
import { sharesFor } from '@alcove/shared/crypto/chain'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { deriveKitKeys, generateKitSecret, sealKit } from '@alcove/shared/crypto/recovery-kit'
import { asId, type DeviceKey, type DocumentId, type MemberId } from '@alcove/shared/domain/ids'
import { isWorking, type Operation, type Roll } from '@alcove/shared/domain/practice-chain'
import { epochsOf } from '@alcove/shared/domain/practice-roll'
import { err, ok } from '@alcove/shared/domain/result'
import { maxLaterKeys } from '@alcove/shared/protocol/kit-contents'
import type { Comparison, KitStore } from '../../recovery-ports.ts'
import type { Database, KeyRow } from './database.ts'
import type { DeviceKey as KeyHolder } from './device-key.ts'
import { createSharedDocument, type Fields, type SharedDocument } from './documents.ts'
import { withSecrets } from './epoch-keys.ts'
import type { Home, OpenPractice } from './home.ts'
import { unwrap } from './host-keys.ts'
import { newKeyFor } from './people-repository.ts'
import { isRoom, sealRoom } from './room-keys.ts'
import { updateMath } from './update-math.ts'
import { collections, readAppointmentsView, readPatientsView, type View, valuesOf } from './views.ts'

/** What is done with recovery kits: made, signed in, and compared with what is here. Fetched when somebody does any of it. */
export function createKitWork(database: Database, deviceKey: KeyHolder, home: Home, now: () => number): Omit<KitStore, 'watch'> {
  return {
    async prepare() {
      const practice = home.current()
      if (!practice) return null
      const { root, get } = practice.chain.book
      const foundingDevice = get(root)?.entry.by
      const { foundingKey, laterKeys } = await withSecrets(database, deviceKey.key, async (secrets) => {
        const later = epochsOf(practice.chain.book.roll()).flatMap((epoch) => (epoch && secrets.get(epoch)) ?? [])
        return {
          foundingKey: toBase64Url(secrets.get(null) ?? new Uint8Array(0)),
          laterKeys: later.slice(-maxLaterKeys).reverse().map(toBase64Url),
        }
      })
      if (!foundingDevice || foundingKey === '') return null
      const secret = generateKitSecret()
      const device = await generateSecret()
      const { publicKey } = await importKeyPair(device)
      const keys = await deriveKitKeys(secret)
      const { me, practice: details } = practice.state()
      const contents = {
        member: me.id,
        root,
        foundingDevice,
        foundingKey,
        laterKeys,
        device: toBase64Url(device),
        practice: details.name.slice(0, 80),
        madeAt: Math.max(0, Math.floor(now())),
      }
      device.fill(0)
      return { secret, device: asId<DeviceKey>(publicKey), locator: keys.locator, sealed: await sealKit(keys, contents) }
    },
    async keep({ device, locator, sealed }) {
      const practice = home.current()
      if (!practice) return err('not-allowed')
      const { chain, state } = practice
      const me = state().me.id
      const roomKey = chain.book.roll().members.get(me)?.roomKey ?? null
      const room = roomKey === null ? null : await roomFor(roomKey, device)
      const acted = await chain.act(async (roll) => {
        const old = kitsOfMember(roll, me)
        const { operations, keys } = await entryOf(practice, roll, me, old, device)
        return ok({
          operations,
          keys,
          value: undefined,
          also(document) {
            document.changeEntity(collections.kits, device, { locator, sealed: toBase64Url(sealed) })
            for (const key of old) document.changeEntity(collections.kits, key, { sealed: '' })
            if (roomKey !== null && room) document.changeEntity(collections.rooms, roomKey, room)
          },
        })
      })
      if (acted.ok) await chain.settle()
      return acted
    },
    async noteDrill(device) {
      const practice = home.current()
      if (!practice) return err('not-allowed')
      const drilledAt = Math.max(0, Math.floor(now()))
      return practice.documents.change(practice.practiceDocId, (document) => {
        document.changeEntity(collections.kits, device, { drilledAt })
        return ok({ value: undefined })
      })
    },
    async noteGone(devices) {
      const practice = home.current()
      if (!practice) return err('not-allowed')
      return practice.documents.change(practice.practiceDocId, (document) => {
        for (const device of devices) document.changeEntity(collections.kits, device, { locator: '', sealed: '' })
        return ok({ value: undefined })
      })
    },
    async compare(document, updates) {
      const practice = home.current()
      if (!practice) throw new Error('There is no practice on this device')
      const known = updateMath.extend(null, updates)
      const behind = await practice.documents.look(document, (shared) => shared.lacking(known) !== null)
      const there = createSharedDocument()
      there.apply(updates)
      const holds = holdingOf(practice, document)
      const compared = { holds, here: countIn(await practice.documents.view(document)), there: count(holds, there), behind }
      there.close()
      return compared
    },
    async documents() {
      const keys = await database.ylog.orderBy('docId').uniqueKeys()
      return keys.map((key) => asId<DocumentId>(String(key)))
    },
  }

  /** The room's key as the kit finds it in the practice document; null where this device has not got it. */
  async function roomFor(roomKey: string, kit: DeviceKey): Promise<Fields | null> {
    const secret = await unwrap(database, deviceKey.key, 'room')
    const sealed = secret && (await isRoom(secret, roomKey)) ? await sealRoom(secret, roomKey, [kit]) : null
    secret?.fill(0)
    return sealed
  }

  /** The new kit in, my older ones out, and a key that they have not. */
  async function entryOf({ chain }: OpenPractice, roll: Roll, me: MemberId, old: readonly DeviceKey[], kit: DeviceKey) {
    const operations: Operation[] = [
      ...old.map((device) => ({ type: 'remove-device', device }) as const),
      { type: 'add-device', device: kit, member: me, label: 'Recovery kit', use: 'recovery-kit' },
    ]
    let keys: readonly KeyRow[] = []
    if (old.length > 0) {
      const stay = [...roll.devices.keys()].filter((key) => !old.includes(key))
      const rekey = await newKeyFor(chain, deviceKey, [...stay, kit])
      operations.push(...rekey.operations)
      keys = rekey.keys
    }
    operations.push(...(await withSecrets(database, deviceKey.key, (secrets) => sharesFor(roll, secrets, chain.book.root, kit))))
    return { operations, keys }
  }
}

function kitsOfMember(roll: Roll, member: MemberId): readonly DeviceKey[] {
  return [...roll.devices.values()].filter((device) => device.member === member && !isWorking(device)).map(({ key }) => key)
}

function holdingOf({ practiceDocId, patientDocIds }: OpenPractice, document: string): Comparison['holds'] {
  if (document === practiceDocId) return 'practice'
  return patientDocIds.includes(document) ? 'patients' : 'appointments'
}

function countIn(view: View): number {
  if (view.kind === 'practice') return view.members.size
  return valuesOf<unknown>(view.kind === 'patients' ? view.patients : view.appointments).length
}

function count(holds: Comparison['holds'], document: SharedDocument): number {
  if (holds === 'practice') return document.entities(collections.members).size
  return countIn(holds === 'patients' ? readPatientsView(document, null) : readAppointmentsView(document, null))
}
