import { asId, type MemberId } from '@alcove/shared/domain/ids'
import { type Action, actions, hasLeft, type Member, may, type Role, rights, roles, whomToAsk } from '@alcove/shared/domain/practice'
import { expect, test } from 'vitest'

/** Administrator, clinician, scheduler: who may what, written out once more by hand. */
const table: Readonly<Record<Action, readonly [boolean, boolean, boolean]>> = {
  'see-schedule': [true, true, true],
  'book-appointment': [true, true, true],
  'edit-patient': [true, true, true],
  'start-session': [false, true, false],
  'hand-out-link': [true, true, true],
  'replace-own-link': [false, true, false],
  'change-telehealth': [true, false, false],
  'add-clinician': [true, false, false],
  'invite-colleague': [true, false, false],
  'rename-member': [true, false, false],
  'rename-oneself': [true, true, true],
  'change-roles': [true, false, false],
  'remove-member': [true, false, false],
  'remove-any-device': [true, false, false],
  'link-own-device': [true, true, true],
  'rename-own-device': [true, true, true],
  'rename-any-device': [true, false, false],
  'remove-own-device': [true, true, true],
  'replace-own-room': [false, true, false],
  'renew-practice-key': [true, false, false],
  'share-practice-key': [true, true, true],
}

test.each(actions)('who may %s', (action) => {
  expect(roles.map((role) => may({ roles: [role] }, action))).toEqual(table[action])
})

test('several roles may what any one of them may, no role may nothing', () => {
  for (const action of actions) {
    for (let bits = 0; bits < 2 ** roles.length; bits++) {
      const mine = roles.filter((_, index) => bits & (1 << index))
      const expected = table[action].some((allowed, index) => allowed && bits & (1 << index))
      expect(may({ roles: mine }, action), `${mine.join()} ${action}`).toBe(expected)
    }
  }
})

test('every action has somebody who may', () => {
  expect(Object.keys(rights).sort()).toEqual([...actions].sort())
  for (const action of actions) expect(rights[action].length).toBeGreaterThan(0)
})

test('who may not is told exactly whom to ask', () => {
  const member = (name: string, mine: readonly Role[]): Member => ({
    id: asId<MemberId>(name),
    name,
    roles: mine,
    roomKey: null,
    standingLinkGeneration: 0,
  })
  const rivera = member('Dr. Rivera', ['administrator', 'clinician'])
  const okafor = member('Dr. Okafor', ['clinician'])
  const desk = member('Front desk', ['scheduler'])
  expect(whomToAsk([rivera, okafor, desk], 'change-telehealth')).toEqual([rivera])
  expect(whomToAsk([rivera, okafor, desk], 'start-session')).toEqual([rivera, okafor])
  expect(whomToAsk([desk], 'add-clinician')).toEqual([])
})

test('who has left may nothing, and nobody is told to ask them', () => {
  for (const action of actions) expect(may({ roles: [] }, action)).toBe(false)
  expect(hasLeft({ roles: [] })).toBe(true)
  for (const role of roles) expect(hasLeft({ roles: [role] })).toBe(false)
})
