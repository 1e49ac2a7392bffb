import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import { chunkBytes, createAssembler, toChunks } from '../../../../../pwa/src/adapters/sync/chunks.ts'

const all = (text: string) => [...(toChunks(text) ?? [])]
const bytes = (...values: number[]) => Uint8Array.from(values)

describe('chunks of a channel message', () => {
  it('come together to the same text, whatever it is and however many messages follow each other', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.integer({ min: 0, max: 200_000 }).map((n) => 'aé€😀'.repeat(n / 8)),
    )
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        const assembler = createAssembler()
        const heard = texts.flatMap(all).flatMap((chunk) => {
          const taken = assembler.take(chunk)
          expect(taken.kind).not.toBe('broken')
          return taken.kind === 'message' ? [taken.text] : []
        })
        expect(heard).toEqual(texts)
      }),
      { numRuns: 50 },
    )
  })

  it('are each below 60 KiB, as few as can be', () => {
    for (const length of [0, 1, chunkBytes - 1, chunkBytes, 3 * (chunkBytes - 1), 1_000_000]) {
      const chunks = all('x'.repeat(length))
      expect(chunks.every((chunk) => chunk.length >= 1 && chunk.length <= chunkBytes && chunk.length < 60 * 1024)).toBe(true)
      expect(chunks).toHaveLength(Math.max(1, Math.ceil(length / (chunkBytes - 1))))
      expect(chunks.map((chunk) => chunk[0])).toEqual(chunks.map((_, i) => (i === chunks.length - 1 ? 0 : 1)))
    }
  })

  it('exist for a text of 32 MiB, and for no longer one', () => {
    const most = 'x'.repeat(32 * 1024 * 1024)
    expect(toChunks(most)).not.toBeNull()
    expect(toChunks(`${most}x`)).toBeNull()
  })
})

describe('the assembler', () => {
  it('holds no more than its limit, whatever arrives', () => {
    const assembler = createAssembler(100)
    expect(assembler.take(bytes(1, ...Array<number>(60).fill(65))).kind).toBe('incomplete')
    expect(assembler.take(bytes(1, ...Array<number>(41).fill(65))).kind).toBe('broken')
    expect(createAssembler(100).take(bytes(0, ...Array<number>(101).fill(65))).kind).toBe('broken')
    const exact = createAssembler(100)
    exact.take(bytes(1, ...Array<number>(60).fill(65)))
    expect(exact.take(bytes(0, ...Array<number>(40).fill(65)))).toEqual({ kind: 'message', text: 'A'.repeat(100) })
  })

  it.each([
    ['nothing', bytes()],
    ['an unknown mark', bytes(2, 65)],
    ['an empty part of more to come', bytes(1)],
    ['text that is not UTF-8', bytes(0, 0xff)],
  ])('refuses %s', (_what, chunk) => {
    expect(createAssembler().take(chunk).kind).toBe('broken')
  })

  it('never throws, and never makes up a text', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        const assembler = createAssembler(64)
        for (const chunk of chunks) {
          const taken = assembler.take(Uint8Array.from(chunk))
          if (taken.kind === 'broken') return
          if (taken.kind === 'message') expect(taken.text.length).toBeLessThanOrEqual(64)
        }
      }),
    )
  })
})
