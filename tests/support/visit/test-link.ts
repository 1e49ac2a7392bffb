import { hashText } from '@alcove/shared/crypto/bytes'
import { deriveLink, formatLink, generateLinkKey } from '@alcove/shared/crypto/link'
import type { LinkCard } from '@alcove/shared/protocol/peer-messages'
import { newRoom } from '../crypto-people.ts'

export const exampleCard: LinkCard = {
  clinician: 'Dr. Ana Rivera',
  practice: 'Willow Practice',
  phone: '555 0100',
  email: 'desk@willow.example',
  startMinutes: null,
}

/** A good link to a room in which nobody is host, as a patient gets it. */
export async function exampleLink(origin: string, card: Partial<LinkCard> = {}): Promise<string> {
  const { compressed } = await newRoom(Date.now())
  const keys = await deriveLink(generateLinkKey(), { kind: 'standing', generation: 0 })
  return formatLink(origin, { roomKey: compressed, ...keys, card: { ...exampleCard, ...card } })
}

/** The same link as a later Alcove might make it: whole, with another version. */
export async function asNewerLink(link: string): Promise<string> {
  const [address = '', fragment = ''] = link.split('#')
  const body = ['9', ...fragment.split('.').slice(1, -1)].join('.')
  return `${address}#${body}.${(await hashText(body)).replaceAll(/[-_]/g, '').slice(0, 6)}`
}
