import { createHash } from 'node:crypto'
import { asId, type DeviceKey, type EntryHash, type EpochId, type MemberId, type PracticeId } from '@alcove/shared/domain/ids'
import type { Role } from '@alcove/shared/domain/practice'
import type { ChainEntry, Operation, Roll } from '@alcove/shared/domain/practice-chain'
import { mayDo, rollOf } from '@alcove/shared/domain/practice-roll'

/** Entries without signatures, for the rules alone. Hashes look like hashes, and fall as randomly. */
export function hashOf(name: string): EntryHash {
  return asId<EntryHash>(createHash('sha256').update(name).digest('base64url'))
}

export const keyNamed = (name: string) => asId<DeviceKey>(name)
export const memberNamed = (name: string) => asId<MemberId>(name)
export const epochNamed = (name: string) => asId<EpochId>(name)

export const addMember = (name: string, roles: readonly Role[]): Operation => ({
  type: 'add-member',
  member: memberNamed(name),
  name,
  roles,
})
export const addDevice = (device: string, member: string): Operation => ({
  type: 'add-device',
  device: keyNamed(device),
  member: memberNamed(member),
  label: device,
})
export const renameDevice = (device: string, label: string): Operation => ({ type: 'rename-device', device: keyNamed(device), label })
export const removeDevice = (device: string): Operation => ({ type: 'remove-device', device: keyNamed(device) })
export const removeMember = (member: string): Operation => ({ type: 'remove-member', member: memberNamed(member) })
export const changeRoles = (member: string, roles: readonly Role[]): Operation => ({
  type: 'change-roles',
  member: memberNamed(member),
  roles,
})
export const setRoom = (member: string, roomKey: string): Operation => ({ type: 'set-room', member: memberNamed(member), roomKey })
export const tier = (value: 'off' | 'basic' | 'premium'): Operation => ({ type: 'change-telehealth', tier: value })
export const rekey = (epoch: string, devices: readonly string[]): Operation => ({
  type: 'rekey',
  epoch: epochNamed(epoch),
  keys: devices.map((device) => ({ device: keyNamed(device), sealed: 'sealed' })),
})
export const shareKey = (epoch: string, devices: readonly string[]): Operation => ({
  type: 'share-key',
  epoch: epochNamed(epoch),
  keys: devices.map((device) => ({ device: keyNamed(device), sealed: 'sealed' })),
})
export const found: Operation = { type: 'found', practice: asId<PracticeId>('practice') }

/** Writes entries by hand: `sign` names one and gives its hash. */
export function createChain(founding: readonly Operation[], founder = 'founder-laptop') {
  const entries = new Map<EntryHash, ChainEntry>()
  let clock = 1000
  function sign(name: string, by: string, parents: readonly EntryHash[], operations: readonly Operation[]): EntryHash {
    const hash = hashOf(name)
    clock += 1
    entries.set(hash, { hash, parents: [...parents].sort(), by: keyNamed(by), at: clock, operations })
    return hash
  }
  const root = sign('founding', founder, [], [found, ...founding])
  return {
    root,
    sign,
    entries: () => [...entries.values()],
    roll(): Roll {
      const roll = rollOf(entries.values(), root)
      if (!roll) throw new Error('The practice was not founded')
      return roll
    },
  }
}
export type TestChain = ReturnType<typeof createChain>

/** What a roll says about the practice, without what merely lies in the chain. */
export function standing(roll: Roll) {
  const { heads: _, refusals: __, refusedDevices: ___, ...rest } = roll
  return rest
}

// --- random histories ---------------------------------------------------------------------------------------------------

export const stepKinds = [
  'learn',
  'telehealth',
  'add-member',
  'add-device',
  'remove-device',
  'remove-member',
  'change-roles',
  'rename',
  'set-room',
  'share-key',
] as const
export type Step = { readonly kind: (typeof stepKinds)[number]; readonly actor: number; readonly a: number; readonly b: number }

const roleSets: readonly (readonly Role[])[] = [
  ['administrator'],
  ['clinician'],
  ['scheduler'],
  ['administrator', 'clinician'],
  ['clinician', 'scheduler'],
]

/**
 * Devices that each know a part of the chain, sign on the newest entries they know, and learn from each other now and then.
 * `honest`: nobody signs what they may not do by what they know.
 */
export function runSteps(steps: readonly Step[], honest: boolean) {
  const members: string[] = ['founder', 'second']
  const devices: { readonly name: string; readonly known: Map<EntryHash, ChainEntry> }[] = []
  const chain = createChain([
    addMember('founder', ['administrator', 'clinician']),
    addDevice('founder-laptop', 'founder'),
    addMember('second', ['administrator']),
    addDevice('second-laptop', 'second'),
  ])
  const knowing = () => new Map(chain.entries().map((entry) => [entry.hash, entry]))
  for (const name of ['founder-laptop', 'second-laptop']) devices.push({ name, known: knowing() })

  for (const [number, { kind, actor, a, b }] of steps.entries()) {
    const device = devices[actor % devices.length]
    const other = devices[a % devices.length]
    const member = members[a % members.length]
    if (!device || !other || member === undefined) continue
    if (kind === 'learn') {
      for (const [hash, entry] of other.known) device.known.set(hash, entry)
      continue
    }
    const roll = rollOf(device.known.values(), chain.root)
    if (!roll) continue
    const others = (gone: readonly string[]) => [...roll.devices.keys()].filter((key) => !gone.includes(key))
    const devicesOf = (id: string) => [...roll.devices.values()].filter((one) => one.member === id).map(({ key }) => key)
    const name = `${kind}-${number}`
    const operations: Record<Exclude<Step['kind'], 'learn'>, () => readonly Operation[]> = {
      telehealth: () => [tier(b % 2 === 0 ? 'basic' : 'premium')],
      'add-member': () => [addMember(name, roleSets[b % roleSets.length] ?? ['clinician'])],
      'add-device': () => [addDevice(name, member)],
      'remove-device': () => [removeDevice(other.name), rekey(name, others([other.name]))],
      'remove-member': () => [removeMember(member), rekey(name, others(devicesOf(member)))],
      'change-roles': () => [changeRoles(member, roleSets[b % roleSets.length] ?? ['clinician'])],
      rename: () => [{ type: 'rename-member', member: memberNamed(member), name }],
      'set-room': () => [setRoom(member, name)],
      'share-key': () => [shareKey(roll.epoch?.id ?? 'none', [other.name])],
    }
    const wanted = operations[kind]()
    if (honest && wanted[0] && mayDo(roll, keyNamed(device.name), wanted[0]) !== null) continue
    const hash = chain.sign(name, device.name, roll.heads.slice(0, 8), wanted)
    for (const entry of chain.entries()) if (entry.hash === hash) device.known.set(hash, entry)
    if (kind === 'add-member') members.push(name)
    // The new device gets all that the inviting one knows.
    if (kind === 'add-device') devices.push({ name, known: new Map(device.known) })
  }
  return { chain, devices }
}

/** Two administrators, a clinician with two devices and a scheduler. Seniority is the order of the devices here. */
export const founding: readonly Operation[] = [
  addMember('founder', ['administrator', 'clinician']),
  addDevice('founder-laptop', 'founder'),
  addMember('second', ['administrator']),
  addDevice('second-laptop', 'second'),
  addMember('clinician', ['clinician']),
  addDevice('clinician-laptop', 'clinician'),
  addDevice('clinician-phone', 'clinician'),
  addMember('desk', ['scheduler']),
  addDevice('desk-computer', 'desk'),
  tier('basic'),
]
export const everybody = ['founder-laptop', 'second-laptop', 'clinician-laptop', 'clinician-phone', 'desk-computer']
export const newPractice = () => createChain(founding)
export const reasons = (chain: ReturnType<typeof newPractice>) =>
  chain.roll().refusals.map(({ operation, reason }) => `${operation} ${reason}`)
