import { type Action, may, type Role, roles } from '@alcove/shared/domain/practice'
import type { Operation } from '@alcove/shared/domain/practice-chain'
import { mayDo } from '@alcove/shared/domain/practice-roll'
import { describe, expect, it } from 'vitest'
import {
  addDevice,
  addMember,
  changeRoles,
  createChain,
  keyNamed,
  memberNamed,
  rekey,
  removeDevice,
  removeMember,
  renameDevice,
  setRoom,
  shareKey,
  tier,
} from '../../../support/chain/chain-world.ts'

const rename = (member: string): Operation => ({ type: 'rename-member', member: memberNamed(member), name: 'Other' })

/** Each thing that an entry can do, to oneself and to others, and the right that it takes; null: nobody may. */
const deeds: readonly (readonly [string, Operation, Action | null])[] = [
  ['found another practice', { type: 'found', practice: createChain([]).roll().practice }, null],
  ['add a member', addMember('new', ['clinician']), 'add-clinician'],
  ['rename oneself', rename('me'), 'rename-oneself'],
  ['rename another', rename('other'), 'rename-member'],
  ['change own roles', changeRoles('me', ['administrator', 'clinician', 'scheduler']), 'change-roles'],
  ["change another's roles", changeRoles('other', ['administrator']), 'change-roles'],
  ['remove another', removeMember('other'), 'remove-member'],
  ['remove oneself', removeMember('me'), 'remove-member'],
  ['link an own device', addDevice('my-phone', 'me'), 'link-own-device'],
  ["let another's device in", addDevice('their-phone', 'other'), 'invite-colleague'],
  ['rename an own device', renameDevice('my-tablet', 'Tablet'), 'rename-own-device'],
  ["rename another's device", renameDevice('their-laptop', 'Laptop'), 'rename-any-device'],
  ['remove an own device', removeDevice('my-tablet'), 'remove-own-device'],
  ["remove another's device", removeDevice('their-laptop'), 'remove-any-device'],
  ['make an own room', setRoom('me', 'room'), 'replace-own-room'],
  ["make another's room", setRoom('other', 'room'), null],
  ['change the tier', tier('premium'), 'change-telehealth'],
  ['make a new practice key', rekey('k1', ['my-laptop']), 'renew-practice-key'],
  ['share the practice key', shareKey('k0', ['their-laptop']), 'share-practice-key'],
]

const roleSets = Array.from({ length: 2 ** roles.length }, (_, bits) => roles.filter((_, index) => bits & (1 << index)))

/** A member with exactly these roles acts; two more administrators are there, so that nobody is the last. */
function practiceWith(mine: readonly Role[]) {
  return createChain([
    addMember('founder', ['administrator', 'clinician']),
    addDevice('founder-laptop', 'founder'),
    addMember('other', ['administrator', 'clinician']),
    addDevice('their-laptop', 'other'),
    addMember('me', mine),
    addDevice('my-laptop', 'me'),
    addDevice('my-tablet', 'me'),
    rekey('k0', ['founder-laptop', 'their-laptop', 'my-laptop', 'my-tablet']),
  ])
}

describe.each(roleSets.map((mine) => [mine.join(' and ') || 'nothing', mine] as const))('who is %s', (_, mine) => {
  it.each(deeds)('may %s exactly when the table of rights says so', (_, operation, right) => {
    const allowed = right !== null && may({ roles: mine }, right)
    expect(mayDo(practiceWith(mine).roll(), keyNamed('my-laptop'), operation)).toBe(allowed ? null : 'not-allowed')
    const chain = practiceWith(mine)
    chain.sign('deed', 'my-laptop', [chain.root], [operation])
    expect(chain.roll().refusals.map(({ reason }) => reason)).toEqual(allowed ? [] : ['not-allowed'])
  })
})

describe('a device that does not belong to the practice', () => {
  it.each(deeds)('may not %s', (_, operation) => {
    expect(mayDo(practiceWith(['administrator']).roll(), keyNamed('stranger'), operation)).toBe('unknown-author')
  })
})
