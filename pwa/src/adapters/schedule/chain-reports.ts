import type { MemberId } from '@alcove/shared/domain/ids'
import type { Operation } from '@alcove/shared/domain/practice-chain'
import type { History } from '@alcove/shared/domain/practice-roll'
import type { PracticeReport } from '../../sync-ports.ts'
import type { ChainBook } from './chain-book.ts'
import { type Fields, sameValue } from './documents.ts'
import type { PracticeView } from './views.ts'

/**
 * What in the practice document claims to be something that only a signature makes true. The first version kept tier,
 * names, roles and rooms there: what still stands as it was when the chain was founded is no claim.
 */
export function reportsOf(view: PracticeView, book: ChainBook, brokenEntries: boolean): readonly PracticeReport[] {
  const operations = book.get(book.root)?.entry.operations ?? []
  const reports: PracticeReport[] = []
  const unsigned = (what: 'telehealth' | 'roles' | 'room' | 'entry') => reports.push({ kind: 'unsigned', what })
  if (isClaim(view.settings.telehealth, foundingTier(operations))) unsigned('telehealth')
  const fields = [...view.members].map(([id, shelved]) => ({ fields: shelved.fields, founded: foundedAs(operations, id as MemberId) }))
  if (fields.some(({ fields, founded }) => isClaim(fields.roles, founded.roles) || isClaim(fields.name, founded.name))) unsigned('roles')
  if (fields.some(({ fields, founded }) => isClaim(fields.roomKey, founded.roomKey))) unsigned('room')
  if (brokenEntries) unsigned('entry')
  return [...reports, ...book.roll().refusals.map((refusal) => ({ kind: 'refused', refusal }) as const)]
}

function isClaim(value: unknown, founded: unknown): boolean {
  return value !== undefined && value !== null && !sameValue(value, founded)
}

function foundingTier(operations: readonly Operation[]): unknown {
  return operations.flatMap((operation) => (operation.type === 'change-telehealth' ? [operation.tier] : [])).at(-1)
}

function foundedAs(operations: readonly Operation[], member: MemberId): Fields {
  const fields: Record<string, unknown> = {}
  for (const operation of operations) {
    if (operation.type === 'add-member' && operation.member === member)
      Object.assign(fields, { name: operation.name, roles: operation.roles })
    if (operation.type === 'set-room' && operation.member === member) fields.roomKey = operation.roomKey
  }
  return fields
}

/** When my room took the place of another one; null while it is my first. */
export function roomReplacedAt({ roll, order }: History, me: MemberId): number | null {
  const member = roll.members.get(me)
  if (!member || member.roomKey === null) return null
  const refused = new Set(roll.refusals.flatMap(({ entry, operation }) => (operation === 'set-room' ? [entry] : [])))
  const rooms = new Set<string>()
  for (const { hash, operations } of order) {
    for (const operation of operations) {
      if (operation.type === 'set-room' && operation.member === me && !refused.has(hash)) rooms.add(operation.roomKey)
    }
  }
  return rooms.size > 1 ? member.roomSince : null
}
