import { displayName } from '@alcove/shared/domain/display-name'
import { generateEpoch, sealEpochKey } from '@alcove/shared/crypto/chain'
import type { DeviceKey } from '@alcove/shared/domain/ids'
import { isWorking, type Operation, type Roll } from '@alcove/shared/domain/practice-chain'
import { may } from '@alcove/shared/domain/practice'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { SaveError } from '../../ports.ts'
import type { PeopleRepository, PeopleState, Removal } from '../../sync-ports.ts'
import type { Act, ChainKeeper } from './chain-keeper.ts'
import { roomReplacedAt } from './chain-reports.ts'
import type { DeviceKey as KeyHolder } from './device-key.ts'
import { epochRow } from './epoch-keys.ts'
import type { Home, OpenPractice } from './home.ts'
import type { RemovalNote } from './removal.ts'
import { newRoom, roomPlaceOf } from './room-keeping.ts'
import { checkMemberDraft } from './stored.ts'

/** Who belongs to the practice, with which devices: all of it from the signed chain, all changes signed. */
export function createPeopleRepository(home: Home, deviceKey: KeyHolder, removal: RemovalNote): PeopleRepository {
  async function act(
    plan: (practice: OpenPractice, roll: Roll) => Promise<Result<Act<void>, SaveError>>,
  ): Promise<Result<void, SaveError>> {
    const practice = home.current()
    if (!practice) return err('not-allowed')
    const acted = await practice.chain.act((roll) => plan(practice, roll))
    // Whoever removed somebody goes on under the new key.
    if (acted.ok) await practice.chain.settle()
    return acted
  }

  return {
    watch: (listener) => watch(home, () => peopleOf(home.current()), listener),
    watchRemoval: (listener) => watch<Removal | null>(home, () => (home.current() ? null : removal.read()), listener),
    changeRoles: (id, roles) =>
      act(async (_practice, roll) => {
        const member = roll.members.get(id)
        const checked = checkMemberDraft({ name: member?.name ?? '', roles })
        if (!member || !checked.ok) return err('invalid')
        return ok({ operations: [{ type: 'change-roles', member: id, roles: checked.value.roles }], value: undefined })
      }),
    removeMember: (id) =>
      act(async ({ chain }, roll) => {
        const gone = [...roll.devices.values()].filter(({ member }) => member === id).map(({ key }) => key)
        return withNewKey(chain, deviceKey, { type: 'remove-member', member: id }, gone)
      }),
    renameDevice: (device, label) =>
      act(async (_practice, roll) => {
        const name = displayName(label)
        if (name === null) return err('invalid')
        if (roll.devices.get(device)?.label === name) return ok({ operations: [], value: undefined })
        return ok({ operations: [{ type: 'rename-device', device, label: name }], value: undefined })
      }),
    removeDevice: (device) => act(({ chain }) => withNewKey(chain, deviceKey, { type: 'remove-device', device }, [device])),
    replaceRoom: () =>
      act(async ({ chain, state }) => {
        const { me } = state()
        return may(me, 'replace-own-room') ? newRoom({ deviceKey: deviceKey.key, keeper: chain, me: me.id }) : err('not-allowed')
      }),
  }
}

/**
 * A removal with the practice key that the removed do not get. Not of this device itself: nobody else would ever hear of it,
 * since it forgets everything at once.
 */
export async function withNewKey(
  chain: ChainKeeper,
  deviceKey: KeyHolder,
  removal: Operation,
  gone: readonly DeviceKey[],
): Promise<Result<Act<void>, SaveError>> {
  if (gone.includes(chain.device)) return err('not-allowed')
  const stay = [...chain.book.roll().devices.keys()].filter((key) => !gone.includes(key))
  const rekey = await newKeyFor(chain, deviceKey, stay)
  return ok({ operations: [removal, ...rekey.operations], keys: rekey.keys, value: undefined })
}

/** A new practice key for these devices, this one included. */
export async function newKeyFor(chain: ChainKeeper, deviceKey: KeyHolder, devices: readonly DeviceKey[]) {
  const { epoch, key } = await generateEpoch()
  const sealed = await sealEpochKey(key, { root: chain.book.root, epoch }, devices)
  const row = await epochRow(deviceKey.key, epoch, key)
  key.fill(0)
  const operations: readonly Operation[] = [{ type: 'rekey', epoch, keys: sealed }]
  return { operations, keys: [row] }
}

function watch<T>(home: Home, read: () => T, listener: (value: T) => void) {
  let told: string | null = null
  const tell = () => {
    const value = read()
    const shape = JSON.stringify(value)
    if (shape === told) return
    told = shape
    listener(value)
  }
  tell()
  return home.watch(tell)
}

function peopleOf(practice: OpenPractice | null): PeopleState | null {
  if (!practice) return null
  const { chain, state } = practice
  const history = chain.book.history()
  const { roll } = history
  const me = state().me.id
  return {
    devices: [...roll.devices.values()].filter(isWorking).map(({ key, member, label, addedAt }) => ({
      key,
      member,
      label,
      addedAt,
      isThis: key === chain.device,
    })),
    reports: chain.reports(),
    roomSince: roomReplacedAt(history, me),
    room: roomPlaceOf(chain, me),
    roomAtRisk: (roll.members.get(me)?.roomEpoch ?? 0) > 0,
  }
}
