import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backends, type Device } from '../../../../support/store/backends.ts'

describe.each(backends)('a journal $name', ({ createDevice }) => {
  let device: Device
  beforeEach(() => {
    device = createDevice()
  })
  afterEach(() => device.close())

  it('reads null where nothing was written', async () => {
    expect(await (await device.open()).journal.read('host')).toBeNull()
  })

  it('reads what was written, after a restart too, each name for itself', async () => {
    const { journal } = await device.open()
    const state = { queue: [{ guest: 'g', firstSeenAt: 5 }], call: null }
    await journal.write('host', state)
    await journal.write('other', 'text')
    await device.close()
    const again = (await device.open()).journal
    expect(await again.read('host')).toEqual(state)
    expect(await again.read('other')).toBe('text')
  })

  it('keeps the last of many values written at once', async () => {
    const { journal } = await device.open()
    const writes = Array.from({ length: 50 }, (_, i) => journal.write('host', { i, padding: 'x'.repeat(((i * 37) % 50) * 100) }))
    expect(await journal.read('host')).toMatchObject({ i: 49 })
    await Promise.all(writes)
    await device.close()
    expect(await (await device.open()).journal.read('host')).toMatchObject({ i: 49 })
  })

  it('forgets by null', async () => {
    const { journal } = await device.open()
    await journal.write('host', [1])
    await journal.write('host', null)
    expect(await journal.read('host')).toBeNull()
  })
})
