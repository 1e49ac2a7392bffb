import type { DeviceKey, EpochId, MemberId, PracticeId } from './ids.ts'
import { type Action, may, roles, type TelehealthTier } from './practice.ts'
import { isWorking, maxDevices, type Operation, type RefusalReason, type Roll, type RollDevice, type RollMember } from './practice-chain.ts'

/** What a replay of the chain has come to. Changed in place, by whoever made it alone. */
export type RollState = {
  practice: PracticeId | null
  telehealth: TelehealthTier
  readonly members: Map<MemberId, RollMember>
  readonly devices: Map<DeviceKey, RollDevice>
  readonly removedDevices: Map<DeviceKey, { readonly member: MemberId; readonly by: DeviceKey; readonly at: number }>
  readonly refusedDevices: Set<DeviceKey>
  /** Every practice key that took effect, with the devices that have had it. */
  readonly epochs: Map<EpochId, Set<DeviceKey>>
  epoch: EpochId | null
  /** Every room key there has been: an old one would bring its old certificates back. */
  readonly rooms: Set<string>
  /** The how-manieth device of the practice it is. Removed ones keep theirs. */
  readonly ranks: Map<DeviceKey, number>
}

const noRoom = { roomKey: null, roomSince: null, roomEpoch: 0, roomLine: null } as const

/** Who does it, in which entry. */
export type Author = {
  readonly by: DeviceKey
  readonly at: number
  /** In the founding entry the signer may do everything: there is nobody else yet. */
  readonly founding: boolean
  /** Earlier in the same entry the author removed a device of its own member. */
  readonly removedOwn: boolean
}

export function newState(): RollState {
  return {
    practice: null,
    telehealth: 'off',
    members: new Map(),
    devices: new Map(),
    removedDevices: new Map(),
    refusedDevices: new Set(),
    epochs: new Map(),
    epoch: null,
    rooms: new Set(),
    ranks: new Map(),
  }
}

/** To ask what would happen next. Rooms of the past are not in a roll; new ones are random and never meet them. */
export function stateOf(roll: Roll): RollState {
  const { practice, telehealth, members, devices, removedDevices, refusedDevices, epoch, epochs } = roll
  return {
    practice,
    telehealth,
    members: new Map(members),
    devices: new Map(devices),
    removedDevices: new Map(removedDevices),
    refusedDevices: new Set(refusedDevices),
    epochs: new Map([...epochs].map(([id, holders]) => [id, new Set(holders)])),
    epoch: epoch?.id ?? null,
    rooms: new Set([...members.values()].flatMap(({ roomKey }) => roomKey ?? [])),
    ranks: new Map([...devices.keys()].map((key, rank) => [key, rank])),
  }
}

/** Null when it may be done here and now. */
export function refusalOf(state: RollState, operation: Operation, author: Author): RefusalReason | null {
  if (!author.founding) {
    const device = state.devices.get(author.by)
    const me = device && state.members.get(device.member)
    if (!me) return 'unknown-author'
    const right = rightFor(state, operation, me, author)
    if (right === null || !may(me, right)) return 'not-allowed'
  }
  if (!isPossible(state, operation)) return 'impossible'
  return author.founding || leavesAdministrator(state, operation) ? null : 'last-administrator'
}

/** Remembers what was refused, as far as anybody else may have believed it: nobody believes those who never came into the practice. */
export function noteRefused({ devices, removedDevices, refusedDevices }: RollState, operation: Operation, by: DeviceKey): void {
  const cameIn = (device: DeviceKey) => devices.has(device) || removedDevices.has(device)
  if (operation.type !== 'add-device' || cameIn(operation.device)) return
  if (cameIn(by) || refusedDevices.has(by)) refusedDevices.add(operation.device)
}

/** The right that an operation takes; null for what nobody may do. */
function rightFor(state: RollState, operation: Operation, me: RollMember, author: Author): Action | null {
  switch (operation.type) {
    case 'found':
      return null
    case 'add-member':
      return 'add-clinician'
    case 'rename-member':
      return operation.member === me.id ? 'rename-oneself' : 'rename-member'
    case 'change-roles':
      return 'change-roles'
    case 'remove-member':
      return 'remove-member'
    case 'add-device':
      if (operation.member === me.id) return 'link-own-device'
      return operation.use === undefined ? 'invite-colleague' : null
    case 'rename-device':
      return state.devices.get(operation.device)?.member === me.id ? 'rename-own-device' : 'rename-any-device'
    case 'remove-device':
      return state.devices.get(operation.device)?.member === me.id ? 'remove-own-device' : 'remove-any-device'
    case 'set-room':
      return operation.member === me.id ? 'replace-own-room' : null
    case 'change-telehealth':
      return 'change-telehealth'
    case 'rekey':
      return author.removedOwn ? 'remove-own-device' : 'renew-practice-key'
    case 'share-key':
      return 'share-practice-key'
  }
}

function isPossible(state: RollState, operation: Operation): boolean {
  const isMember = (id: MemberId) => state.members.get(id)?.removed === false
  switch (operation.type) {
    case 'found':
      return state.practice === null
    case 'add-member':
      return !state.members.has(operation.member)
    case 'rename-member':
    case 'change-roles':
    case 'remove-member':
      return isMember(operation.member)
    case 'add-device': {
      const { device, member } = operation
      return isMember(member) && !state.devices.has(device) && !state.removedDevices.has(device) && state.devices.size < maxDevices
    }
    case 'rename-device':
    case 'remove-device':
      return state.devices.has(operation.device)
    case 'set-room':
      return isMember(operation.member) && !state.rooms.has(operation.roomKey)
    case 'change-telehealth':
      return true
    case 'rekey':
      return !state.epochs.has(operation.epoch)
    case 'share-key':
      return state.epochs.has(operation.epoch)
  }
}

/** Somebody with the role and a device must be left. A practice that never had anybody like that loses nothing. */
function leavesAdministrator(state: RollState, operation: Operation): boolean {
  if (operation.type !== 'remove-device' && operation.type !== 'remove-member' && operation.type !== 'change-roles') return true
  let had = false
  for (const { key, member, ...device } of state.devices.values()) {
    if (!isWorking(device) || !isAdministrator(state.members.get(member))) continue
    had = true
    if (operation.type === 'remove-device' ? key !== operation.device : member !== operation.member) return true
    if (operation.type === 'change-roles' && operation.roles.includes('administrator')) return true
  }
  return !had
}

export function isAdministrator(member: RollMember | undefined): boolean {
  return member?.roles.includes('administrator') === true
}

/** Does what `refusalOf` found nothing against. True when somebody lost a device, a role or their place. */
export function carryOut(state: RollState, operation: Operation, { by, at }: Pick<Author, 'by' | 'at'>): boolean {
  switch (operation.type) {
    case 'found':
      state.practice = operation.practice
      return false
    case 'add-member': {
      const { member: id, name } = operation
      const mine = roles.filter((role) => operation.roles.includes(role))
      state.members.set(id, { id, name, roles: mine, ...noRoom, removed: false })
      return false
    }
    case 'rename-member':
      change(state, operation.member, { name: operation.name })
      return false
    case 'change-roles': {
      const before = state.members.get(operation.member)?.roles ?? []
      change(state, operation.member, { roles: roles.filter((role) => operation.roles.includes(role)) })
      return before.some((role) => !operation.roles.includes(role))
    }
    case 'remove-member':
      for (const { key, member } of [...state.devices.values()]) if (member === operation.member) removeDevice(state, key, { by, at })
      change(state, operation.member, { roles: [], ...noRoom, removed: true })
      return true
    case 'add-device': {
      const { device: key, member, label, use } = operation
      const adder = state.devices.get(by)
      const line = adder?.member === member ? adder.line : key
      state.devices.set(key, { key, member, label, addedAt: at, addedBy: by, line, ...(use ? { use } : {}) })
      state.ranks.set(key, state.ranks.size)
      state.refusedDevices.delete(key)
      return false
    }
    case 'rename-device': {
      const device = state.devices.get(operation.device)
      if (device) state.devices.set(device.key, { ...device, label: operation.label })
      return false
    }
    case 'remove-device':
      removeDevice(state, operation.device, { by, at })
      return true
    case 'set-room':
      state.rooms.add(operation.roomKey)
      change(state, operation.member, {
        roomKey: operation.roomKey,
        roomSince: at,
        roomEpoch: 0,
        roomLine: state.devices.get(by)?.line ?? null,
      })
      return false
    case 'change-telehealth':
      state.telehealth = operation.tier
      return false
    case 'rekey':
      // Who made it knows it, listed or not.
      state.epochs.set(operation.epoch, new Set([by, ...operation.keys.map(({ device }) => device)]))
      state.epoch = operation.epoch
      return false
    case 'share-key': {
      const holders = state.epochs.get(operation.epoch)
      for (const { device } of operation.keys) {
        // Also one that has been removed meanwhile: it has the key now, and that has to be seen.
        if (state.devices.has(device) || state.removedDevices.has(device)) holders?.add(device)
      }
      return false
    }
  }
}

function removeDevice(state: RollState, key: DeviceKey, { by, at }: Pick<Author, 'by' | 'at'>): void {
  const device = state.devices.get(key)
  if (!device) return
  state.devices.delete(key)
  state.removedDevices.set(key, { member: device.member, by, at })
  const member = state.members.get(device.member)
  // A recovery kit hosts nothing, and has no certificate that would have to be made void.
  if (member && member.roomKey !== null && isWorking(device)) change(state, member.id, { roomEpoch: member.roomEpoch + 1 })
}

function change(state: RollState, id: MemberId, changed: Partial<RollMember>): void {
  const member = state.members.get(id)
  if (member) state.members.set(id, { ...member, ...changed })
}
