import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../../../../pwa/src/adapters/sync/fingerprints.ts'

const print = (byte: string) => Array<string>(32).fill(byte).join(':')
const sdp = (...lines: string[]) => ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', ...lines, ''].join('\r\n')

describe('the fingerprint of a session description', () => {
  it('is found at the session or at a section, in upper case', () => {
    expect(fingerprintOf(sdp(`a=fingerprint:sha-256 ${print('AB')}`))).toBe(print('AB'))
    expect(fingerprintOf(sdp('m=application 9 UDP/DTLS/SCTP webrtc-datachannel', `a=fingerprint:SHA-256 ${print('ab')}`))).toBe(print('AB'))
  })

  it('may be named twice when it is the same', () => {
    expect(fingerprintOf(sdp(`a=fingerprint:sha-256 ${print('AB')}`, `a=fingerprint:sha-256 ${print('AB')}`))).toBe(print('AB'))
  })

  it.each([
    ['none', sdp()],
    ['two of them', sdp(`a=fingerprint:sha-256 ${print('AB')}`, `a=fingerprint:sha-256 ${print('CD')}`)],
    ['one of another kind', sdp('a=fingerprint:sha-1 AB:CD')],
    ['one of another kind beside it', sdp(`a=fingerprint:sha-256 ${print('AB')}`, 'a=fingerprint:sha-1 AB:CD')],
    ['a short one', sdp('a=fingerprint:sha-256 AB:CD')],
    ['an empty description', ''],
  ])('is nobody’s when there is %s', (_what, description) => {
    expect(fingerprintOf(description)).toBeNull()
  })
})
