import { frame, handshake } from './raw-socket.ts'

/** A small generator with a seed, so that a failure can be repeated (mulberry32, public domain). */
export type Random = { next(): number; below(count: number): number; pick<T>(list: readonly T[]): T; bytes(length: number): Buffer }

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const random: Random = {
    next,
    below: (count) => Math.floor(next() * count),
    pick(list) {
      const found = list[random.below(list.length)]
      if (found === undefined) throw new Error('Nothing to pick from')
      return found
    },
    bytes(length) {
      const bytes = Buffer.alloc(length)
      for (let i = 0; i < length; i++) bytes[i] = random.below(256)
      return bytes
    },
  }
  return random
}

const key87 = 'B'.padEnd(87, 'x')
const signature = 'S'.repeat(86)
const signed = `${Buffer.from('{"room":"x"}').toString('base64url')}.${signature}`

/** Well-formed messages of every kind, as texts to be spoilt. Only a key that knocks for itself would get anywhere. */
const messages: readonly Readonly<Record<string, unknown>>[] = [
  { type: 'authenticate', role: 'guest', room: 'R'.repeat(43), guestKey: key87, signature },
  { type: 'authenticate', role: 'host', room: 'R'.repeat(43), roomKey: key87, certificate: signed, signature },
  { type: 'authenticate', role: 'host', room: 'R'.repeat(43), roomKey: key87, certificate: signed, signature, enrolment: 'E'.repeat(43) },
  { type: 'knock', sealed: 'K'.repeat(300) },
  { type: 'leave' },
  { type: 'ping' },
  { type: 'relay', to: 'host', data: 'D'.repeat(100) },
  { type: 'relay', to: key87, data: 'D'.repeat(60_000) },
  { type: 'admit', guest: key87, ticket: signed },
  { type: 'dismiss', guest: key87 },
  { type: 'note', guest: key87, sealed: 'N'.repeat(1536) },
  { type: 'roster', roster: signed },
  { type: 'end', end: signed },
  { type: 'enrol', code: 'open sesame' },
  { type: 'hand-over', call: 'C'.repeat(22), device: key87 },
  { type: 'raise-epoch', statement: signed },
  { type: 'subscribe', topics: ['honest', 'one'] },
  { type: 'unsubscribe', topics: ['one'] },
  { type: 'publish', topic: 'one', data: 'cHVibGlzaGVk' },
  { type: 'hello', version: 1, nonce: 'N'.repeat(43), connection: 'C'.repeat(22), now: 1 },
  { type: 'admitted', ticket: signed, certificate: signed, roster: null, iceServers: [] },
]

const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  '',
  '\u0000',
  '\ud800',
  'host',
  '__proto__',
  'constructor',
  [],
  {},
  [[]],
  ['host'],
  { type: 'ping' },
  'A'.repeat(60_000),
  'A'.repeat(87),
  `${'A'.repeat(86)}=`,
  'ä'.repeat(87),
  '../../etc/passwd',
  '<script>',
  '\u202eabc',
]

const oddTexts: readonly string[] = [
  '',
  ' ',
  '{',
  '}',
  '[]',
  'null',
  'true',
  '0',
  '"ping"',
  '{}',
  '[{"type":"ping"}]',
  '{"type":"ping"',
  '{"type":"ping"}}',
  '{type:"ping"}',
  "{'type':'ping'}",
  '{"type":"ping","type":"leave"}',
  '{"type":"leave","type":"admit"}',
  '{"__proto__":{"type":"ping"}}',
  '{"type":"ping","__proto__":{"polluted":true}}',
  '{"type":"ping","constructor":{"prototype":{"polluted":true}}}',
  '{"type":{"toString":"x"}}',
  '{"type":"toString"}',
  '{"type":"__proto__"}',
  '{"role":"__proto__","type":"authenticate"}',
  '{"role":"constructor","type":"authenticate"}',
  '\ufeff{"type":"ping"}',
  '{"type":"ping"}\u0000',
  '{"type":"\\u0070ing"}',
  '{"type":1e999}',
  '-',
  '1e9999',
  'NaN',
  'undefined',
  '['.repeat(30_000),
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  `{"type":"ping","x":"${'x'.repeat(65_000)}"}`,
  `[${'0,'.repeat(30_000)}0]`,
  `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":0`).join()}}`,
  '"\\ud800"',
  '{"type":"p\\u0000ing"}',
]

/** One text that is no message, or nearly one. */
export function fuzzText(random: Random): string {
  switch (random.below(8)) {
    case 0:
      return random.pick(oddTexts)
    case 1:
      return random.bytes(random.below(200)).toString('latin1')
    case 2:
      return JSON.stringify(random.pick(messages))
    case 3: {
      // A key is lost, or one too many.
      const entries = Object.entries(random.pick(messages))
      entries.splice(random.below(entries.length), random.below(2), [
        random.pick(['x', 'type', '__proto__', 'toString', '']),
        random.pick(oddValues),
      ])
      return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value) ?? 'null'}`).join()}}`
    }
    case 4: {
      // The same key twice.
      const message = random.pick(messages)
      const [name, value] = random.pick(Object.entries(message))
      return JSON.stringify(message).replace(/\}$/, `,${JSON.stringify(name)}:${JSON.stringify(random.pick([value, ...oddValues]))}}`)
    }
    case 5: {
      const text = JSON.stringify(random.pick(messages))
      const at = random.below(text.length)
      return (
        text.slice(0, at) + random.pick(['', '"', '\\', '{', '\u0000', '\ud83d', ',', text.slice(0, at)]) + text.slice(at + random.below(3))
      )
    }
    default: {
      const message = random.pick(messages)
      return JSON.stringify({ ...message, [random.pick(Object.keys(message))]: random.pick(oddValues) })
    }
  }
}

/** The bytes of one or a few frames, most of them not as RFC 6455 has them. */
export function fuzzFrames(random: Random): Buffer {
  switch (random.below(12)) {
    case 0:
      return frame(fuzzText(random), { masked: false })
    case 1:
      return frame(random.bytes(random.below(300)))
    case 2:
      return frame(random.bytes(random.below(300)), { opcode: 2 })
    case 3:
      return frame('x', { opcode: random.below(16), reserved: random.below(8), final: random.below(2) === 0 })
    case 4:
      return frame(random.bytes(random.below(20)), {
        claimedLength: random.pick([126n, 65_535n, 65_536n, 65_537n, 2n ** 31n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]),
      })
    case 5: {
      const text = Buffer.from(fuzzText(random))
      const size = Math.max(1, random.pick([1, 2, 7, Math.ceil(text.length / 5)]))
      const pieces = Math.min(40, Math.ceil(text.length / size))
      return Buffer.concat(
        Array.from({ length: pieces }, (_, i) =>
          frame(text.subarray(i * size, (i + 1) * size), { opcode: i === 0 ? 1 : 0, final: i === pieces - 1 }),
        ),
      )
    }
    case 6:
      return frame(Buffer.alloc(random.pick([0, 1, 2, 125, 126, 200]), 97), { opcode: random.pick([8, 9, 10]) })
    case 7:
      return random.bytes(1 + random.below(100))
    case 8:
      return Buffer.concat(Array.from({ length: 50 }, () => frame('', { opcode: 9 })))
    case 9:
      return frame(fuzzText(random)).subarray(0, 1 + random.below(12))
    default:
      return frame(fuzzText(random))
  }
}

/** A request that is no good handshake, or nearly one, or asks for a page in a strange way. */
export function fuzzRequest(random: Random, port: number): string {
  const good = handshake(port)
  const lines = good.split('\r\n')
  switch (random.below(14)) {
    case 0:
      return random.bytes(random.below(500)).toString('latin1')
    case 1:
      lines.splice(random.below(lines.length - 2), 1)
      return lines.join('\r\n')
    case 2:
      lines.splice(1 + random.below(lines.length - 3), 0, random.pick(lines), `X-Long: ${'a'.repeat(random.below(10_000))}`)
      return lines.join('\r\n')
    case 3:
      return good.replace(
        '/session',
        random.pick([
          '/',
          '//',
          '/session/..',
          '/session?x=%',
          '/%zz',
          'http://evil.example/session',
          '*',
          '/session\u0000',
          `/${'a'.repeat(9_000)}`,
        ]),
      )
    case 4:
      return good.replace(
        /Origin: .*/,
        `Origin: ${random.pick(['null', '', 'https://evil.example', 'http://localhost', 'http://localhost:1', '\u0000', 'a'.repeat(7_000)])}`,
      )
    case 5:
      return good.replace(/Sec-WebSocket-Key: .*/, `Sec-WebSocket-Key: ${random.pick(['', 'x', 'a'.repeat(500), '\u00ff', '===='])}`)
    case 6:
      return good.replace('Version: 13', `Version: ${random.pick(['', '0', '8', '14', '-1', 'x', '13, 8'])}`)
    case 7:
      return good.replace(
        /Protocol: .*/,
        `Protocol: ${random.pick(['', ',', 'a b', ',,,,', 'alcove.session.1,alcove.session.1', 'x'.repeat(5_000), '"'])}`,
      )
    case 8:
      return good.slice(0, random.below(good.length))
    case 9:
      return good.replace(
        '\r\n\r\n',
        `\r\nSec-WebSocket-Extensions: ${random.pick(['permessage-deflate; server_max_window_bits=1', ';', 'a;b="', 'x'.repeat(3_000)])}\r\n\r\n`,
      )
    case 10:
      return `GET ${random.pick(['/..%2f..%2fetc/passwd', '/../../etc/passwd', '/%', '/%c0%ae', '/assets/', '/join', '/healthz', '/index.html%00.js', '/\\..\\x', '/a.b.c'])} HTTP/1.1\r\nHost: x\r\nRange: bytes=${random.pick(['5-2', '-1', '0-', '99999999999-', 'x', '0-0,1-1'])}\r\nIf-None-Match: ${random.pick(['*', '"', 'W/"x"'])}\r\n\r\n`
    case 11:
      return `${random.pick(['POST', 'PUT', 'OPTIONS', 'CONNECT', 'TRACE', 'PRI', 'get', 'G\u0000T'])} /session HTTP/1.1\r\nHost: x\r\nContent-Length: ${random.pick(['0', '10', '-1', '99999999', 'x'])}\r\nTransfer-Encoding: ${random.pick(['chunked', 'x', ''])}\r\n\r\nzz\r\n`
    case 12:
      return `GET /session HTTP/${random.pick(['0.9', '1.0', '2.0', '9.9', 'x'])}\r\n\r\n`
    default:
      // Frames before the handshake has been answered.
      return good + fuzzFrames(random).toString('latin1')
  }
}
