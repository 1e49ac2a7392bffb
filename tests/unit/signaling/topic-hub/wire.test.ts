import { fc } from '../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import { publicationFrame, read } from '../../../../signaling/src/topic-hub/wire.ts'

/** What y-webrtc's own server (10.3, bin/server.js) would send; null where it sends nothing, or falls over. */
function stock(payload: Buffer, clients: number): unknown {
  try {
    const message = JSON.parse(payload.toString())
    if (!message?.type || message.type !== 'publish' || !message.topic || typeof message.topic !== 'string') return null
    message.clients = clients
    return { topic: message.topic, sent: JSON.parse(JSON.stringify(message)) }
  } catch {
    return null
  }
}

function ours(payload: Buffer, clients: number): unknown {
  const said = read(Buffer.from(payload))
  if (said.type !== 'publish') return null
  const frame = Buffer.from(publicationFrame(said.message, clients))
  return { topic: said.topic, sent: JSON.parse(payloadOf(frame).toString()) }
}

/** The payload of an unmasked text frame, whose length must be right. */
function payloadOf(frame: Buffer): Buffer {
  expect(frame[0]).toBe(0x81)
  const short = frame[1] ?? 0
  const at = short < 126 ? 2 : short === 126 ? 4 : 10
  const length = short < 126 ? short : short === 126 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2))
  expect(frame.length).toBe(at + length)
  return frame.subarray(at)
}

const plain = (topic: string, data: string) => Buffer.from(`{"type":"publish","topic":"${topic}","data":"${data}"}`)

describe('a publication', () => {
  it('of y-webrtc with a password is passed on to the byte, with the number of clients at its end', () => {
    const said = read(plain('dG9waWM', 'c2VhbGVk'))
    if (said.type !== 'publish') throw new Error(said.type)
    expect(said.message.kind).toBe('bytes')
    const sent = payloadOf(Buffer.from(publicationFrame(said.message, 7))).toString()
    expect(sent).toBe('{"type":"publish","topic":"dG9waWM","data":"c2VhbGVk","clients":7}')
  })

  it.each([10, 100, 126, 1_000, 65_480, 65_535, 70_000])('of %i bytes of data has the length that its frame says', (length) => {
    const payload = plain('t', 'x'.repeat(length))
    expect(ours(payload, 24)).toEqual(stock(payload, 24))
  })

  const odd: readonly string[] = [
    '{"type":"publish","topic":"a","topic":"b","data":"x"}',
    '{"type":"publish","topic":"a","data":"x","data":"y"}',
    '{"type":"publish","topic":"a","data":"x","type":"ping"}',
    '{"type":"publish","topic":"a","data":"x","clients":99}',
    '{"type":"publish","topic":"a","data":"x","topic":"b"}',
    '{"type":"publish","topic":"a\\"","data":"x"}',
    '{"type":"publish","topic":"a","data":"x\\u0000"}',
    '{"type":"publish","topic":"a","data":"\\"}',
    '{"type":"publish","topic":"\\","data":"\\"}',
    '{"type":"publish","topic":"a","data":"x\ny"}',
    '{"type":"publish","topic":"a\u0000","data":"x"}',
    '{"type":"publish","topic":"","data":"x"}',
    '{"type":"publish","topic":"a","data":""}',
    '{"type":"publish","topic":"é😀","data":"ü\u2028\u007f"}',
    '{"type":"publish","topic":"a","data":"x"} ',
    ' {"type":"publish","topic":"a","data":"x"}',
    '\ufeff{"type":"publish","topic":"a","data":"x"}',
    '{"type":"publish","topic":"a","data":"x"}}',
    '{"type":"publish","topic":"a","data":"x"',
    '{"type":"publish","topic":"a","data":x}',
    '{"type":"publish","topic":"a","data":"}',
    '{"type":"publish","topic":"a","data":{"n":-0,"big":1e400,"e":1E2}}',
    '{"type":"publish","topic":"a","data":{"__proto__":{"x":1},"toJSON":1}}',
    '{"__proto__":1,"type":"publish","topic":"a","data":[[[]]]}',
    '{"type":"publish","topic":"a"}',
    '{"type":"publish","topic":["a"],"data":"x"}',
    '{"type":"publish","topic":5,"data":"x"}',
    '{"type":"publish","data":"x"}',
    '["publish"]',
    'null',
    '5',
    '""',
    '',
  ]
  it.each(odd)('is what the stock server makes of it, or nothing: %s', (text) => {
    const payload = Buffer.from(text)
    expect(ours(payload, 3)).toEqual(stock(payload, 3))
  })

  it('is that for whatever JSON it is', () => {
    const message = fc.record(
      {
        type: fc.oneof({ weight: 9, arbitrary: fc.constant('publish') }, fc.string()),
        topic: fc.oneof({ weight: 5, arbitrary: fc.string({ unit: 'binary' }) }, fc.jsonValue()),
        data: fc.oneof(fc.base64String(), fc.string({ unit: 'binary' }), fc.jsonValue()),
        clients: fc.jsonValue(),
      },
      { requiredKeys: ['type'] },
    )
    const written = fc
      .tuple(message, fc.constantFrom(undefined, 1, '\t'))
      .map(([value, space]) => Buffer.from(JSON.stringify(value, null, space)))
    fc.assert(
      fc.property(written, fc.nat(30), (payload, clients) => {
        expect(ours(payload, clients)).toEqual(stock(payload, clients))
      }),
    )
  })

  it('is that for whatever bytes are changed in a plain one', () => {
    const changes = fc.array(
      fc.tuple(fc.nat(80), fc.constantFrom(...Buffer.from('"\\{}:, ab\u0000\n\u001f[0-tu')), fc.constantFrom('set', 'insert', 'cut')),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    fc.assert(
      fc.property(changes, (all) => {
        const bytes = [...plain('dG9waWM', 'c2VhbGVkIGRhdGE=')]
        for (const [at, byte, how] of all) bytes.splice(at % bytes.length, how === 'insert' ? 0 : 1, ...(how === 'cut' ? [] : [byte]))
        const payload = Buffer.from(bytes)
        expect(ours(payload, 2)).toEqual(stock(payload, 2))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('what else a client says', () => {
  it.each([
    ['{"type":"subscribe","topics":["a","b"]}', { type: 'subscribe', topics: ['a', 'b'] }],
    ['{"type":"subscribe","topics":["a",5,null,{}]}', { type: 'subscribe', topics: ['a'] }],
    ['{"type":"subscribe"}', { type: 'subscribe', topics: [] }],
    ['{"type":"unsubscribe","topics":null}', { type: 'unsubscribe', topics: [] }],
    ['{"type":"unsubscribe","topics":["a"]}', { type: 'unsubscribe', topics: ['a'] }],
    ['{"type":"ping"}', { type: 'ping' }],
    ['{"type":"shout"}', { type: 'ignored' }],
    ['{}', { type: 'ignored' }],
    ['[]', { type: 'ignored' }],
    ['null', { type: 'ignored' }],
    ['{"type":"subscribe","topics":5}', { type: 'malformed' }],
    ['{"type":"unsubscribe","topics":"a"}', { type: 'malformed' }],
    ['{"type":', { type: 'malformed' }],
    ['', { type: 'malformed' }],
  ])('%s', (text, said) => {
    expect(read(Buffer.from(text))).toEqual(said)
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(Buffer.from(bytes))))
  })

  it('is read from any place in a larger buffer', () => {
    const text = '{"type":"publish","topic":"abc","data":"defg"}'
    for (let at = 0; at < 9; at++) {
      const buffer = Buffer.alloc(at + text.length + 5, 1)
      buffer.write(text, at)
      expect(read(buffer.subarray(at, at + text.length))).toMatchObject({ type: 'publish', topic: 'abc', message: { kind: 'bytes' } })
    }
  })
})
