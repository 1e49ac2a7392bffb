import { formatKitLink, generateKitSecret } from '@alcove/shared/crypto/recovery-kit'
import { ok } from '@alcove/shared/domain/result'
import { describe, expect, it } from 'vitest'
import { readTyped, spread } from '../../../../../pwa/src/features/recovery/read-typed.ts'
import type { KitWords } from '../../../../../pwa/src/recovery-ports.ts'

const empty = Array.from({ length: 12 }, () => '')
const twelve = 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above'.split(' ')
const secret = generateKitSecret()
const words: KitWords = { write: async () => twelve, read: async () => ok(secret) }

describe('words that are pasted', () => {
  it('go to the fields in their order, with or without their numbers, wherever they were pasted', () => {
    expect(spread(empty, 0, twelve.join(' '))).toEqual(twelve)
    expect(spread(empty, 5, twelve.map((word, i) => `${i + 1}. ${word}`).join('\n'))).toEqual(twelve)
    expect(spread(empty, 0, twelve.map((word, i) => `${i + 1}.${word}`).join(', '))).toEqual(twelve)
  })

  it('go on from their field when they are some of them', () => {
    expect(spread(twelve, 3, 'zoo zebra')).toEqual(twelve.with(3, 'zoo').with(4, 'zebra'))
    expect(spread(twelve, 11, 'zoo zebra')).toEqual(twelve.with(11, 'zoo'))
    expect(spread(twelve, 2, ' zoo ')).toEqual(twelve.with(2, 'zoo'))
  })
})

describe('a link that is pasted', () => {
  it('is as good as the words', async () => {
    const link = await formatKitLink('https://clinic.example', secret)
    expect(await readTyped(words, spread(empty, 0, link))).toEqual({ ok: true, value: secret })
  })

  it('says that it is not whole', async () => {
    const link = await formatKitLink('https://clinic.example', secret)
    expect(await readTyped(words, empty.with(0, link.slice(0, -3)))).toEqual({ ok: false, error: [{ kind: 'broken-link' }] })
  })
})
