import type { DeviceKey, MemberId } from '@alcove/shared/domain/ids'
import { hasLeft, type Member, may } from '@alcove/shared/domain/practice'
import type { DeviceSync, SyncState } from '../sync/sync-state.ts'
import type { PeopleState, PracticeDevice, PracticeReport } from '../../sync-ports.ts'
import { deviceLabels } from './device-labels.ts'

/** What the lists of people and devices show, from what the store and sync tell. */
export type PersonRow = {
  readonly member: Member
  readonly isMe: boolean
  readonly devices: number
  readonly online: boolean
  /** Nobody else could administer the practice: keeps the role and stays. */
  readonly isLastAdministrator: boolean
}

export type DeviceRow = {
  readonly device: PracticeDevice
  readonly label: string
  readonly name: string
  /** Null for this device, and before anything is known. */
  readonly sync: DeviceSync | null
  readonly mayRename: boolean
  /** Never this one: it would forget everything before anybody heard of it. */
  readonly mayRemove: boolean
  /** The last administrator's last one. */
  readonly isNeeded: boolean
}

/** Those who have not left, me first. */
export function personRows(
  members: readonly Member[],
  me: Member,
  people: PeopleState | null,
  sync: SyncState | null,
): readonly PersonRow[] {
  const present = members.filter((member) => !hasLeft(member))
  const sorted = [...present.filter(({ id }) => id === me.id), ...present.filter(({ id }) => id !== me.id)]
  return sorted.map((member) => {
    const devices = devicesOf(people, member.id)
    return {
      member,
      isMe: member.id === me.id,
      devices: devices.length,
      online: devices.some((device) => sync?.devices.get(device.key)?.online ?? false),
      isLastAdministrator: isLastAdministrator(member, members, people),
    }
  })
}

/** An administrator without a device can do nothing yet, so does not count. */
export function isLastAdministrator(member: Member, members: readonly Member[], people: PeopleState | null): boolean {
  if (!may(member, 'change-roles')) return false
  return !members.some((other) => other.id !== member.id && may(other, 'change-roles') && devicesOf(people, other.id).length > 0)
}

export function deviceRows(
  members: readonly Member[],
  me: Member,
  people: PeopleState | null,
  sync: SyncState | null,
): { readonly mine: readonly DeviceRow[]; readonly others: readonly DeviceRow[] } {
  const labels = deviceLabels(people?.devices ?? [])
  const rows = (people?.devices ?? []).map((device): DeviceRow => {
    const member = members.find(({ id }) => id === device.member)
    const isMine = device.member === me.id
    return {
      device,
      label: labels.get(device.key) ?? '',
      name: member?.name ?? '',
      sync: device.isThis ? null : (sync?.devices.get(device.key) ?? null),
      mayRename: may(me, 'rename-any-device') || (isMine && may(me, 'rename-own-device')),
      mayRemove: !device.isThis && (may(me, 'remove-any-device') || (isMine && may(me, 'remove-own-device'))),
      isNeeded: member !== undefined && devicesOf(people, member.id).length === 1 && isLastAdministrator(member, members, people),
    }
  })
  const order = (a: DeviceRow, b: DeviceRow) =>
    Number(b.device.isThis) - Number(a.device.isThis) || a.name.localeCompare(b.name) || a.device.addedAt - b.device.addedAt
  return {
    mine: rows.filter(({ device }) => device.member === me.id).sort(order),
    others: may(me, 'remove-any-device') ? rows.filter(({ device }) => device.member !== me.id).sort(order) : [],
  }
}

export function devicesOf(people: PeopleState | null, member: MemberId): readonly PracticeDevice[] {
  return people?.devices.filter((device) => device.member === member) ?? []
}

/** Devices that are online now, with the names of those who use them. */
export function onlineDevices(members: readonly Member[], people: PeopleState | null, sync: SyncState | null) {
  const labels = deviceLabels(people?.devices ?? [])
  return (people?.devices ?? [])
    .filter(({ key, isThis }) => !isThis && (sync?.devices.get(key)?.online ?? false))
    .map((device) => ({
      device,
      label: labels.get(device.key) ?? '',
      name: members.find(({ id }) => id === device.member)?.name ?? '',
    }))
}

export type ReportRow = { readonly report: PracticeReport; readonly count: number; readonly by: DeviceKey | null }

/** The same thing twice is one line. */
export function reportRows(reports: readonly PracticeReport[]): readonly ReportRow[] {
  const rows = new Map<string, ReportRow>()
  for (const report of reports) {
    const by = report.kind === 'refused' ? report.refusal.by : null
    const key = report.kind === 'refused' ? `${report.refusal.by} ${report.refusal.reason}` : report.what
    rows.set(key, { report, by, count: (rows.get(key)?.count ?? 0) + 1 })
  }
  return [...rows.values()]
}
