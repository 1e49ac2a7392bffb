import { randomBytes } from '@alcove/shared/crypto/bytes'
import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import { createKitWords } from '../../../../../pwa/src/adapters/recovery/kit-words.ts'

const words = createKitWords()
const zeros = new Uint8Array(16)

describe('the words of a recovery kit', () => {
  it('are those of BIP-39', async () => {
    expect(await words.write(zeros, 'en')).toEqual([...Array(11).fill('abandon'), 'about'])
    expect(await words.write(Uint8Array.from(Array(16).fill(0x80)), 'en')).toEqual(
      'letter advice cage absurd amount doctor acoustic avoid letter advice cage above'.split(' '),
    )
    expect((await words.write(zeros, 'es'))[0]).toBe('ábaco')
  })

  it.each(['en', 'es'] as const)(
    'bring every secret back (%s), typed without accents, in capitals, or by four letters',
    async (language) => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 16 }), async (bytes) => {
          const secret = Uint8Array.from(bytes)
          const written = await words.write(secret, language)
          expect(written).toHaveLength(12)
          const bare = written.map((word) => word.normalize('NFD').replaceAll(/\p{M}/gu, ''))
          for (const typed of [written, bare.map((word) => ` ${word.toUpperCase()} `), bare.map((word) => word.slice(0, 4))]) {
            expect(await words.read(typed)).toEqual({ ok: true, value: secret })
          }
        }),
        { numRuns: 15 },
      )
    },
  )

  it('name each word that is not in the list, with the one that was probably meant', async () => {
    const typed = 'letter advice cage absurd amuont doctor acoustic avoid letter xyzzyq cage above'.split(' ')
    expect(await words.read(typed)).toEqual({
      ok: false,
      error: [
        { kind: 'unknown-word', number: 5, word: 'amuont', suggestion: 'amount' },
        { kind: 'unknown-word', number: 10, word: 'xyzzyq', suggestion: null },
      ],
    })
    const spanish = [...(await words.write(randomBytes(16), 'es'))]
    spanish[0] = 'abzgado'
    expect(await words.read(spanish)).toMatchObject({ ok: false, error: [{ kind: 'unknown-word', number: 1, suggestion: 'abogado' }] })
  })

  it('say which are missing, and that known words do not belong together', async () => {
    const typed = 'letter advice cage absurd amount doctor acoustic avoid letter advice cage'.split(' ')
    expect(await words.read(typed)).toEqual({ ok: false, error: [{ kind: 'missing-word', number: 12 }] })
    expect(await words.read([...typed, 'zoo'])).toEqual({ ok: false, error: [{ kind: 'unfit' }] })
  })
})
