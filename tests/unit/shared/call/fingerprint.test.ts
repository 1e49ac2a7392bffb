import { fingerprintOf } from '@alcove/shared/call/fingerprint'
import { expect, it } from 'vitest'

const one = Array(32).fill('AB').join(':')
const other = Array(32).fill('CD').join(':')
const sdp = (...lines: string[]) => ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', ...lines, ''].join('\r\n')

it('reads the one fingerprint, wherever it stands and however often', () => {
  expect(fingerprintOf(sdp(`a=fingerprint:sha-256 ${one}`))).toBe(one)
  expect(fingerprintOf(sdp(`a=fingerprint:sha-256 ${one}`, 'm=video 9 X 96', `a=fingerprint:SHA-256 ${one.toLowerCase()}`))).toBe(one)
  expect(fingerprintOf(`v=0\na=fingerprint:sha-256 ${one}\n`)).toBe(one)
})

it.each([
  ['none', sdp()],
  ['two that differ', sdp(`a=fingerprint:sha-256 ${one}`, `a=fingerprint:sha-256 ${other}`)],
  ['a weaker hash', sdp(`a=fingerprint:sha-1 ${one.slice(0, 59)}`)],
  ['a weaker hash beside the right one', sdp(`a=fingerprint:sha-256 ${one}`, `a=fingerprint:sha-1 ${one.slice(0, 59)}`)],
  ['one that is cut off', sdp(`a=fingerprint:sha-256 ${one.slice(0, 40)}`)],
  ['one with something behind it', sdp(`a=fingerprint:sha-256 ${one} ${other}`)],
  ['a different one in other letters', sdp(`a=fingerprint:sha-256 ${one}`, `A=FINGERPRINT:sha-256 ${other}`)],
  ['a different one behind a bare carriage return', `v=0\r\na=fingerprint:sha-256 ${one}\ra=fingerprint:sha-256 ${other}\r\n`],
])('refuses a description with %s', (_, text) => {
  expect(fingerprintOf(text)).toBeNull()
})
