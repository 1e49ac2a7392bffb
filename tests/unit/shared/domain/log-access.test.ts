import { accessRefusal, type AccessStatement, isAdmitted, sameAccess } from '@alcove/shared/domain/log-access'
import type { DeviceKey, EntryHash } from '@alcove/shared/domain/ids'
import { maxDevices } from '@alcove/shared/domain/practice-chain'
import type { AccessDevice, AccessList, SpaceId } from '@alcove/shared/domain/sealed-log'
import { describe, expect, test } from 'vitest'

const space = 'space' as SpaceId
const device = (name: string, member: string, administrator = false): AccessDevice => ({ device: name as DeviceKey, member, administrator })
const admin = device('admin', 'rivera', true)
const [mine, colleague] = [device('mine', 'chen'), device('colleague', 'gray')]

function list(by: string, devices: readonly AccessDevice[], version = 4): AccessList {
  return {
    space,
    version,
    previous: version === 0 ? null : 'hash',
    root: version === 0 ? ('root' as EntryHash) : null,
    by: by as DeviceKey,
    devices,
  }
}
const before: AccessStatement = { list: list('admin', [admin, mine, colleague], 3), hash: 'hash' }
const refusal = (by: string, devices: readonly AccessDevice[]) => accessRefusal(before, list(by, devices))

describe('the next access list', () => {
  test('may be anything when an administrator’s device signs it', () => {
    expect(refusal('admin', [admin])).toBeNull()
    expect(refusal('admin', [device('other', 'gray', true), device('new', 'new')])).toBeNull()
  })

  test('may bring and take devices of the signer’s own member, with the rights that the signer has', () => {
    expect(refusal('mine', [admin, mine, colleague, device('tablet', 'chen')])).toBeNull()
    expect(refusal('mine', [admin, colleague, device('tablet', 'chen')])).toBeNull()
    expect(refusal('mine', [colleague, mine, admin])).toBeNull()
  })

  test('may let in devices of others, whoever signs it: who did that may be gone by now', () => {
    expect(refusal('mine', [admin, mine, colleague, device('tablet', 'gray'), device('new', 'new')])).toBeNull()
  })

  test('may not change or take away anybody else’s, nor give rights, when no administrator signs it', () => {
    const others = [
      [admin, mine],
      [mine, colleague, device('new', 'chen', true)],
      [admin, mine, device('new', 'gray')],
      [admin, mine, colleague, device('tablet', 'chen', true)],
      [admin, mine, colleague, device('tablet', 'gray', true)],
      [device('admin', 'rivera'), mine, colleague, device('tablet', 'chen', true)],
      [admin, { ...mine, administrator: true }, colleague],
      [admin, { ...mine, member: 'gray' }, colleague],
      [admin, mine, { ...colleague, member: 'chen' }],
    ]
    for (const devices of others) expect(refusal('mine', devices)).toBe('not-allowed')
  })

  test('is signed by a device of the list before', () => {
    expect(refusal('stranger', [admin, mine, colleague, device('stranger', 'chen')])).toBe('unknown-signer')
  })

  test('leaves somebody who may change everything, and has each device once, and not too many', () => {
    expect(refusal('admin', [mine, colleague])).toBe('impossible')
    expect(refusal('admin', [])).toBe('impossible')
    expect(refusal('admin', [admin, mine, mine])).toBe('impossible')
    const many = Array.from({ length: maxDevices }, (_, index) => device(`d${index}`, 'm'))
    expect(refusal('admin', [admin, ...many])).toBe('impossible')
    expect(refusal('admin', [admin, ...many.slice(1)])).toBeNull()
  })

  test('stands on the newest one of its space', () => {
    const next = list('admin', [admin])
    for (const strange of [{ version: 3 }, { version: 5 }, { previous: 'other' }, { previous: null }, { space: 'other' as SpaceId }]) {
      expect(accessRefusal(before, { ...next, ...strange })).toBe('out-of-line')
    }
  })
})

describe('the first access list', () => {
  test('has its signer among those who may change everything', () => {
    expect(accessRefusal(null, list('admin', [admin, mine], 0))).toBeNull()
    expect(accessRefusal(null, list('mine', [admin, mine], 0))).toBe('not-allowed')
    expect(accessRefusal(null, list('stranger', [admin], 0))).toBe('unknown-signer')
  })

  test('is the first', () => {
    expect(accessRefusal(null, list('admin', [admin], 1))).toBe('out-of-line')
    expect(accessRefusal(before, list('admin', [admin], 0))).toBe('out-of-line')
  })
})

test('two lists are the same when they admit the same devices with the same rights', () => {
  expect(sameAccess({ devices: [admin, mine] }, { devices: [mine, admin] })).toBe(true)
  expect(sameAccess({ devices: [admin, mine] }, { devices: [admin] })).toBe(false)
  expect(sameAccess({ devices: [admin, mine] }, { devices: [admin, { ...mine, administrator: true }] })).toBe(false)
  expect(isAdmitted(before.list, mine.device)).toBe(true)
  expect(isAdmitted(before.list, 'stranger' as DeviceKey)).toBe(false)
})
