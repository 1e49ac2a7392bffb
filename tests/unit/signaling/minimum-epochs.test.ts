import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import { asId, type RoomId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openMinimumEpochs } from '../../../signaling/src/minimum-epochs.ts'

const statement = `${'p'.repeat(100)}.${'s'.repeat(86)}`
const newRoomId = () => asId<RoomId>(toBase64Url(randomBytes(32)))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-epochs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = () => join(folder, 'minimum-epochs.jsonl')
const lines = () => readFileSync(file(), 'utf8').split('\n').slice(0, -1)

it('what was stored is there after another start, and only that', async () => {
  const [a, b] = [newRoomId(), newRoomId()]
  const first = await openMinimumEpochs(join(folder, 'deep', 'er'), 10)
  expect(first.minimum(a)).toBe(0)
  expect(await Promise.all([first.raise(a, 3, statement), first.raise(b, 1, statement), first.raise(a, 5, statement)])).toEqual(
    Array(3).fill('stored'),
  )
  await first.close()
  const second = await openMinimumEpochs(join(folder, 'deep', 'er'), 10)
  expect([second.minimum(a), second.minimum(b), second.minimum(newRoomId())]).toEqual([5, 1, 0])
  await second.close()
})

it('never goes down, and writes nothing for what it has', async () => {
  const a = newRoomId()
  const epochs = await openMinimumEpochs(folder, 10)
  for (const epoch of [4, 4, 2, 0]) expect(await epochs.raise(a, epoch, statement)).toBe('stored')
  expect([epochs.minimum(a), lines().length]).toEqual([4, 1])
  await epochs.close()
  const line = JSON.stringify({ room: a, epoch: 1, statement })
  appendFileSync(file(), `${line}\n`)
  const again = await openMinimumEpochs(folder, 10)
  expect(again.minimum(a)).toBe(4)
  await again.close()
})

it('a line that was torn is cut off, wherever it was torn, and the next one is whole', async () => {
  const [a, b, c] = [newRoomId(), newRoomId(), newRoomId()]
  const first = await openMinimumEpochs(folder, 10)
  await first.raise(a, 1, statement)
  await first.raise(b, 2, statement)
  await first.close()
  const whole = readFileSync(file())
  const half = whole.indexOf('\n') + 1
  for (let length = half; length < whole.length; length++) {
    writeFileSync(file(), whole.subarray(0, length))
    const torn = await openMinimumEpochs(folder, 10)
    expect([torn.minimum(a), torn.minimum(b)]).toEqual([1, 0])
    await torn.close()
    expect(statSync(file()).size).toBe(half)
  }
  writeFileSync(file(), Buffer.concat([whole, Buffer.alloc(40), Buffer.from('\n')]))
  const zeros = await openMinimumEpochs(folder, 10)
  await zeros.raise(c, 3, statement)
  await zeros.close()
  const last = await openMinimumEpochs(folder, 10)
  expect([a, b, c].map(last.minimum)).toEqual([1, 2, 3])
  await last.close()
})

it('a damaged line that others follow is not passed over: nobody knows whom it kept out', async () => {
  const first = await openMinimumEpochs(folder, 10)
  for (let i = 0; i < 3; i++) await first.raise(newRoomId(), 1, statement)
  await first.close()
  const [one = '', two = '', three = ''] = lines()
  writeFileSync(file(), `${[one, two.replace('"epoch":1', '"epoch":-1'), three].join('\n')}\n`)
  await expect(openMinimumEpochs(folder, 10)).rejects.toThrow(/minimum-epochs\.jsonl in DATA_DIR is damaged in line 2/)
})

it('has room for so many rooms and no more, but always for a raise of one that it has', async () => {
  const [a, b, c] = [newRoomId(), newRoomId(), newRoomId()]
  const epochs = await openMinimumEpochs(folder, 2)
  const outcomes = await Promise.all([a, b, c].map((room) => epochs.raise(room, 1, statement)))
  expect(outcomes).toEqual(['stored', 'stored', 'full'])
  expect(await epochs.raise(a, 2, statement)).toBe('stored')
  expect([epochs.size(), epochs.minimum(a), epochs.minimum(c)]).toEqual([2, 2, 0])
  await epochs.close()
})

it('is written anew when most of it is out of date, and goes on', async () => {
  const [a, b] = [newRoomId(), newRoomId()]
  const epochs = await openMinimumEpochs(folder, 10)
  await epochs.raise(b, 7, statement)
  for (let from = 1; from <= 1_200; from += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, index) => epochs.raise(a, from + index, statement)))
  }
  expect(lines().length).toBeLessThan(400)
  await epochs.close()
  const again = await openMinimumEpochs(folder, 10)
  expect([again.minimum(a), again.minimum(b)]).toEqual([1_200, 7])
  await again.close()
})
