import type { EpochId } from '@alcove/shared/domain/ids'
import { expect, test } from 'vitest'
import { append, catchUp, endOf, hashAt, type ModelLog, newDevice, newLog, take, write } from '../../../support/log/log-model.ts'

const later = 'later' as EpochId
const all = { jump: false, most: 1000 }

/** So many records by one device, the last under a key that others may not have. */
function logOf(count: number, content: number): ModelLog {
  let log = newLog
  let writer = { ...newDevice('writer'), keys: 2 }
  for (let made = 1; made <= count; made++) {
    const epochs = made === count ? [null, later] : [null]
    log = append(log, write(writer, 'update', null, new Set([content + made]), epochs)) ?? log
    writer = catchUp(writer, log, [null, later], all, () => undefined)
  }
  return log
}

test('what waits for a key on the log that was read before, waits; on another log it begins anew', () => {
  const [log, fork] = [logOf(3, 0), logOf(3, 10)]
  const open = { ...log, records: log.records.slice(0, 2) }
  const device = catchUp(newDevice('reader'), open, [null], all, () => undefined)
  expect(device.stand.position).toEqual(endOf(open))
  const rest = (from: ModelLog) => ({ records: from.records.slice(2), first: 3, snapshot: null, end: endOf(from), more: false })
  expect(take(device, rest(log), [null, later]).reading).toMatchObject({ next: 'wait', incidents: [] })
  const { reading } = take(device, rest(fork), [null, later])
  expect(reading).toMatchObject({
    next: 'heal',
    incidents: ['forked'],
    taken: [],
    stand: { position: { sequence: 2, hash: hashAt(log, 2) } },
  })
  const more = take(device, { ...rest(fork), more: true }, [null, later]).reading
  expect(more.next).toBe('wait')
})

test('of an answer that does not lead to the end that it names nothing is taken: what stands before it there is another', () => {
  const [log, fork] = [logOf(3, 0), logOf(4, 10)]
  const open = { ...log, records: log.records.slice(0, 2) }
  const device = catchUp({ ...newDevice('reader'), keys: 2 }, open, [null, later], all, () => undefined)
  const answer = { records: fork.records.slice(2), first: 3, snapshot: null, end: endOf(fork), more: false }
  const { reading } = take(device, answer, [null, later])
  expect(reading).toMatchObject({ next: 'heal', incidents: ['forked'], taken: [], stand: { position: endOf(open) } })
})
