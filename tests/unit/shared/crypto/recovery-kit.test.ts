import { readFileSync } from 'node:fs'
import { fromBase64Url, hashText, randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { deriveKitKeys, formatKitLink, generateKitSecret, openKit, parseKitLink, sealKit } from '@alcove/shared/crypto/recovery-kit'
import { asId, type DeviceKey, type EntryHash, type MemberId } from '@alcove/shared/domain/ids'
import { type KitContents, maxLaterKeys } from '@alcove/shared/protocol/kit-contents'
import { maxKitBytes } from '@alcove/shared/protocol/log-messages'
import { describe, expect, it } from 'vitest'
import { createKitWords } from '../../../../pwa/src/adapters/recovery/kit-words.ts'

async function contentsOf(practice = 'Riverbank Therapy', keys = 0): Promise<KitContents> {
  const secret = await generateSecret()
  const { publicKey } = await importKeyPair(secret)
  return {
    member: asId<MemberId>(toBase64Url(randomBytes(16))),
    root: asId<EntryHash>(toBase64Url(randomBytes(32))),
    foundingDevice: asId<DeviceKey>(publicKey),
    foundingKey: toBase64Url(randomBytes(32)),
    laterKeys: Array.from({ length: keys }, () => toBase64Url(randomBytes(32))),
    device: toBase64Url(secret),
    practice,
    madeAt: 1_700_000_000_000,
  }
}

describe('a recovery kit', () => {
  it('opens with its own secret alone', async () => {
    const keys = await deriveKitKeys(generateKitSecret())
    const contents = await contentsOf()
    const sealed = await sealKit(keys, contents)
    expect(await openKit(keys, sealed)).toEqual({ ok: true, value: contents })
    expect(await openKit(await deriveKitKeys(generateKitSecret()), sealed)).toEqual({ ok: false, error: 'broken' })
  })

  it('is always of one length, so that the length tells nothing', async () => {
    const keys = await deriveKitKeys(generateKitSecret())
    const lengths = [await sealKit(keys, await contentsOf('R')), await sealKit(keys, await contentsOf('ñ'.repeat(80)))].map(
      ({ length }) => length,
    )
    expect(lengths[0]).toBe(lengths[1])
    const many = await contentsOf('ñ'.repeat(80), maxLaterKeys)
    const sealed = await sealKit(keys, many)
    expect(sealed.length).toBeLessThan(maxKitBytes)
    expect(await openKit(keys, sealed)).toEqual({ ok: true, value: many })
    expect((await sealKit(keys, await contentsOf('R', 12))).length).toBe(lengths[0])
  })

  it('cannot be put in the place of another', async () => {
    const [one, other] = [await deriveKitKeys(generateKitSecret()), await deriveKitKeys(generateKitSecret())]
    const sealed = await sealKit(one, await contentsOf())
    expect(await openKit({ locator: other.locator, key: one.key }, sealed)).toEqual({ ok: false, error: 'broken' })
  })

  it('says that it was made by a newer program, and that it was changed', async () => {
    const keys = await deriveKitKeys(generateKitSecret())
    const sealed = await sealKit(keys, await contentsOf())
    expect(await openKit(keys, Uint8Array.from([2, ...sealed.slice(1)]))).toEqual({ ok: false, error: 'newer' })
    for (const at of [0, 5, 100, sealed.length - 1]) {
      const changed = sealed.slice()
      changed[at] = (changed[at] ?? 0) ^ (at === 0 ? 1 : 0x80)
      expect(await openKit(keys, changed)).toEqual({ ok: false, error: 'broken' })
    }
    expect(await openKit(keys, new Uint8Array(0))).toEqual({ ok: false, error: 'broken' })
  })

  it('has a locator and a key that follow from the secret alone, and never change', async () => {
    const secret = fromBase64Url('AAECAwQFBgcICQoLDA0ODw')
    expect(secret && (await deriveKitKeys(secret)).locator).toBe('iGUiz-rC17qPCKpFPRHJtlFDP5sqWryiegkl1Hzsrxs')
  })
})

describe('the recovery kit in PROTOCOL.md', () => {
  const markdown = readFileSync(new URL('../../../../docs/PROTOCOL.md', import.meta.url), 'utf8')
  const example = JSON.parse(/^```json recovery-kit\n([\s\S]*?)^```$/m.exec(markdown)?.[1] ?? '')
  const secret = fromBase64Url(example.secret) ?? new Uint8Array(0)

  it('has the link, the locator and the contents that follow from its secret', async () => {
    const keys = await deriveKitKeys(secret)
    expect(keys.locator).toBe(example.locator)
    expect(await formatKitLink('', secret)).toBe(`/${example.link}`)
    expect(await openKit(keys, fromBase64Url(example.sealed) ?? new Uint8Array(0))).toEqual({ ok: true, value: example.contents })
  })

  it('has its words', async () => {
    const words = createKitWords()
    for (const language of ['en', 'es'] as const) expect(markdown).toContain(`*${(await words.write(secret, language)).join(' ')}*`)
  })
})

describe('the link of a recovery kit', () => {
  it('brings the secret back, also from a whole line that was pasted', async () => {
    const secret = generateKitSecret()
    const link = await formatKitLink('https://clinic.example', secret)
    expect(link).toMatch(/^https:\/\/clinic\.example\/restore#1\.[\w-]{22}\.[A-Za-z0-9]{6}$/)
    expect(await parseKitLink(link)).toEqual({ ok: true, value: secret })
    expect(await parseKitLink(` ${link.slice(link.indexOf('#'))}\n`)).toEqual({ ok: true, value: secret })
  })

  it('notices every single changed or lost character', async () => {
    const link = await formatKitLink('https://clinic.example', generateKitSecret())
    const start = link.indexOf('#') + 1
    for (let at = start; at < link.length; at++) {
      const other = link[at] === 'a' ? 'b' : 'a'
      expect((await parseKitLink(link.slice(0, at) + other + link.slice(at + 1))).ok, `changed at ${at}`).toBe(false)
      expect((await parseKitLink(link.slice(0, at) + link.slice(at + 1))).ok, `lost at ${at}`).toBe(false)
    }
  })

  it('says no link, a broken one and a newer one apart', async () => {
    expect(await parseKitLink('')).toEqual({ ok: false, error: 'no-link' })
    expect(await parseKitLink('#1.abc.def')).toEqual({ ok: false, error: 'broken-link' })
    const body = '2.something.else'
    const check = (await hashText(body)).replaceAll(/[-_]/g, '').slice(0, 6)
    expect(await parseKitLink(`#${body}.${check}`)).toEqual({ ok: false, error: 'newer-link' })
  })
})
