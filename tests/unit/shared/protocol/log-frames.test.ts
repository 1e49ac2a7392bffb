import { type Assembled, createFrameAssembler, cutMessage, maxLogFrameBytes } from '@alcove/shared/protocol/log-frames'
import { maxLogJsonBytes, maxLogMessageBytes } from '@alcove/shared/protocol/log-messages'
import { fc } from '../../../support/property.ts'
import { describe, expect, it } from 'vitest'

type Bytes = Uint8Array<ArrayBuffer>

const bytes = (length: number, seed = 1): Bytes => new Uint8Array(length).map((_, index) => (index * 31 + seed) & 0xff)
const kinds = (frames: readonly Bytes[], maxBytes = maxLogMessageBytes) => {
  const assembler = createFrameAssembler()
  return frames.map((frame) => assembler.take(frame, maxBytes).kind)
}

describe('messages of the sealed log in frames', () => {
  it('come together as they were, one after the other, whatever their lengths', () => {
    const around = (length: number) => fc.integer({ min: Math.max(0, length - 3), max: length + 3 })
    const length = fc.oneof(around(0), around(100), around(maxLogFrameBytes - 10), around(2 * (maxLogFrameBytes - 1)))
    fc.assert(
      fc.property(fc.array(fc.record({ json: length, body: length }), { minLength: 1, maxLength: 4 }), (lengths) => {
        const assembler = createFrameAssembler()
        for (const [seed, one] of lengths.entries()) {
          const message = { json: bytes(one.json, seed), body: bytes(one.body, seed + 7) }
          const frames = cutMessage(message)
          expect(frames.every((frame) => frame.length <= maxLogFrameBytes)).toBe(true)
          let last: Assembled = { kind: 'waiting' }
          for (const frame of frames) {
            expect(last.kind).toBe('waiting')
            last = assembler.take(frame, maxLogMessageBytes)
            frame.fill(0xee)
          }
          if (last.kind !== 'message') throw new Error(last.kind)
          expect(Buffer.compare(last.message.json, message.json)).toBe(0)
          expect(Buffer.compare(last.message.body, message.body)).toBe(0)
          expect(assembler.held()).toBe(0)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('lie as PROTOCOL.md says', () => {
    expect(cutMessage({ json: new Uint8Array([123, 125]), body: new Uint8Array([9]) })).toEqual([
      new Uint8Array([0, 0, 0, 0, 2, 123, 125, 9]),
    ])
    const long = cutMessage({ json: new Uint8Array(1), body: bytes(maxLogFrameBytes) })
    expect(long.map((frame) => [frame[0], frame.length])).toEqual([
      [1, maxLogFrameBytes],
      [0, 7],
    ])
  })

  const full = (marker: number) => new Uint8Array(maxLogFrameBytes).fill(0).fill(marker, 0, 1)
  it.each([
    ['an empty frame', [new Uint8Array(0)], 'malformed'],
    ['another first byte', [new Uint8Array([2, 0, 0, 0, 0])], 'malformed'],
    ['a frame that goes on and is not full', [new Uint8Array([1, 0, 0, 0, 0])], 'malformed'],
    ['a frame that is longer than one may be', [new Uint8Array(maxLogFrameBytes + 1)], 'malformed'],
    ['no room for a length', [new Uint8Array([0, 0, 0, 0])], 'malformed'],
    ['JSON beyond the end', [new Uint8Array([0, 0, 0, 0, 3, 123, 125])], 'malformed'],
    ['JSON that is too long', [new Uint8Array([0, 0xff, 0xff, 0xff, 0xff])], 'too-large'],
    ['a message that is too long', [full(1), full(1), full(1)], 'too-large'],
  ])('%s is refused', (_what, frames, kind) => {
    expect(kinds(frames, 2 * maxLogFrameBytes).at(-1)).toBe(kind)
  })

  it('an 8 MiB record fits', () => {
    const frames = cutMessage({ json: bytes(maxLogJsonBytes), body: bytes(8 * 1024 * 1024) })
    expect(kinds(frames).at(-1)).toBe('message')
  })
})
