import { describe, expect, it } from 'vitest'
import { clientAddress } from '../../../signaling/src/client-address.ts'
import { createDoor } from '../../../signaling/src/door.ts'
import { limitDefaults } from '../../../signaling/src/limits.ts'
import { isAllowedOrigin } from '../../../signaling/src/origin.ts'
import { createKeyedLimiter, perMinute } from '../../../signaling/src/rate-limits.ts'

describe('the door', () => {
  it('LIMIT_SOCKETS_PER_ADDRESS counts sockets that are open, per address', () => {
    const door = createDoor({ ...limitDefaults, LIMIT_SOCKETS_PER_ADDRESS: 1 })
    expect(door.enter('a', 0)).toBeNull()
    expect(door.enter('a', 0)).toBe('LIMIT_SOCKETS_PER_ADDRESS')
    expect(door.enter('b', 0)).toBeNull()
    door.leave('a')
    expect(door.enter('a', 0)).toBeNull()
  })

  it('LIMIT_SOCKETS counts all of them', () => {
    const door = createDoor({ ...limitDefaults, LIMIT_SOCKETS: 1 })
    expect(door.enter('a', 0)).toBeNull()
    expect(door.enter('b', 0)).toBe('LIMIT_SOCKETS')
    door.leave('a')
    expect(door.enter('b', 0)).toBeNull()
    expect(door.sockets()).toBe(1)
  })

  it('LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE slows who comes and goes', () => {
    const door = createDoor({ ...limitDefaults, LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE: 2 })
    for (const expected of [null, null, 'LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE']) {
      expect(door.enter('a', 0)).toBe(expected)
      if (expected === null) door.leave('a')
    }
    expect(door.enter('a', 30_000)).toBeNull()
  })

  it('has defaults for a whole clinic behind one address that comes back at once', () => {
    const door = createDoor(limitDefaults)
    for (let i = 0; i < 200; i++) expect(door.enter('clinic', 0)).toBeNull()
  })
})

describe('a limiter', () => {
  it('forgets keys that have been quiet, and is not refilled by a clock that jumps back', () => {
    const limiter = createKeyedLimiter(perMinute(2))
    for (let i = 0; i < 1000; i++) limiter.take(String(i), 60_000)
    limiter.take('busy', 60_000)
    expect(limiter.take('busy', 60_000)).toBe(true)
    expect(limiter.take('busy', 0)).toBe(false)
    limiter.sweep(91_000)
    expect(limiter.size()).toBeLessThanOrEqual(1)
  })
})

describe('the address that limits count by', () => {
  const cases: [socket: string | undefined, forwarded: string | undefined, proxies: number, counted: string][] = [
    ['192.0.2.1', undefined, 0, '192.0.2.1'],
    ['::ffff:192.0.2.1', undefined, 0, '192.0.2.1'],
    ['192.0.2.1', '203.0.113.9', 0, '192.0.2.1'],
    ['10.0.0.1', '203.0.113.9', 1, '203.0.113.9'],
    ['10.0.0.1', '1.2.3.4, 203.0.113.9', 1, '203.0.113.9'],
    ['10.0.0.1', '1.2.3.4, 203.0.113.9, 10.0.0.2', 2, '203.0.113.9'],
    ['10.0.0.1', 'rubbish', 1, '10.0.0.1'],
    ['10.0.0.1', undefined, 1, '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', undefined, 0, '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', undefined, 0, '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff::', undefined, 0, '2001:db8:1:2::/64'],
    ['::1', undefined, 0, '0:0:0:0::/64'],
    ['fe80::1%eth0', undefined, 0, 'fe80:0:0:0::/64'],
    [undefined, undefined, 0, ''],
  ]
  for (const [socket, forwarded, proxies, counted] of cases) {
    it(`is ${counted || 'empty'} for ${socket} with ${forwarded ?? 'nothing'} forwarded by ${proxies}`, () => {
      expect(clientAddress(socket, forwarded, proxies)).toBe(counted)
    })
  }
})

describe('the origin of a page', () => {
  const cases: [origin: string | undefined, host: string | undefined, allowed: readonly string[] | null, verdict: boolean][] = [
    ['http://localhost:8080', 'localhost:8080', null, true],
    ['http://127.0.0.1:8080', '127.0.0.1:8080', null, true],
    ['https://[2001:db8::1]:8080', '[2001:db8::1]:8080', null, true],
    ['https://192.0.2.7:8080', '192.0.2.7:8080', null, true],
    ['http://localhost:8080', 'localhost:9090', null, false],
    ['https://evil.example', 'localhost:8080', null, false],
    ['http://rebound.evil.example:8080', 'rebound.evil.example:8080', null, false],
    ['https://alcove.example', 'alcove.example', ['https://alcove.example'], true],
    ['https://alcove.example', '10.0.0.5:8080', ['https://alcove.example'], true],
    ['http://alcove.example', 'alcove.example', ['https://alcove.example'], false],
    ['https://alcove.example.evil.example', 'x', ['https://alcove.example'], false],
    ['http://localhost:8080', 'localhost:8080', ['https://alcove.example'], false],
    ['null', 'localhost:8080', null, false],
    ['file://', 'localhost', null, false],
    ['https://alcove.example/', 'alcove.example', ['https://alcove.example/'], false],
    [undefined, 'localhost:8080', null, false],
    ['', '', null, false],
  ]
  for (const [origin, host, allowed, verdict] of cases) {
    it(`${origin} at ${host} is ${verdict ? 'allowed' : 'refused'}${allowed ? ' by the list' : ''}`, () => {
      expect(isAllowedOrigin(origin, host, allowed)).toBe(verdict)
    })
  }
})
