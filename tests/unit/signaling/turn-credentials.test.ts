import { createHmac } from 'node:crypto'
import type { RoomId } from '@alcove/shared/domain/ids'
import { describe, expect, it } from 'vitest'
import { createEnrolment } from '../../../signaling/src/enrolment.ts'
import { turnCredentials } from '../../../signaling/src/turn-credentials.ts'

describe('TURN credentials', () => {
  const settings = { secret: 'north', urls: ['turn:turn.example:3478'], ttlMs: 600_000 }

  it('follow the formula of coturn: base64(HMAC-SHA1(secret, "expiry:name"))', () => {
    const { username, credential, urls } = turnCredentials(settings, 'opaque', 1_700_000_000_000)
    expect(username).toBe('1700000600:opaque')
    // printf 1700000600:opaque | openssl dgst -sha1 -hmac north -binary | base64
    expect(credential).toBe('parl6t2gux7RZYKO5X8Pf5t/AuU=')
    expect(urls).toEqual(settings.urls)
  })

  it('expire in whole seconds, never later than promised', () => {
    expect(turnCredentials(settings, 'x', 1_700_000_000_999).username).toBe('1700000600:x')
  })

  it('are worth nothing under another secret', () => {
    const { username = '', credential } = turnCredentials(settings, 'x', 0)
    expect(createHmac('sha1', 'south').update(username).digest('base64')).not.toBe(credential)
  })
})

describe('an enrolment', () => {
  const room = 'room-one' as RoomId
  const other = 'room-two' as RoomId

  it('needs no memory: another process accepts the proof', () => {
    const proof = createEnrolment('secret', 'code').enrol(room, 'code') ?? ''
    expect(createEnrolment('secret', 'code').isEnrolled(room, proof)).toBe(true)
  })

  it('is for one room, one code and one secret', () => {
    const proof = createEnrolment('secret', 'code').enrol(room, 'code') ?? ''
    expect(createEnrolment('secret', 'code').isEnrolled(other, proof)).toBe(false)
    expect(createEnrolment('secret', 'new code').isEnrolled(room, proof)).toBe(false)
    expect(createEnrolment('new secret', 'code').isEnrolled(room, proof)).toBe(false)
  })

  it('is not given for a wrong code', () => {
    for (const tried of ['', 'cod', 'code ', 'codes', 'CODE']) expect(createEnrolment('secret', 'code').enrol(room, tried)).toBeNull()
  })
})
