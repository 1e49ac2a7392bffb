import { decode } from '@alcove/shared/protocol/decode'
import { guestToServerMessage } from '@alcove/shared/protocol/session-messages'
import { fc } from '../../../support/property.ts'
import { describe, expect, test } from 'vitest'
import { anyText } from '../../../support/any-text.ts'
import { schemas } from '../../../support/wire-examples.ts'

const maxLength = 64 * 1024
const guestSays = (text: string) => decode(guestToServerMessage, text, maxLength)
const malformed = { ok: false, error: 'malformed' }

test('a message is read', () => {
  expect(guestSays('{"type":"ping"}')).toEqual({ ok: true, value: { type: 'ping' } })
  expect(guestSays('  {"type" : "knock", "sealed":"AAAA"}\n')).toEqual({ ok: true, value: { type: 'knock', sealed: 'AAAA' } })
})

test('a text that is too long is not even parsed', () => {
  expect(decode(guestToServerMessage, `{"type":"ping"}${' '.repeat(100)}`, 100)).toEqual({ ok: false, error: 'too-large' })
  expect(decode(guestToServerMessage, `{"type":"ping"}${' '.repeat(85)}`, 100).ok).toBe(true)
})

test.each([
  ['nothing', ''],
  ['no JSON', 'ping'],
  ['cut-off JSON', '{"type":"ping"'],
  ['two values', '{"type":"ping"}{"type":"ping"}'],
  ['null', 'null'],
  ['a number', '1e999'],
  ['a list', '[{"type":"ping"}]'],
  ['no type', '{}'],
  ['an unknown type', '{"type":"shout"}'],
  ['a type that every object has', '{"type":"toString"}'],
  ['a type of another kind', '{"type":["ping"]}'],
  ["a host's message", '{"type":"enrol","code":"x"}'],
  ['an unknown key', '{"type":"ping","more":1}'],
  ['an unknown key that every object has', '{"type":"ping","constructor":{}}'],
  ['__proto__', '{"type":"ping","__proto__":{"admitted":true}}'],
  ['a message inside __proto__', '{"__proto__":{"type":"ping"}}'],
  ['a key that is missing', '{"type":"knock"}'],
  ['a value of another kind', '{"type":"knock","sealed":{"length":4}}'],
  ['a field that is too long', `{"type":"knock","sealed":"${'A'.repeat(2049)}"}`],
  ['an empty field', '{"type":"knock","sealed":""}'],
  ['another alphabet', '{"type":"knock","sealed":"AA+/"}'],
  ['a line break after a good value', '{"type":"knock","sealed":"AAAA\\n"}'],
  ['a receiver that is no key', '{"type":"relay","to":"everyone","data":"AAAA"}'],
])('%s is malformed', (_, text) => {
  expect(guestSays(text)).toEqual(malformed)
})

test('of two equal keys the last one counts, everywhere alike', () => {
  expect(guestSays('{"type":"relay","type":"ping"}')).toEqual({ ok: true, value: { type: 'ping' } })
  expect(guestSays('{"type":"ping","type":"relay"}')).toEqual(malformed)
})

test('nothing that is decoded reaches the prototype of all objects', () => {
  guestSays('{"type":"ping","__proto__":{"polluted":1}}')
  guestSays('{"constructor":{"prototype":{"polluted":1}}}')
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  const decoded = guestSays('{"type":"ping"}')
  expect(decoded.ok && Object.getPrototypeOf(decoded.value)).toBe(Object.prototype)
})

test('the deepest nesting that fits a frame is refused without a word', () => {
  const depth = maxLength / 2 - 1
  expect(guestSays('['.repeat(depth) + ']'.repeat(depth))).toEqual(malformed)
  expect(guestSays(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)).toEqual(malformed)
  expect(guestSays(`{"type":"relay","to":${'['.repeat(30_000)}${']'.repeat(30_000)},"data":"A"}`)).toEqual(malformed)
})

describe('numbers', () => {
  const serverSays = (now: string) => decode(schemas['server-to-guest'], `{"type":"pong","now":${now}}`, maxLength)

  test('are whole, not negative and exact', () => {
    expect(serverSays('0').ok).toBe(true)
    expect(serverSays('9007199254740991').ok).toBe(true)
    for (const now of ['-1', '0.5', '9007199254740992', '1e400', 'null', '"1"', 'true', '[]'])
      expect(serverSays(now), now).toEqual(malformed)
  })
})

test('no text makes any decoder throw', () => {
  const texts = fc.oneof(
    anyText(),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify({ type: 'knock', role: 'guest', kind: 'heard', room: value, sealed: value, to: value })),
    fc
      .record({
        type: fc.constantFrom('ready', 'relay', 'status', 'candidates'),
        guests: fc.jsonValue(),
        iceServers: fc.jsonValue(),
        candidates: fc.jsonValue(),
      })
      .map((value) => JSON.stringify(value)),
  )
  fc.assert(
    fc.property(texts, fc.constantFrom(...Object.values(schemas)), (text, schema) => {
      expect(decode<unknown>(schema, text, maxLength).ok).toBe(false)
    }),
    { numRuns: 3000 },
  )
})
