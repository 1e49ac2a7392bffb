import { describe, expect, it } from 'vitest'
import {
  deviceRows,
  isLastAdministrator,
  onlineDevices,
  personRows,
  reportRows,
} from '../../../../../pwa/src/features/people/people-view.ts'
import {
  desk,
  deskComputer,
  deviceKey,
  exampleReports,
  former,
  member,
  mensah,
  mensahLaptop,
  online,
  peopleOf,
  phone,
  rivera,
  syncOf,
  thisDevice,
} from '../../../../support/people/examples.ts'

const members = [mensah, rivera, desk, former]
const everything = peopleOf([deskComputer, mensahLaptop, phone, thisDevice], exampleReports)
const sync = syncOf({ kind: 'synced' }, { devices: new Map([[mensahLaptop.key, online]]) })

describe('the list of people', () => {
  it('begins with me, and leaves out those who left', () => {
    expect(personRows(members, rivera, everything, sync).map(({ member: { name }, isMe }) => [name, isMe])).toEqual([
      ['Dr. Ana Rivera', true],
      ['Dr. Kofi Mensah', false],
      ['Pat Desk', false],
    ])
  })

  it('counts devices and says who is online', () => {
    const rows = personRows(members, rivera, everything, sync)
    expect(rows.map(({ devices }) => devices)).toEqual([2, 1, 1])
    expect(rows.map((row) => row.online)).toEqual([false, true, false])
    expect(personRows(members, rivera, null, null).map(({ devices }) => devices)).toEqual([0, 0, 0])
  })

  it('holds the last administrator: one without a device does not count', () => {
    const second = member('Dr. Noor Haddad', ['administrator'])
    expect(isLastAdministrator(rivera, members, everything)).toBe(true)
    expect(isLastAdministrator(rivera, [...members, second], everything)).toBe(true)
    const joined = peopleOf([...everything.devices, { ...phone, key: deskComputer.key, member: second.id }])
    expect(isLastAdministrator(rivera, [...members, second], joined)).toBe(false)
    expect(isLastAdministrator(mensah, members, everything)).toBe(false)
  })
})

describe('the list of devices', () => {
  it('tells devices of one person that are called the same apart, in the order of their addition', () => {
    const [second, third] = ['second', 'third'].map((name) => ({ ...thisDevice, key: deviceKey(name), isThis: false }))
    if (!second || !third) throw new Error('No devices')
    const theirs = { ...thisDevice, key: deviceKey('theirs'), member: mensah.id, isThis: false }
    const all = peopleOf([second, theirs, thisDevice, third])
    const { mine, others } = deviceRows(members, rivera, all, null)
    expect(new Map(mine.map(({ device, label }) => [device.key, label]))).toEqual(
      new Map([
        [second.key, 'Chrome on Linux'],
        [thisDevice.key, 'Chrome on Linux (2)'],
        [third.key, 'Chrome on Linux (3)'],
      ]),
    )
    expect(others.map(({ label }) => label)).toEqual(['Chrome on Linux'])
    const named = peopleOf([second, { ...thisDevice, label: 'Office' }, third])
    expect(
      deviceRows(members, rivera, named, null)
        .mine.map(({ label }) => label)
        .sort(),
    ).toEqual(['Chrome on Linux', 'Chrome on Linux (2)', 'Office'])
  })

  it('lets a member rename own devices, and an administrator any', () => {
    const rows = (me: typeof rivera) => Object.values(deviceRows(members, me, everything, sync)).flat()
    expect(rows(rivera).map(({ mayRename }) => mayRename)).toEqual([true, true, true, true])
    expect(rows(mensah).map(({ device, mayRename }) => [device.key, mayRename])).toEqual([[mensahLaptop.key, true]])
  })

  it("shows an administrator everybody's, this one first, and may remove them", () => {
    const { mine, others } = deviceRows(members, rivera, everything, sync)
    expect(mine.map(({ device }) => device.label)).toEqual(['Chrome on Linux', 'Safari on iPhone or iPad'])
    expect(others.map(({ name, sync: state }) => [name, state?.online ?? null])).toEqual([
      ['Dr. Kofi Mensah', true],
      ['Pat Desk', null],
    ])
    expect([...mine, ...others].map(({ mayRemove }) => mayRemove)).toEqual([false, true, true, true])
    expect([...mine, ...others].map(({ isNeeded }) => isNeeded)).toEqual([false, false, false, false])
  })

  it('shows everybody else their own alone', () => {
    const { mine, others } = deviceRows(members, mensah, everything, sync)
    expect([mine.length, others.length]).toEqual([1, 0])
    expect(mine[0]?.mayRemove).toBe(true)
  })

  it("keeps the last administrator's last device", () => {
    const { mine } = deviceRows(members, rivera, peopleOf([thisDevice, mensahLaptop]), sync)
    expect(mine.map(({ isNeeded }) => isNeeded)).toEqual([true])
  })

  it('names who is online, without this device', () => {
    const devices = new Map([
      [thisDevice.key, online],
      [mensahLaptop.key, online],
    ])
    expect(onlineDevices(members, everything, syncOf({ kind: 'synced' }, { devices })).map(({ name }) => name)).toEqual(['Dr. Kofi Mensah'])
  })
})

describe('what was not accepted', () => {
  it('is one line for the same thing twice', () => {
    expect(reportRows(exampleReports).map(({ count, by }) => [count, by])).toEqual([
      [2, null],
      [1, mensahLaptop.key],
    ])
  })
})
