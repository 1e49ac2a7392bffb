import type { LogWriters as KnownWriters } from '@alcove/shared/crypto/log-batch'
import { deviceTagOf } from '@alcove/shared/crypto/sealed-log'
import type { DeviceKey } from '@alcove/shared/domain/ids'
import type { Roll } from '@alcove/shared/domain/practice-chain'
import type { DeviceTag } from '@alcove/shared/domain/sealed-log'
import type { LogKeys } from '../../log-ports.ts'

/**
 * Who wrote a record: the practice's devices by their tags, those that were removed as well, and those that were let in to no effect,
 * which are as good as removed: who knew no better let them write, and no server is to blame for it.
 */
export type LogWriters = KnownWriters & {
  /** Before asking; quick when nobody is new. */
  learn(roll: Roll): Promise<void>
  tagOf(device: DeviceKey): Promise<DeviceTag>
}

export function createLogWriters(keys: LogKeys): LogWriters {
  const tags = new Map<DeviceKey, DeviceTag>()
  let devices = new Map<DeviceTag, { readonly device: DeviceKey; readonly removed: boolean }>()
  let learnt: Roll | null = null

  async function tagOf(device: DeviceKey): Promise<DeviceTag> {
    const known = tags.get(device)
    if (known) return known
    const tag = await deviceTagOf(device)
    tags.set(device, tag)
    return tag
  }

  return {
    async learn(roll) {
      if (learnt === roll) return
      const next: typeof devices = new Map()
      for (const device of [...roll.refusedDevices, ...roll.removedDevices.keys()]) next.set(await tagOf(device), { device, removed: true })
      for (const device of roll.devices.keys()) next.set(await tagOf(device), { device, removed: false })
      devices = next
      learnt = roll
    },
    tagOf,
    find: (tag) => devices.get(tag) ?? null,
    contentKey: (epoch, writer) => keys.contentKey(epoch, writer),
  }
}
