import { generateSecret, importKeyPair, compressPublicKey } from '@alcove/shared/crypto/identity'
import { fromBase64Url, toBase64Url } from '@alcove/shared/crypto/bytes'
import { generateLinkKey, parseLink } from '@alcove/shared/crypto/link'
import { asId, type MemberId, type PatientId, type PracticeId } from '@alcove/shared/domain/ids'
import type { Member, Practice } from '@alcove/shared/domain/practice'
import { beforeAll, describe, expect, it } from 'vitest'
import { createLinks } from '../../../../pwa/src/app/services/links.ts'

const practice: Practice = {
  id: asId<PracticeId>('practice'),
  name: 'Willow Practice',
  contactPhone: '555 0100',
  contactEmail: 'desk@willow.example',
  telehealth: 'basic',
}
const patient = { id: asId<PatientId>('sam'), firstName: 'Sam', lastName: 'Fox', linkGenerations: {} }
const linkKey = generateLinkKey()
const links = createLinks({ origin: 'https://clinic.example', vault: { linkKey: async () => linkKey } })
const firstStartAt = Date.UTC(2026, 10, 24, 15)
let clinician: Member

beforeAll(async () => {
  const pair = await importKeyPair(await generateSecret())
  const point = fromBase64Url(pair.publicKey)
  if (!point) throw new Error('The key pair has no public key')
  clinician = {
    id: asId<MemberId>('me'),
    name: 'Dr. Ana Rivera',
    roles: ['clinician'],
    roomKey: toBase64Url(compressPublicKey(point)),
    standingLinkGeneration: 0,
  }
})

async function read(outcome: Awaited<ReturnType<typeof links.standing>>) {
  if (outcome.kind !== 'ready') throw new Error(`No link: ${outcome.kind}`)
  const parsed = await parseLink(new URL(outcome.url).hash)
  if (!parsed.ok) throw new Error(`No link: ${parsed.error}`)
  return parsed.value
}

describe('links', () => {
  it('carry whom, when and how to call, and nothing of the patient', async () => {
    const outcome = await links.ofPatient({ practice, clinician, patient, firstStartAt })
    const { card } = await read(outcome)
    expect(card).toEqual({
      clinician: 'Dr. Ana Rivera',
      practice: 'Willow Practice',
      phone: '555 0100',
      email: 'desk@willow.example',
      startMinutes: firstStartAt / 60_000,
    })
    expect(outcome.kind === 'ready' && outcome.url.startsWith('https://clinic.example/join#1.')).toBe(true)
  })

  it('are replaced one by one, by raising a generation', async () => {
    const old = await read(await links.ofPatient({ practice, clinician, patient, firstStartAt }))
    const replaced = { ...patient, linkGenerations: { [clinician.id]: 1 } }
    const next = await read(await links.ofPatient({ practice, clinician, patient: replaced, firstStartAt }))
    const other = await read(
      await links.ofPatient({ practice, clinician, patient: { ...patient, id: asId<PatientId>('ada') }, firstStartAt }),
    )
    const standing = await read(await links.standing({ practice, clinician }))
    expect(new Set([old.tag, next.tag, other.tag, standing.tag]).size).toBe(4)
    expect(standing.card.startMinutes).toBe(null)
  })

  it('are not there before the clinician has a device, and say when they cannot be made', async () => {
    expect(await links.standing({ practice, clinician: { ...clinician, roomKey: null } })).toEqual({ kind: 'no-room' })
    const broken = createLinks({ origin: 'https://clinic.example', vault: { linkKey: () => Promise.reject(new Error('storage')) } })
    expect(await broken.standing({ practice, clinician })).toEqual({ kind: 'failed' })
  })
})
