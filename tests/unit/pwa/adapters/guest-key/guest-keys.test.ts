import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { signAuthentication, verifyAuthentication } from '@alcove/shared/crypto/signed'
import type { RoomId } from '@alcove/shared/domain/ids'
import { afterEach, describe, expect, it } from 'vitest'
import { createGuestKeys, keepKeysMs } from '../../../../../pwa/src/adapters/guest-key/guest-keys.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

const fields = { origin: 'https://clinic.example', connection: 'c', nonce: 'n', role: 'guest', room: 'r' as RoomId } as const

afterEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

describe('guest keys', () => {
  it('are the same after a reload, and sign', async () => {
    const clock = createManualClock()
    const before = await createGuestKeys(clock).open('room.tag')
    const after = await createGuestKeys(clock).open('room.tag')
    expect(after.guestKey).toBe(before.guestKey)
    const signature = await signAuthentication(after.pair, fields)
    expect(await verifyAuthentication(before.guestKey, fields, signature)).toBe(true)
  })

  it('cannot be read out', async () => {
    const { pair } = await createGuestKeys(createManualClock()).open('room.tag')
    expect([pair.signing.extractable, pair.agreement.extractable]).toEqual([false, false])
  })

  it('are different for every link', async () => {
    const keys = createGuestKeys(createManualClock())
    expect((await keys.open('room.a')).guestKey).not.toBe((await keys.open('room.b')).guestKey)
  })

  it('are made anew after twelve hours, and old ones are forgotten', async () => {
    const clock = createManualClock()
    const first = await createGuestKeys(clock).open('room.tag')
    await createGuestKeys(clock).open('room.other')
    clock.advance(keepKeysMs - 1)
    expect((await createGuestKeys(clock).open('room.tag')).guestKey).toBe(first.guestKey)
    clock.advance(1)
    const second = await createGuestKeys(clock).open('room.tag')
    expect(second.guestKey).not.toBe(first.guestKey)
    const names = await new Promise((resolve) => {
      const request = indexedDB.open('alcove-guest')
      request.onsuccess = () => {
        const all = request.result.transaction('keys').objectStore('keys').getAllKeys()
        all.onsuccess = () => resolve(all.result)
      }
    })
    expect(names).toEqual(['room.tag'])
  })

  it('live as long as the page where the browser keeps nothing', async () => {
    Object.defineProperty(globalThis, 'indexedDB', {
      configurable: true,
      writable: true,
      value: {
        open: () => {
          throw new Error('SecurityError')
        },
      },
    })
    const clock = createManualClock()
    const keys = createGuestKeys(clock)
    const first = await keys.open('room.tag')
    expect((await keys.open('room.tag')).guestKey).toBe(first.guestKey)
    expect((await createGuestKeys(clock).open('room.tag')).guestKey).not.toBe(first.guestKey)
  })
})
