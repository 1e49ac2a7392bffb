import { readFileSync } from 'node:fs'
import { verifyAccess, verifyLogAuthentication } from '@alcove/shared/crypto/log-access'
import { decode } from '@alcove/shared/protocol/decode'
import { logClientMessage, logServerMessage, maxLogJsonBytes } from '@alcove/shared/protocol/log-messages'
import type { GenericSchema } from '@alcove/shared/protocol/schema'
import { expect, it } from 'vitest'
import { unwrap } from '../../../support/crypto-people.ts'
import { examplesIn, type SchemaName } from '../../../support/wire-examples.ts'

const examples = examplesIn(readFileSync(new URL('../../../../docs/PROTOCOL.md', import.meta.url), 'utf8'))

function all<T extends { readonly type: string }>(name: SchemaName, schema: GenericSchema<unknown, T>): readonly T[] {
  return examples.filter((one) => one.schema === name).map(({ text }) => unwrap(decode(schema, text, maxLogJsonBytes)))
}
const said = all('log-client', logClientMessage)
const answered = all('log-server', logServerMessage)

it('the messages of /log in PROTOCOL.md are of one conversation, with good signatures', async () => {
  const authenticate = said.find((message) => message.type === 'authenticate')
  const access = said.find((message) => message.type === 'access')
  const hello = answered.find((message) => message.type === 'hello')
  if (!authenticate || !access || !hello) throw new Error('an example is missing')
  const { space, device, signature } = authenticate
  const [statement = ''] = access.statements
  const made = await verifyAccess(statement)
  expect([made?.list.space, made?.list.by]).toEqual([space, device])
  const { connection, nonce } = hello
  const fields = { origin: 'https://alcove.example', connection, nonce, space }
  expect(await verifyLogAuthentication(device, fields, signature)).toBe(true)
  expect(await verifyLogAuthentication(device, { ...fields, nonce: connection.padEnd(43, 'A') }, signature)).toBe(false)
})

it('and every request among them has its answer', () => {
  const answers = answered.flatMap((message) => ('id' in message && message.type !== 'refused' ? [message.id] : []))
  expect(answers.toSorted((one, other) => one - other)).toEqual(said.map(({ id }) => id).toSorted((one, other) => one - other))
})
