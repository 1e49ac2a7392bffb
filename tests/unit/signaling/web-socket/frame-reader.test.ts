import { createRequire } from 'node:module'
import { fc } from '../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import { FrameReader } from '../../../../signaling/src/web-socket/frame-reader.ts'
import { type FrameOptions, frame } from '../../../support/signaling/raw-socket.ts'

const { Receiver } = createRequire(import.meta.url)('ws') as { Receiver: new (options: object) => import('node:stream').Writable }

const maxBytes = 2_000

/** Everything that was read from these bytes, delivered in these pieces, one line each. */
function ours(pieces: readonly Buffer[]): string[] {
  const seen: string[] = []
  const reader = new FrameReader(maxBytes, {
    onText: (payload) => seen.push(`text ${payload.toString('hex')}`),
    onBinary: () => seen.push('binary'),
    onPing: (payload) => seen.push(`ping ${payload.toString('hex')}`),
    onPong: () => seen.push('pong'),
    onClose: (code) => seen.push(`close ${code}`),
    onError: (code) => seen.push(`error ${code}`),
  })
  // The reader unmasks in place, so it gets bytes of its own.
  for (const piece of pieces) reader.read(Buffer.from(piece))
  return seen
}

/** The same by ws. */
async function theirs(pieces: readonly Buffer[]): Promise<string[]> {
  const seen: string[] = []
  const receiver = new Receiver({
    isServer: true,
    maxPayload: maxBytes,
    maxFragments: 32,
    maxBufferedChunks: 256,
    allowSynchronousEvents: true,
  })
  receiver.on('message', (data: Buffer, isBinary: boolean) => seen.push(isBinary ? 'binary' : `text ${data.toString('hex')}`))
  receiver.on('ping', (data: Buffer) => seen.push(`ping ${data.toString('hex')}`))
  receiver.on('pong', () => seen.push('pong'))
  receiver.on('conclude', (code: number) => seen.push(`close ${code}`))
  receiver.on('error', (error: Error) => {
    const status = Object.getOwnPropertySymbols(error).find((symbol) => symbol.description === 'status-code')
    seen.push(`error ${status === undefined ? '?' : Reflect.get(error, status)}`)
  })
  for (const piece of pieces) if (!receiver.destroyed && !receiver.writableEnded) receiver.write(Buffer.from(piece))
  await new Promise((resolve) => setImmediate(resolve))
  return seen
}

const cut = (bytes: Buffer, ...at: number[]) => [0, ...at].map((from, index) => bytes.subarray(from, [...at, bytes.length][index]))

describe('frames', () => {
  it('are read whole, several at once, and byte by byte', () => {
    const long = 'x'.repeat(1_500)
    const bytes = Buffer.concat([frame('one'), frame(''), frame(long), frame('p', { opcode: 9 }), frame('', { opcode: 10 }), frame('é')])
    const expected = [
      `text ${Buffer.from('one').toString('hex')}`,
      'text ',
      `text ${Buffer.from(long).toString('hex')}`,
      'ping 70',
      'pong',
      `text ${Buffer.from('é').toString('hex')}`,
    ]
    expect(ours([bytes])).toEqual(expected)
    for (const size of [7, 100]) {
      expect(ours(cut(bytes, ...Array.from({ length: Math.floor((bytes.length - 1) / size) }, (_, i) => (i + 1) * size)))).toEqual(expected)
    }
  })

  const refused: readonly [string, Buffer, string][] = [
    ['without a mask', frame('x', { masked: false }), 'error 1002'],
    ['with a reserved bit', frame('x', { reserved: 4 }), 'error 1002'],
    ['of an unknown kind', frame('x', { opcode: 3 }), 'error 1002'],
    ['that go on with nothing', frame('x', { opcode: 0 }), 'error 1002'],
    ['that begin anew inside a message', Buffer.concat([frame('x', { final: false }), frame('y')]), 'error 1002'],
    ['of control in fragments', frame('x', { opcode: 9, final: false }), 'error 1002'],
    ['of control that are long', frame('x'.repeat(126), { opcode: 9 }), 'error 1002'],
    ['of bad UTF-8', frame(Buffer.from([0xc3, 0x28])), 'error 1007'],
    [
      'of bad UTF-8 across fragments',
      Buffer.concat([frame(Buffer.from([0xc3]), { final: false }), frame('(', { opcode: 0 })]),
      'error 1007',
    ],
    ['that are too long', frame('x'.repeat(maxBytes + 1)), 'error 1009'],
    ['that claim to be', frame('x', { claimedLength: 2n ** 63n }), 'error 1009'],
    ['that are too long together', Buffer.concat([frame('x'.repeat(maxBytes), { final: false }), frame('y', { opcode: 0 })]), 'error 1009'],
    [
      'in too many fragments',
      Buffer.concat([frame('', { final: false }), ...Array(40).fill(frame('', { opcode: 0, final: false }))]),
      'error 1008',
    ],
    ['that close with half a code', frame('x', { opcode: 8 }), 'error 1002'],
    ['that close with a code that is not for sending', frame(Buffer.from([3, 237]), { opcode: 8 }), 'error 1002'],
    ['that close with a bad reason', frame(Buffer.from([3, 232, 0xff]), { opcode: 8 }), 'error 1007'],
  ]
  it.each(refused)('%s are refused, and nothing is read after them', (_what, bytes, error) => {
    expect(ours([bytes, frame('later')])).toEqual([error])
    expect(ours([Buffer.concat([bytes, frame('later')])])).toEqual([error])
  })

  it('that close say with which code', () => {
    expect(ours([frame(Buffer.from([3, 232]), { opcode: 8 }), frame('later')])).toEqual(['close 1000'])
    expect(ours([frame('', { opcode: 8 })])).toEqual(['close 1005'])
  })

  it('that never come to an end are given up after 256 pieces', () => {
    const bytes = frame('x'.repeat(1_000))
    expect(ours(cut(bytes.subarray(0, 600), ...Array.from({ length: 599 }, (_, i) => i + 1)))).toEqual(['error 1008'])
  })

  it('are understood as ws understands them, whatever they are and however they are cut', async () => {
    const options: fc.Arbitrary<FrameOptions> = fc.record({
      opcode: fc.constantFrom(1, 1, 1, 1, 0, 0, 2, 8, 9, 10, 3),
      final: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 2, arbitrary: fc.constant(false) }),
      masked: fc.oneof({ weight: 40, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      reserved: fc.oneof({ weight: 60, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 7 }) }),
    })
    const payload = fc.oneof(
      { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 150 }).map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)) },
      { weight: 1, arbitrary: fc.integer({ min: 100, max: 2_100 }).map((length) => Buffer.alloc(length, 'y')) },
    )
    const frames = fc.array(fc.tuple(payload, options), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(frames, fc.array(fc.nat(3_000), { maxLength: 6 }), async (all, cuts) => {
        const bytes = Buffer.concat(all.map(([body, how]) => frame(body, how)))
        const at = [...new Set(cuts.map((position) => position % bytes.length))].filter((position) => position > 0).sort((a, b) => a - b)
        const pieces = cut(bytes, ...at)
        expect(ours(pieces)).toEqual(await theirs(pieces))
      }),
      { numRuns: 400 },
    )
  })
})
