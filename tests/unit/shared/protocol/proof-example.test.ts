import { readFileSync } from 'node:fs'
import { verifyProof } from '@alcove/shared/crypto/chain'
import { importKeyPair } from '@alcove/shared/crypto/identity'
import type { DeviceKey } from '@alcove/shared/domain/ids'
import { expect, test } from 'vitest'
import { bytesOf } from '../../../support/crypto-people.ts'
import { examplesIn } from '../../../support/wire-examples.ts'

const markdown = readFileSync(new URL('../../../../docs/PROTOCOL.md', import.meta.url), 'utf8')
const channel = examplesIn(markdown).filter(({ schema }) => schema === 'channel')
const exampleOf = (type: string) => channel.map(({ text }) => JSON.parse(text)).find((message) => message.type === type)
const lineOf = (what: string) => new RegExp(`^<${what}> +(\\S+)$`, 'm').exec(markdown)?.[1] ?? ''

test('PROTOCOL.md shows a proof that holds for its nonces, devices and certificates, and for no others', async () => {
  const { administratorSecret } = JSON.parse(/```json practice-keys\n([\s\S]*?)```/.exec(markdown)?.[1] ?? '{}')
  const rivera = await importKeyPair(bytesOf(administratorSecret))
  const hello = exampleOf('hello')
  const { signature } = exampleOf('proof')
  // As Dr. Rivera's device sees it.
  const fields = {
    nonces: { mine: lineOf('your nonce'), theirs: hello.nonce },
    devices: { mine: rivera.publicKey as DeviceKey, theirs: hello.device },
    fingerprints: { mine: lineOf('your fingerprint'), theirs: lineOf('my fingerprint') },
  }
  expect(lineOf('my nonce')).toBe(hello.nonce)
  expect(await verifyProof(fields, signature)).toBe(true)
  expect(await verifyProof({ ...fields, nonces: { ...fields.nonces, mine: hello.nonce } }, signature)).toBe(false)
  expect(await verifyProof({ ...fields, fingerprints: { ...fields.fingerprints, theirs: fields.fingerprints.mine } }, signature)).toBe(
    false,
  )
})
