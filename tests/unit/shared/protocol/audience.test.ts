import { decode } from '@alcove/shared/protocol/decode'
import { expect, test } from 'vitest'
import { type SchemaName, schemas } from '../../../support/wire-examples.ts'

/** The `type`s that a union of messages knows. */
function typesOf(name: SchemaName): readonly string[] {
  const schema = schemas[name]
  if (!('options' in schema)) throw new Error(`${name} is no union`)
  const types = schema.options.map(({ entries }) => ('type' in entries ? entries.type.literal : ''))
  return [...new Set(types)].sort()
}

test('before admission a guest has five words at most, and a host has no more than its own', () => {
  expect(typesOf('guest-to-server')).toEqual(['knock', 'leave', 'ping', 'relay'])
  expect(typesOf('host-to-server')).toEqual([
    'admit',
    'dismiss',
    'end',
    'enrol',
    'hand-over',
    'note',
    'ping',
    'raise-epoch',
    'relay',
    'roster',
  ])
})

test('a guest is never told about other guests, nor a host about itself', () => {
  expect(typesOf('server-to-guest')).not.toContain('presence')
  expect(typesOf('server-to-guest')).not.toContain('knock')
  expect(typesOf('server-to-host')).not.toContain('admitted')
})

test('a ready for a host is not read by a guest, nor the other way round', () => {
  const toHost = JSON.stringify({ type: 'ready', role: 'host', now: 1, guests: [], iceServers: [], enrolment: 'not-needed' })
  const toGuest = JSON.stringify({ type: 'ready', role: 'guest', now: 1, state: 'new' })
  expect(decode<unknown>(schemas['server-to-host'], toHost, 1000).ok).toBe(true)
  expect(decode<unknown>(schemas['server-to-guest'], toHost, 1000).ok).toBe(false)
  expect(decode<unknown>(schemas['server-to-guest'], toGuest, 1000).ok).toBe(true)
  expect(decode<unknown>(schemas['server-to-host'], toGuest, 1000).ok).toBe(false)
})
