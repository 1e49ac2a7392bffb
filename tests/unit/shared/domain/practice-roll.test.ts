import type { EntryHash } from '@alcove/shared/domain/ids'
import type { Operation } from '@alcove/shared/domain/practice-chain'
import { foremostHeads, mayDo, orderEntries, rollOf } from '@alcove/shared/domain/practice-roll'
import { describe, expect, it } from 'vitest'
import {
  addDevice,
  addMember,
  changeRoles,
  createChain,
  everybody,
  found,
  hashOf,
  keyNamed,
  memberNamed,
  newPractice,
  reasons,
  rekey,
  removeDevice,
  renameDevice,
  removeMember,
  setRoom,
  shareKey,
  standing,
  tier,
} from '../../../support/chain/chain-world.ts'

describe('the devices of a member', () => {
  it('are of one line as far as the member linked them from one another, and the room is of its maker’s', () => {
    const chain = createChain([addMember('founder', ['administrator']), addDevice('founder-laptop', 'founder')])
    const added = chain.sign('colleague', 'founder-laptop', [chain.root], [addMember('chen', ['clinician']), addDevice('laptop', 'chen')])
    const room = chain.sign('room', 'laptop', [added], [setRoom('chen', 'room-1'), addDevice('phone', 'chen')])
    const stray = chain.sign('stray', 'founder-laptop', [room], [addDevice('stray', 'chen')])
    const late = chain.sign('late', 'phone', [stray], [addDevice('tablet', 'chen')])
    const lines = () => [...chain.roll().devices.values()].map(({ key, line, addedBy }) => [key, line, addedBy])
    const first = ['founder-laptop', 'founder-laptop', 'founder-laptop']
    const [laptop, phone, other, tablet] = [
      ['laptop', 'laptop', 'founder-laptop'],
      ['phone', 'laptop', 'laptop'],
      ['stray', 'stray', 'founder-laptop'],
      ['tablet', 'laptop', 'phone'],
    ]
    expect(lines()).toEqual([first, laptop, phone, other, tablet])
    expect(chain.roll().members.get(memberNamed('chen'))).toMatchObject({ roomKey: 'room-1', roomLine: 'laptop' })
    // Who linked whom stays, whoever is removed.
    const gone = chain.sign('gone', 'phone', [late], [removeDevice('laptop'), rekey('next', ['founder-laptop', 'phone', 'tablet'])])
    const more = chain.sign('more', 'stray', [gone], [addDevice('another', 'chen'), setRoom('chen', 'room-2')])
    expect(lines()).toEqual([first, phone, other, tablet, ['another', 'stray', 'stray']])
    expect(chain.roll().members.get(memberNamed('chen'))).toMatchObject({ roomKey: 'room-2', roomLine: 'stray' })
    chain.sign('left', 'founder-laptop', [more], [removeMember('chen')])
    expect(chain.roll().members.get(memberNamed('chen'))).toMatchObject({ roomKey: null, roomLine: null })
  })
})

describe('the founding entry', () => {
  it('makes the practice, its first members, devices and tier', () => {
    const roll = newPractice().roll()
    expect([...roll.members.values()].map(({ name, roles }) => `${name}: ${roles.join(' ')}`)).toEqual([
      'founder: administrator clinician',
      'second: administrator',
      'clinician: clinician',
      'desk: scheduler',
    ])
    expect([...roll.devices.keys()]).toEqual(everybody)
    expect(roll).toMatchObject({ practice: 'practice', telehealth: 'basic', epoch: null, refusals: [] })
  })

  it('is the pinned one: another founding, or none, is no practice', () => {
    const chain = newPractice()
    expect(rollOf(chain.entries(), hashOf('another'))).toBeNull()
    expect(rollOf([], chain.root)).toBeNull()
    const rival = chain.sign('rival', 'mallory', [], [found, addMember('mallory', ['administrator']), addDevice('mallory', 'mallory')])
    chain.sign('child of the rival', 'mallory', [rival], [tier('premium')])
    chain.sign('child of both', 'founder-laptop', [chain.root, rival], [tier('premium')])
    expect(orderEntries(chain.entries(), chain.root).map(({ hash }) => hash)).toEqual([chain.root])
    const known = chain.entries().filter(({ hash }) => hash !== rival)
    expect(rollOf(known, chain.root)?.telehealth).toBe('basic')
  })

  it('needs a practice in its first operation', () => {
    const { entries } = createChain([])
    const [founding] = entries()
    if (!founding) throw new Error('there is one entry')
    expect(rollOf([{ ...founding, operations: [tier('basic')] }], founding.hash)).toBeNull()
  })
})

describe('an entry whose ancestors are missing', () => {
  it('waits for them and counts once they are here', () => {
    const chain = newPractice()
    const first = chain.sign('first', 'founder-laptop', [chain.root], [tier('premium')])
    const second = chain.sign('second', 'founder-laptop', [first], [tier('off')])
    const without = chain.entries().filter(({ hash }) => hash !== first)
    expect(rollOf(without, chain.root)).toMatchObject({ telehealth: 'basic', heads: [chain.root] })
    expect(chain.roll()).toMatchObject({ telehealth: 'off', heads: [second] })
  })
})

describe('two administrators who were offline', () => {
  it('both keep their word', () => {
    const chain = newPractice()
    const a = chain.sign('a', 'founder-laptop', [chain.root], [addMember('new', ['clinician'])])
    const b = chain.sign('b', 'second-laptop', [chain.root], [tier('premium'), changeRoles('desk', ['scheduler', 'clinician'])])
    expect([...chain.roll().heads].sort()).toEqual([a, b].sort())
    const merged = chain.sign(
      'merge',
      'desk-computer',
      [a, b],
      [{ type: 'rename-member', member: memberNamed('desk'), name: 'Front desk' }],
    )
    expect(chain.roll()).toMatchObject({ telehealth: 'premium', heads: [merged], refusals: [] })
    expect(chain.roll().members.get(memberNamed('desk'))).toMatchObject({ name: 'Front desk', roles: ['clinician', 'scheduler'] })
    expect(chain.roll().members.has(memberNamed('new'))).toBe(true)
  })

  it('who rename different devices keep both names, and each device its place among the others', () => {
    const chain = newPractice()
    const before = [...chain.roll().devices.keys()]
    chain.sign('a', 'clinician-laptop', [chain.root], [renameDevice('clinician-laptop', 'Office')])
    chain.sign('b', 'founder-laptop', [chain.root], [renameDevice('clinician-phone', 'Lost phone'), renameDevice('gone', 'Nowhere')])
    const { devices } = chain.roll()
    expect(devices.get(keyNamed('clinician-laptop'))?.label).toBe('Office')
    expect(devices.get(keyNamed('clinician-phone'))?.label).toBe('Lost phone')
    expect([...devices.keys()]).toEqual(before)
    expect(reasons(chain)).toEqual(['rename-device impossible'])
  })

  it('who say different things of the same get one of the two, the same everywhere', () => {
    const chain = newPractice()
    const a = chain.sign('a', 'founder-laptop', [chain.root], [tier('premium')])
    const b = chain.sign('b', 'second-laptop', [chain.root], [tier('off')])
    expect(chain.roll().telehealth).toBe(a < b ? 'off' : 'premium')
  })
})

describe('a device that was removed', () => {
  const thief = 'second-laptop'
  const actions: readonly (readonly [string, Operation])[] = [
    ['change the tier', tier('premium')],
    ['add a member', addMember('mallory', ['administrator'])],
    ['add a device', addDevice('mallory-device', 'founder')],
    ['come back', addDevice(thief, 'second')],
    ['take a role', changeRoles('clinician', ['scheduler'])],
    ['remove another device', removeDevice('clinician-laptop')],
    ['remove its remover', removeDevice('founder-laptop')],
    ['remove its remover with all devices', removeMember('founder')],
    ['make its remover no administrator', changeRoles('founder', ['clinician'])],
    ['make a new key', rekey('stolen', [thief])],
  ]

  it.each(actions)('cannot %s by signing on parents of before', (_, operation) => {
    const chain = newPractice()
    const removal = chain.sign('removal', 'founder-laptop', [chain.root], [removeDevice(thief), rekey('k1', ['founder-laptop'])])
    chain.sign('later', 'founder-laptop', [removal], [tier('off')])
    const before = standing(chain.roll())
    for (let attempt = 0; attempt < 12; attempt++) {
      const backdated = chain.sign(`backdated ${attempt}`, thief, [chain.root], [operation])
      chain.sign(`and on top ${attempt}`, thief, [backdated], [operation])
    }
    expect(standing(chain.roll())).toEqual(before)
    expect(chain.roll().refusals).toHaveLength(24)
  })

  it('cannot come back, not by itself, not by its remover, not by anybody', () => {
    const chain = newPractice()
    const removal = chain.sign('removal', 'founder-laptop', [chain.root], [removeDevice(thief)])
    chain.sign('again', 'founder-laptop', [removal], [addDevice(thief, 'second')])
    chain.sign('concurrently', 'clinician-laptop', [chain.root], [addDevice(thief, 'clinician')])
    expect(chain.roll().devices.has(keyNamed(thief))).toBe(false)
    expect(chain.roll().removedDevices.get(keyNamed(thief))).toMatchObject({ member: 'second', by: 'founder-laptop' })
    expect(reasons(chain).sort()).toEqual(['add-device impossible', 'add-device impossible'])
  })

  it('whose device it let in loses that one too, when nobody knew of it', () => {
    const chain = newPractice()
    const invited = chain.sign('invites', thief, [chain.root], [addDevice('second-phone', 'second')])
    chain.sign('speaks', 'second-phone', [invited], [tier('premium')])
    chain.sign('removal', 'founder-laptop', [chain.root], [removeDevice(thief)])
    expect(chain.roll()).toMatchObject({ telehealth: 'basic' })
    expect(reasons(chain).sort()).toEqual(['add-device unknown-author', 'change-telehealth unknown-author'])
  })

  it('whose device it let in is remembered with those that it let in itself, since others may have believed them; a stranger’s are not', () => {
    const chain = newPractice()
    const invited = chain.sign('invites', thief, [chain.root], [addDevice('second-phone', 'second')])
    chain.sign('invites on', 'second-phone', [invited], [addDevice('second-tablet', 'second')])
    expect(chain.roll().refusedDevices).toEqual(new Set())
    chain.sign('removal', 'founder-laptop', [chain.root], [removeDevice(thief)])
    chain.sign('a stranger', 'nowhere', [chain.root], [addDevice('elsewhere', 'second')])
    expect(chain.roll().refusedDevices).toEqual(new Set(['second-phone', 'second-tablet'].map(keyNamed)))
  })

  it('without any right does not get ahead of its removal by pretending to remove others', () => {
    const chain = newPractice()
    // The desk's computer has belonged longer than the administrator who removes it.
    const added = chain.sign(
      'a newer administrator',
      'founder-laptop',
      [chain.root],
      [addMember('newer', ['administrator']), addDevice('newer-laptop', 'newer')],
    )
    chain.sign('removal', 'newer-laptop', [added], [removeDevice('desk-computer'), rekey('k1', ['founder-laptop'])])
    const before = standing(chain.roll())
    let head: EntryHash = added
    for (let number = 0; number < 5; number++) {
      head = chain.sign(
        `renames ${number}`,
        'desk-computer',
        [head],
        [{ type: 'rename-member', member: memberNamed('desk'), name: 'Mallory' }],
      )
    }
    chain.sign(
      'pretends',
      'desk-computer',
      [head],
      [removeDevice('newer-laptop'), removeMember('newer'), changeRoles('newer', ['scheduler'])],
    )
    expect(standing(chain.roll())).toEqual(before)
    expect(chain.roll().members.get(memberNamed('desk'))?.name).toBe('desk')
  })

  it('cannot keep a new entry from building on those that count, however many it signs', () => {
    const chain = newPractice()
    const removal = chain.sign('a removal', 'founder-laptop', [chain.root], [removeDevice('clinician-phone')])
    const added = chain.sign(
      'z addition',
      'founder-laptop',
      [removal],
      [addMember('third', ['administrator']), addDevice('third-pc', 'third')],
    )
    const junk = Array.from({ length: 12 }, (_, i) =>
      chain.sign(`j${i}`, 'clinician-phone', [chain.root], [addDevice(`x${i}`, 'clinician')]),
    )
    expect(chain.roll().heads).toHaveLength(13)
    const parents = foremostHeads(chain.roll(), 8)
    expect(parents).toHaveLength(8)
    expect(parents).toContain(added)
    expect(parents).toEqual([...parents].sort())
    chain.sign('next', 'third-pc', parents, [tier('premium')])
    expect(chain.roll().telehealth).toBe('premium')
    expect(junk.every((hash) => chain.roll().refusals.some(({ entry }) => entry === hash))).toBe(true)
  })
})

describe('two who take something from each other', () => {
  it('by removal: the one whose device has belonged longer stays', () => {
    for (const [first, second] of [
      ['x', 'y'],
      ['y', 'x'],
      ['p', 'q'],
      ['q', 'p'],
    ] as const) {
      const chain = newPractice()
      const a = chain.sign(first, 'founder-laptop', [chain.root], [removeDevice('second-laptop')])
      const b = chain.sign(second, 'second-laptop', [chain.root], [removeDevice('founder-laptop')])
      chain.sign('merge', 'desk-computer', [a, b], [shareKey('none', [])])
      expect(chain.roll().devices.has(keyNamed('founder-laptop'))).toBe(true)
      expect(chain.roll().devices.has(keyNamed('second-laptop'))).toBe(false)
      expect(reasons(chain)).toContain('remove-device unknown-author')
    }
  })

  it('by demotion: the same', () => {
    const chain = newPractice()
    chain.sign('a', 'founder-laptop', [chain.root], [changeRoles('second', ['scheduler'])])
    chain.sign('b', 'second-laptop', [chain.root], [changeRoles('founder', ['clinician'])])
    expect(chain.roll().members.get(memberNamed('founder'))?.roles).toContain('administrator')
    expect(chain.roll().members.get(memberNamed('second'))?.roles).toEqual(['scheduler'])
    expect(reasons(chain)).toEqual(['change-roles not-allowed'])
  })

  it('three in a ring: the one who has belonged longest goes first', () => {
    const chain = newPractice()
    const third = chain.sign(
      'third',
      'founder-laptop',
      [chain.root],
      [addMember('third', ['administrator']), addDevice('third-laptop', 'third')],
    )
    chain.sign('a', 'founder-laptop', [third], [removeDevice('second-laptop')])
    chain.sign('b', 'second-laptop', [third], [removeDevice('third-laptop')])
    chain.sign('c', 'third-laptop', [third], [removeDevice('founder-laptop')])
    const { devices } = chain.roll()
    // The founder removes the second; the second's word against the third is void; so the third's against the founder counts.
    expect(['founder-laptop', 'second-laptop', 'third-laptop'].filter((name) => devices.has(keyNamed(name)))).toEqual(['third-laptop'])
  })

  it('does not let a bystander in the same offline hours go ahead of a removal', () => {
    const chain = newPractice()
    const third = chain.sign(
      'third',
      'founder-laptop',
      [chain.root],
      [addMember('third', ['administrator']), addDevice('third-laptop', 'third')],
    )
    // The founder's laptop, most senior, is removed by the second; meanwhile second and third remove each other.
    chain.sign('removes the founder', 'second-laptop', [third], [removeDevice('founder-laptop')])
    chain.sign('removes the second', 'third-laptop', [third], [removeDevice('second-laptop')])
    const b = chain.sign('removes the third', 'second-laptop', [third], [removeDevice('third-laptop')])
    chain.sign('bystander', 'founder-laptop', [third], [tier('premium')])
    expect(b).toBeTruthy()
    expect(chain.roll()).toMatchObject({ telehealth: 'basic' })
    expect(chain.roll().devices.has(keyNamed('founder-laptop'))).toBe(false)
  })
})

describe('the last administrator', () => {
  const single = () =>
    createChain([
      addMember('founder', ['administrator']),
      addDevice('founder-laptop', 'founder'),
      addMember('invited', ['administrator']),
      addMember('desk', ['scheduler']),
      addDevice('desk-computer', 'desk'),
    ])

  it('can be neither removed nor demoted nor lose the last device, while the other administrators have none', () => {
    for (const operation of [removeDevice('founder-laptop'), removeMember('founder'), changeRoles('founder', ['clinician'])]) {
      const chain = single()
      chain.sign('a', 'founder-laptop', [chain.root], [operation])
      expect(chain.roll().refusals.map(({ reason }) => reason)).toEqual(['last-administrator'])
      expect(mayDo(single().roll(), keyNamed('founder-laptop'), operation)).toBe('last-administrator')
    }
  })

  it('is found in any order: of two who both step back at the same time one stays', () => {
    const chain = newPractice()
    chain.sign('a', 'founder-laptop', [chain.root], [changeRoles('founder', ['clinician'])])
    chain.sign('b', 'second-laptop', [chain.root], [removeMember('second')])
    expect(chain.roll().refusals.map(({ reason }) => reason)).toEqual(['last-administrator'])
  })

  it('may go once another one has a device', () => {
    const chain = single()
    const device = chain.sign('a', 'founder-laptop', [chain.root], [addDevice('invited-laptop', 'invited')])
    chain.sign('b', 'founder-laptop', [device], [removeMember('founder')])
    const founder = chain.roll().members.get(memberNamed('founder'))
    expect(founder).toMatchObject({ name: 'founder', roles: [], removed: true })
    expect(chain.roll().refusals).toEqual([])
  })
})
