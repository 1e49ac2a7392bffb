import { randomId } from '@alcove/shared/crypto/bytes'
import { ok } from '@alcove/shared/domain/result'
import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OwnBackground, OwnBackgrounds } from '../../../../../pwa/src/background-ports.ts'
import { createOwnList } from '../../../../../pwa/src/features/backgrounds/own-list.ts'

const urls = new Set<string>()
let made = 0
beforeEach(() => {
  urls.clear()
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    made += 1
    urls.add(`blob:${made}`)
    return `blob:${made}`
  })
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void urls.delete(url))
})
afterEach(() => void vi.restoreAllMocks())

const pictured = (): OwnBackground => ({ id: randomId(), thumbnail: new Blob(['a picture']) })
const settle = () => new Promise((resolve) => setImmediate(resolve))
const opened = (own: Partial<OwnBackgrounds>) =>
  createRoot((dispose) => ({ dispose, list: createOwnList({ list: async () => [], ...own } as OwnBackgrounds) }))

describe('the list of one’s own images', () => {
  it('says that an image was not kept when the code for it cannot be had, and takes the next', async () => {
    const { list } = opened({ add: () => Promise.reject(new Error('No network')) })
    expect(await list.add(new Blob())).toBeNull()
    expect([list.adding(), list.problem(), list.mayAdd()]).toEqual([false, 'not-kept', true])
  })

  it('holds no picture once it is gone, also of an image that was being added', async () => {
    let finish = (_: OwnBackground) => {}
    const adding = new Promise<OwnBackground>((resolve) => {
      finish = resolve
    })
    const { list, dispose } = opened({ list: async () => [pictured()], add: async () => ok(await adding) })
    await settle()
    expect(urls.size).toBe(1)
    const added = list.add(new Blob())
    dispose()
    finish(pictured())
    expect(await added).toBeNull()
    expect(urls.size).toBe(0)
  })

  it('shows what was added while it was still being read', async () => {
    const [old, fresh] = [pictured(), pictured()]
    let read = (_: readonly OwnBackground[]) => {}
    const reading = new Promise<readonly OwnBackground[]>((resolve) => {
      read = resolve
    })
    const { list } = opened({ list: () => reading, add: async () => ok(fresh) })
    await list.add(new Blob())
    read([old])
    await settle()
    expect(list.images().map(({ id }) => id)).toEqual([old.id, fresh.id])
    expect(urls).toEqual(new Set(list.images().map(({ url }) => url)))
  })
})
