import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asId } from '@alcove/shared/domain/ids'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freeBytesOf, openLevelStore } from '../../../../signaling/src/sealed-log/level-store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-level-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = () => openLevelStore({ folder: join(folder, 'deep', 'er'), keepFreeBytes: 0 })

it('makes its folder, and has it alone', async () => {
  const store = await open()
  await expect(open()).rejects.toThrow('another server uses DATA_DIR')
  await store.close()
  await (await open()).close()
})

it('says what to do about a database that is damaged', async () => {
  const space = asId<SpaceId>('s'.repeat(43))
  const store = await open()
  await store.commit([{ type: 'statement', space, version: 0, statement: 'x', total: 1 }])
  await store.close()
  for (const name of readdirSync(join(folder, 'deep', 'er'))) {
    if (/^(MANIFEST|CURRENT)/.test(name)) writeFileSync(join(folder, 'deep', 'er', name), 'nonsense')
  }
  await expect(open()).rejects.toThrow('sealed-log in DATA_DIR is damaged')
})

it('says so when it cannot be written', async () => {
  writeFileSync(join(folder, 'deep'), 'a file where a folder has to be')
  await expect(open()).rejects.toThrow()
})

it('stores what was given before it was closed, and nothing after that', async () => {
  const [space, other] = [asId<SpaceId>('s'.repeat(43)), asId<SpaceId>('t'.repeat(43))]
  const store = await open()
  const given = store.commit([{ type: 'statement', space, version: 0, statement: 'x', total: 1 }])
  const closed = store.close()
  expect(await given).toBe('stored')
  await closed
  expect(await store.commit([{ type: 'statement', space: other, version: 0, statement: 'x', total: 1 }])).toBe('failed')
  await expect(store.readSpace(space)).rejects.toThrow('closed')
  const again = await open()
  expect([again.spaces(), (await again.readSpace(space))?.statements.newest]).toEqual([1, 'x'])
  await again.close()
})

it('knows how much is free', async () => {
  expect(await freeBytesOf(folder)).toBeGreaterThan(0)
})
