import { maxKitBytes } from '@alcove/shared/protocol/log-messages'
import { reserve } from './append.ts'
import type { LogContext } from './context.ts'
import type { Bytes, Line } from './line.ts'
import type { Seat } from './spaces.ts'

/** Of one device. */
export const maxKitsPerDevice = 16

/** What a recovery kit opens: the only thing here that somebody reads who has no device any more. */
export async function receivePutKit(context: LogContext, seat: Seat, id: number, locator: string, bytes: Bytes): Promise<void> {
  const { space, line, device } = seat
  if (bytes.length > maxKitBytes) return line.refuse(id, 'too-large')
  await seat.entry.turns.take(async () => {
    const other = await context.store.readKit(locator)
    // Of another practice. Who knows a locator has the words, or means harm.
    if (other !== null && other.space !== space.id) return line.refuse(id, 'not-a-member')
    const before = space.kits.get(locator)
    const grows = bytes.length - (before?.size ?? 0)
    const isFull = grows > 0 && space.usedBytes + grows > context.limits.LIMIT_LOG_BYTES_PER_SPACE * (1 + reserve)
    const own = [...space.kits].filter(([known, kit]) => kit.device === device && known !== locator).length
    if (isFull) context.report({ type: 'limit', limit: 'LIMIT_LOG_BYTES_PER_SPACE' })
    if (bytes.length > 0 && (isFull || own >= maxKitsPerDevice)) return line.refuse(id, 'space-full')
    const outcome = await context.store.commit([
      bytes.length > 0 ? { type: 'kit', locator, kit: { space: space.id, device, bytes } } : { type: 'no-kit', locator, space: space.id },
    ])
    if (outcome !== 'stored') return line.refuse(id, outcome === 'full' ? 'server-full' : 'failed')
    space.usedBytes += grows
    if (bytes.length > 0) space.kits.set(locator, { device, size: bytes.length })
    else space.kits.delete(locator)
    line.send({ type: 'kit-kept', id })
  })
}

/** For anybody who knows the locator, which only the kit's words tell. */
export async function receiveGetKit(context: LogContext, line: Line, id: number, locator: string): Promise<void> {
  if (!context.kitsByAddress.take(line.address, context.now())) {
    context.report({ type: 'limit', limit: 'LIMIT_KIT_READS_PER_ADDRESS_PER_MINUTE' })
    return line.refuse(id, 'rate-limited')
  }
  const kit = await context.store.readKit(locator)
  if (kit === null) return line.refuse(id, 'unknown-kit')
  line.send({ type: 'kit', id }, kit.bytes)
}
