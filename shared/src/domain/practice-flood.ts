import type { DeviceKey, EntryHash } from './ids.ts'
import type { ChainEntry, Roll } from './practice-chain.ts'

/**
 * Entries by devices that are not in the practice, kept although they have no effect: a device that was away when it was
 * removed has written a few. Whoever was removed could otherwise sign without end, and fill every device of the practice.
 */
export const maxVoidEntries = 500

/**
 * Of what another device brought, new here: all of it, unless too much of no effect is here already. Then only what devices
 * of the practice signed, and what that builds on. `waiting`: entries whose ancestors are missing.
 */
export function worthKeeping(
  { devices, refusals }: Pick<Roll, 'devices' | 'refusals'>,
  fresh: readonly ChainEntry[],
  waiting: number,
): readonly ChainEntry[] {
  const voided = new Set(refusals.filter(({ reason }) => reason === 'unknown-author').map(({ entry }) => entry))
  if (voided.size + waiting + fresh.length <= maxVoidEntries) return fresh
  const authors = authorsAfter(new Set(devices.keys()), fresh)
  const byHash = new Map(fresh.map((entry) => [entry.hash, entry]))
  const kept = new Set<EntryHash>(fresh.filter(({ by }) => authors.has(by)).map(({ hash }) => hash))
  for (const hash of kept) for (const parent of byHash.get(hash)?.parents ?? []) if (byHash.has(parent)) kept.add(parent)
  return fresh.filter(({ hash }) => kept.has(hash))
}

/** Also those that come into the practice with it. */
function authorsAfter(known: ReadonlySet<DeviceKey>, fresh: readonly ChainEntry[]): ReadonlySet<DeviceKey> {
  const added = new Map<DeviceKey, Set<DeviceKey>>()
  for (const { by, operations } of fresh) {
    const devices = operations.flatMap((operation) => (operation.type === 'add-device' ? [operation.device] : []))
    if (devices.length > 0) added.set(by, new Set([...(added.get(by) ?? []), ...devices]))
  }
  const authors = new Set(known)
  for (const author of authors) for (const device of added.get(author) ?? []) authors.add(device)
  return authors
}
