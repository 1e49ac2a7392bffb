import type { DeviceKey } from './ids.ts'
import { maxDevices } from './practice-chain.ts'
import type { AccessDevice, AccessList } from './sealed-log.ts'

/** A verified statement of the access list. `hash`: its name, the `previous` of the next. */
export type AccessStatement = { readonly list: AccessList; readonly hash: string }

export type AccessRefusal =
  /** Of another space, or it does not stand on the newest one. */
  | 'out-of-line'
  /** The signer is not on the list before. */
  | 'unknown-signer'
  /** A change that the signer's device may not make. */
  | 'not-allowed'
  /** A device twice, too many of them, or nobody left who may change everything. */
  | 'impossible'

/**
 * Whether a statement may follow. `previous` null: it begins a space, and that the space is its signer's own has been verified
 * with the signature (shared/crypto/log-access). An administrator's device may change everything. Any other may let devices in,
 * and take away those of its own member, none of them with more rights than it has itself: where whoever let somebody in was
 * removed or lost before it could say so here, the others can.
 */
export function accessRefusal(previous: AccessStatement | null, next: AccessList): AccessRefusal | null {
  if (!isSound(next)) return 'impossible'
  if (!previous) {
    if (next.version !== 0 || next.previous !== null) return 'out-of-line'
    const signer = deviceOf(next, next.by)
    if (!signer) return 'unknown-signer'
    return signer.administrator ? null : 'not-allowed'
  }
  const { list, hash } = previous
  if (next.space !== list.space || next.version !== list.version + 1 || next.previous !== hash) return 'out-of-line'
  const signer = deviceOf(list, next.by)
  if (!signer) return 'unknown-signer'
  if (signer.administrator) return null
  const isOwn = ({ member, administrator }: AccessDevice) => member === signer.member && !administrator
  const isNew = ({ device, administrator }: AccessDevice) => deviceOf(list, device) === undefined && !administrator
  return changesBetween(list, next).every((one) => isOwn(one) || isNew(one)) ? null : 'not-allowed'
}

/** Whether this device may read and write in the space now. */
export function isAdmitted(list: AccessList, device: DeviceKey): boolean {
  return deviceOf(list, device) !== undefined
}

/** Whether both admit the same devices with the same rights, in whatever order. */
export function sameAccess(one: Pick<AccessList, 'devices'>, other: Pick<AccessList, 'devices'>): boolean {
  return changesBetween(one, other).length === 0
}

function isSound({ devices }: AccessList): boolean {
  return (
    devices.length <= maxDevices &&
    new Set(devices.map(({ device }) => device)).size === devices.length &&
    devices.some(({ administrator }) => administrator)
  )
}

function deviceOf({ devices }: AccessList, key: DeviceKey): AccessDevice | undefined {
  return devices.find(({ device }) => device === key)
}

/** Whatever stands in one alone, as it stands there. A device whose rights differ is there twice. */
function changesBetween(one: Pick<AccessList, 'devices'>, other: Pick<AccessList, 'devices'>): readonly AccessDevice[] {
  const nameOf = ({ device, member, administrator }: AccessDevice) => `${device} ${member} ${administrator}`
  const [names, others] = [one, other].map(({ devices }) => new Set(devices.map(nameOf)))
  return [...one.devices.filter((device) => !others?.has(nameOf(device))), ...other.devices.filter((device) => !names?.has(nameOf(device)))]
}
