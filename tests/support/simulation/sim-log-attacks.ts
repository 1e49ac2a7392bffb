import type { DocumentId } from '@alcove/shared/domain/ids'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'
import { readHeader } from '@alcove/shared/crypto/sealed-log'
import type { Random } from '../signaling/fuzz.ts'
import { nameOf, recordsOf, rewriteLog, type SimLogDisk } from './sim-log-disk.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** What a server does with a copy of its disk before it shows that to somebody. `fork`: nothing, it goes its own way from here. */
export const attacks = ['reorder', 'drop', 'replay', 'forge', 'roll-back', 'withhold', 'fork'] as const
export type Attack = (typeof attacks)[number]

/** Changes the disk. Null: there was nothing to do it to; otherwise the log that was changed, `all` for several. */
export async function commitAttack(
  disk: SimLogDisk,
  attack: Attack,
  random: Random,
  forgeries: Set<string>,
): Promise<DocumentId | 'all' | null> {
  const [space] = disk.spaces.keys()
  const logs = space ? (disk.spaces.get(space)?.logs ?? null) : null
  if (!space || !logs) return null
  if (attack === 'fork') return 'all'
  const least = attack === 'reorder' || attack === 'drop' ? 2 : 1
  const chosen = [...logs].filter(([, log]) => recordsOf(log).length >= least)
  if (chosen.length === 0) return null
  if (attack === 'roll-back') {
    for (const [name, log] of chosen) await keep(disk, space, name, recordsOf(log), random)
    return 'all'
  }
  const [name, log] = random.pick(chosen)
  const records = recordsOf(log)
  const at = random.below(records.length)
  switch (attack) {
    case 'withhold':
      return (await keep(disk, space, name, records, random)) ? name : null
    case 'drop':
      // Not the last: leaving that out is withholding.
      records.splice(random.below(records.length - 1), 1)
      break
    case 'reorder': {
      const first = random.below(records.length - 1)
      records.splice(first, 2, ...records.slice(first, first + 2).reverse())
      break
    }
    case 'replay':
      records.splice(at + 1 + random.below(records.length - at), 0, records[at] as Bytes)
      break
    case 'forge': {
      const made = forged(records[at] as Bytes, random)
      forgeries.add(nameOf(made))
      records.splice(random.below(records.length + 1), 0, made)
    }
  }
  return (await rewriteLog(disk, space, name, records)) ? name : null
}

async function keep(disk: SimLogDisk, space: SpaceId, name: DocumentId, records: readonly Bytes[], random: Random): Promise<boolean> {
  return rewriteLog(disk, space, name, records.slice(0, Math.max(0, records.length - 1 - random.below(3))))
}

/** With a good header as often as not, and never with a good signature. */
function forged(like: Bytes, random: Random): Bytes {
  if (random.below(3) === 0) return Uint8Array.from(random.bytes(200 + random.below(200)))
  const made = like.slice()
  const isHeaderKept = random.below(2) === 0
  const at = isHeaderKept ? made.length - 1 - random.below(64) : random.below(made.length)
  made[at] = (made[at] ?? 0) ^ (1 + random.below(255))
  return readHeader(made) || !isHeaderKept ? made : Uint8Array.from(random.bytes(300))
}
