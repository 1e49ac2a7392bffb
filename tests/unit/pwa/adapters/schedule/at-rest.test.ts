import { randomBytes, utf8 } from '@alcove/shared/crypto/bytes'
import { describe, expect, it } from 'vitest'
import { documentIdOf, newDeviceKey, open, practiceKeysOf, seal } from '../../../../../pwa/src/adapters/schedule/at-rest.ts'

describe('encryption at rest', () => {
  it('opens what it sealed, at its place only', async () => {
    const key = await newDeviceKey()
    const sealed = await seal(key, 'here', utf8('Sam Okafor'))
    expect(await open(key, 'here', sealed)).toEqual(utf8('Sam Okafor'))
    expect(await open(key, 'there', sealed)).toBeNull()
    expect(await open(await newDeviceKey(), 'here', sealed)).toBeNull()
  })

  it('notices every changed byte and every cut', async () => {
    const key = await newDeviceKey()
    const sealed = await seal(key, 'here', utf8('note'))
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.slice()
      changed[i] = (changed[i] ?? 0) ^ 1
      expect(await open(key, 'here', changed)).toBeNull()
      expect(await open(key, 'here', sealed.slice(0, i))).toBeNull()
    }
  })

  it('never seals the same text to the same bytes', async () => {
    const key = await newDeviceKey()
    expect(await seal(key, 'here', utf8('x'))).not.toEqual(await seal(key, 'here', utf8('x')))
  })

  it('makes a device key that no script can export', async () => {
    await expect(crypto.subtle.exportKey('raw', await newDeviceKey())).rejects.toThrow()
  })

  it('names documents alike on every device of a practice and differently in every other practice', async () => {
    const secret = randomBytes(32)
    const [one, two, other] = await Promise.all([secret, secret, randomBytes(32)].map((each) => practiceKeysOf(each)))
    if (!one || !two || !other) throw new Error('No keys')
    const name = 'sched:AAAAAAAAAAAAAAAAAAAAAA:2026-11'
    expect(await documentIdOf(one, name)).toBe(await documentIdOf(two, name))
    expect(await documentIdOf(one, name)).not.toBe(await documentIdOf(other, name))
    expect(await documentIdOf(one, name)).toMatch(/^[A-Za-z0-9_-]{22}$/)
  })
})
