import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { err, ok } from '@alcove/shared/domain/result'
import { expect, test } from 'vitest'
import { createAdmittance } from '../../../../../pwa/src/features/log/log-admission.ts'
import type { AccessKeeper } from '../../../../../pwa/src/features/log/log-access-keeper.ts'
import type { LogContext } from '../../../../../pwa/src/features/log/log-context.ts'
import type { LogConnection, LogReply } from '../../../../../pwa/src/log-ports.ts'

test('proves itself once on a connection, however often the chain changes meanwhile', async () => {
  const device = await importKeyPair(await generateSecret())
  const asked: string[] = []
  let answer = (_: LogReply) => {}
  const connection = {
    ask(request: { readonly type: string }) {
      asked.push(request.type)
      return new Promise((resolve) => {
        answer = (reply) => resolve(ok(reply))
      })
    },
  } as unknown as LogConnection
  let followed = () => {}
  const keeper = { follow: () => new Promise<void>((resolve) => (followed = resolve)) } as unknown as AccessKeeper
  const context = {
    clock: { now: () => 0, after: () => () => {}, every: () => () => {} },
    random: () => 0,
    origin: 'https://clinic.example',
    place: () => ({ space: 's'.repeat(43), device }),
    isClosed: () => false,
    memory: {},
  } as unknown as LogContext
  const admittance = createAdmittance({ context, keeper, connection: () => connection, changed: () => {} })

  admittance.opened({ type: 'hello', connection: 'c'.repeat(22), nonce: 'n'.repeat(43), keepsLogs: true })
  admittance.again()
  await expect.poll(() => asked).toEqual(['authenticate'])
  admittance.again()
  answer({ message: { type: 'ready', id: 0, now: 0, version: 0, usedBytes: 1, quotaBytes: 2 }, body: new Uint8Array() })
  await Promise.resolve()
  admittance.again()
  await expect
    .poll(() => {
      followed()
      return admittance.now().kind
    })
    .toBe('in')
  expect(asked).toEqual(['authenticate'])
})

test.each([
  ['was on the list shows the server its own once on each connection, then says that it is no longer let in', true, ['removed', 1, 2]],
  ['was never on the list waits to be let in', false, ['not-admitted', 0, 1]],
] as const)('a device that %s', async (_what, wasOnIt, said) => {
  const device = await importKeyPair(await generateSecret())
  const asked: string[] = []
  let shown = 0
  const connection = {
    async ask(request: { readonly type: string }) {
      asked.push(request.type)
      return err({ code: 'not-a-member' })
    },
  } as unknown as LogConnection
  const keeper = {
    wasListed: async () => wasOnIt,
    async fill() {
      shown += 1
      return null
    },
  } as unknown as AccessKeeper
  const context = {
    clock: { now: () => 0, after: () => () => {}, every: () => () => {} },
    random: () => 0,
    origin: 'https://clinic.example',
    place: () => ({ space: 's'.repeat(43), device }),
    isClosed: () => false,
    memory: {},
  } as unknown as LogContext
  const admittance = createAdmittance({ context, keeper, connection: () => connection, changed: () => {} })
  const greet = () => admittance.opened({ type: 'hello', connection: 'c'.repeat(22), nonce: 'n'.repeat(43), keepsLogs: true })
  greet()
  await expect.poll(() => [admittance.now().kind, shown, asked.length]).toEqual(said)
  admittance.again()
  await expect.poll(() => [shown, asked.length]).toEqual([said[1], said[2] + 1])
  admittance.lost()
  expect(admittance.now().kind).toBe(wasOnIt ? 'removed' : 'lost')
  greet()
  await expect.poll(() => shown).toBe(2 * said[1])
  // Of another practice that is then here nothing was said.
  admittance.left()
  expect(admittance.now().kind).toBe('lost')
})
