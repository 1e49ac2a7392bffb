import { randomBytes, randomId, toBase64Url } from '@alcove/shared/crypto/bytes'
import {
  createWelcomeReader,
  deriveInvitationKeys,
  openPairing,
  type PairingTranscript,
  pairingCommitment,
  parseInvitation,
  sealPairing,
  sealWelcome,
} from '@alcove/shared/crypto/invitation'
import { asId, type DeviceKey } from '@alcove/shared/domain/ids'
import type { PairingMessage } from '@alcove/shared/protocol/sync-messages'
import { describe, expect, it } from 'vitest'
import { settled } from '../../support/call/pending-crypto.ts'
import { newPair, unwrap } from '../../support/crypto-people.ts'
import { createPairingWorld, type PairingWorld } from '../../support/pairing/pairing-world.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

/** Somebody who has the link, hears everything that is said with it, and says what it likes. */
async function createThief(world: PairingWorld, link: string) {
  const keys = await deriveInvitationKeys(unwrap(await parseInvitation(link)).secret)
  const device = await newPair()
  const nonce = randomId()
  const heard: PairingMessage[] = []
  const raw: string[] = []
  const topic = world.relay.of('thief').join(keys.topic, (event) => {
    if (event.type !== 'message') return
    raw.push(event.data)
    void openPairing(keys, event.data).then((message) => message && heard.push(message))
  })
  return {
    device,
    nonce,
    heard,
    raw,
    commitment: await pairingCommitment(asId<DeviceKey>(device.publicKey), nonce),
    publish: (sealed: string) => topic.publish(sealed),
    async say(message: PairingMessage) {
      topic.publish(await sealPairing(keys, message))
      await settled()
    },
    of: <Type extends PairingMessage['type']>(type: Type) =>
      heard.filter((one): one is Extract<PairingMessage, { type: Type }> => one.type === type),
  }
}

describe('somebody who has the link', () => {
  it('and comes first is seen: the colleague hears that it was used, and the person says that the codes differ', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite()
    const thief = await createThief(world, inviter.link())
    await world.pass(10)
    await thief.say({ type: 'knock', commitment: thief.commitment, label: '\u202eFirefox on Linux\u200b' })
    await world.pass(10)
    const colleague = await world.join(inviter.link())
    await thief.say({ type: 'reveal', device: asId<DeviceKey>(thief.device.publicKey), nonce: thief.nonce })
    await world.pass(secondMs)
    expect(colleague.state()).toEqual({ kind: 'failed', reason: 'used' })
    expect(inviter.state()).toMatchObject({ kind: 'comparing', label: 'Firefox on Linux' })
    const again = await world.join(inviter.link(), { name: 'colleague again' })
    await world.pass(secondMs)
    expect(again.state()).toEqual({ kind: 'failed', reason: 'used' })
    expect(inviter.state()).toMatchObject({ kind: 'comparing', rival: true })
    inviter.inviter.decline()
    await world.pass(secondMs)
    expect(inviter.state()).toEqual({ kind: 'failed', reason: 'declined' })
    expect(thief.of('welcome')).toEqual([])
    expect(inviter.admitted).toEqual([])
  })

  it('and comes later is sent away, and so is whoever tries a link again', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite()
    const joiner = await world.join(inviter.link())
    await world.pass(secondMs)
    const late = await world.join(inviter.link(), { name: 'late' })
    await world.pass(secondMs)
    expect(late.state()).toEqual({ kind: 'failed', reason: 'used' })
    inviter.inviter.approve()
    joiner.joiner.confirm()
    await world.pass(5 * secondMs)
    expect(joiner.state()).toEqual({ kind: 'joined' })
    const reused = await world.join(inviter.link(), { name: 'reused' })
    await world.pass(secondMs)
    expect(reused.state()).toEqual({ kind: 'failed', reason: 'used' })
    inviter.inviter.cancel()
    const muchLater = await world.join(inviter.link(), { name: 'much later' })
    await world.pass(20 * secondMs)
    expect(muchLater.state()).toEqual({ kind: 'failed', reason: 'no-answer' })
    expect(inviter.admitted).toHaveLength(1)
  })

  it('and stands in the middle shows two different codes', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite()
    const link = inviter.link()
    const thief = await createThief(world, link)
    // Nothing of the one reaches the other but what the thief says.
    world.relay.setFate(({ from, to }) => (from === 'thief' || to === 'thief' ? [1] : []))
    const joiner = await world.join(link)
    await world.pass(secondMs)
    const [knock] = thief.of('knock')
    if (!knock) throw new Error('The joiner knocks')
    await thief.say({ type: 'knock', commitment: thief.commitment, label: knock.label })
    await world.pass(secondMs)
    const greeting = thief.of('greeting').find(({ commitment }) => commitment === thief.commitment)
    if (!greeting) throw new Error('The inviter greets')
    await thief.say({ ...greeting, commitment: knock.commitment, device: asId<DeviceKey>(thief.device.publicKey) })
    await thief.say({ type: 'reveal', device: asId<DeviceKey>(thief.device.publicKey), nonce: thief.nonce })
    await world.pass(secondMs)
    const [here, there] = [inviter.state(), joiner.state()]
    if (here.kind !== 'comparing' || there.kind !== 'comparing') throw new Error('Both compare')
    expect(here.code).not.toBe(there.code)
  })

  it('and greets first cannot welcome anybody into a practice of its own: the person there has to confirm, too', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite()
    const link = inviter.link()
    const thief = await createThief(world, link)
    world.relay.setFate(({ from, to }) => (from === 'thief' || to === 'thief' ? [1] : []))
    const joiner = await world.join(link)
    await world.pass(secondMs)
    const [knock] = thief.of('knock')
    if (!knock) throw new Error('The joiner knocks')
    const own = { device: asId<DeviceKey>(thief.device.publicKey), nonce: thief.nonce }
    const shown = { kind: 'colleague', practice: 'Willow Practice', member: 'Kofi Mensah' } as const
    await thief.say({ type: 'greeting', commitment: knock.commitment, ...own, ...shown })
    await world.pass(secondMs)
    const [reveal] = thief.of('reveal')
    if (!reveal) throw new Error('The joiner answers the greeting')
    const transcript = { inviter: own.device, inviterNonce: own.nonce, joiner: reveal.device, joinerNonce: reveal.nonce, ...shown }
    const parts = unwrapNull(await sealWelcome(transcript, thief.device, { ...inviter.welcome, practiceDocument: 'AAAA' }))
    for (const part of parts) await thief.say(part)
    await world.pass(30 * secondMs)
    expect(joiner.state()).toMatchObject({ kind: 'comparing', confirmed: false })
    expect([joiner.adopted, thief.of('joined')]).toEqual([[], []])
    joiner.joiner.reject()
    await world.pass(minuteMs)
    expect(joiner.state()).toEqual({ kind: 'failed', reason: 'declined' })
    expect([joiner.adopted, thief.of('joined')]).toEqual([[], []])
    expect(thief.of('failed')).toEqual([{ type: 'failed', reason: 'declined', commitment: knock.commitment }])
  })

  it('and listens gets nothing out of the welcome, and can put nothing in its place', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite()
    const link = inviter.link()
    const thief = await createThief(world, link)
    const joiner = await world.join(link)
    await world.pass(secondMs)
    const [greeting] = thief.of('greeting')
    const [reveal] = thief.of('reveal')
    if (!greeting || !reveal) throw new Error('The thief hears it all')
    const transcript: PairingTranscript = {
      inviter: greeting.device,
      inviterNonce: greeting.nonce,
      joiner: reveal.device,
      joinerNonce: reveal.nonce,
      kind: greeting.kind,
      practice: greeting.practice,
      member: greeting.member,
    }
    const [forged] = unwrapNull(await sealWelcome(transcript, thief.device, { ...inviter.welcome, practiceDocument: 'AAAA' }))
    if (!forged) throw new Error('The thief can seal')
    await thief.say(forged)
    await world.pass(secondMs)
    expect(joiner.state().kind).toBe('comparing')
    inviter.inviter.approve()
    joiner.joiner.confirm()
    await world.pass(5 * secondMs)
    expect(joiner.adopted.map(({ welcome }) => welcome)).toEqual([inviter.welcome])
    const reader = unwrapNull(await createWelcomeReader(transcript, thief.device))
    const parts = thief.of('welcome').filter(({ sealed }) => sealed !== forged.sealed)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) expect(await reader.take(part)).toBe(false)
  })

  it('and plays everything again, then or with another link, changes nothing', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite()
    const thief = await createThief(world, inviter.link())
    const joiner = await world.join(inviter.link())
    await world.pass(secondMs)
    for (const sealed of thief.raw.slice()) thief.publish(sealed)
    await world.pass(secondMs)
    expect([inviter.state().kind, joiner.state().kind]).toEqual(['comparing', 'comparing'])
    inviter.inviter.approve()
    joiner.joiner.confirm()
    await world.pass(5 * secondMs)
    for (const sealed of thief.raw.slice()) thief.publish(sealed)
    await world.pass(5 * secondMs)
    expect([inviter.state().kind, joiner.state().kind]).toEqual(['joined', 'joined'])
    expect([inviter.admitted.length, joiner.adopted.length]).toEqual([1, 1])

    const other = await world.invite()
    const elsewhere = await createThief(world, other.link())
    for (const sealed of thief.raw) elsewhere.publish(sealed)
    await world.pass(secondMs)
    expect(other.state()).toMatchObject({ kind: 'open' })
    expect(other.admitted).toEqual([])
  })

  it('and says that it is stored, or a key that was not promised, does not move anybody', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite()
    const thief = await createThief(world, inviter.link())
    const joiner = await world.join(inviter.link())
    await world.pass(secondMs)
    const code = inviter.state()
    await thief.say({ type: 'joined' })
    await thief.say({ type: 'reveal', device: asId<DeviceKey>(thief.device.publicKey), nonce: thief.nonce })
    const [greeting] = thief.of('greeting')
    if (!greeting) throw new Error('The thief heard the greeting')
    await thief.say({ ...greeting, device: asId<DeviceKey>(thief.device.publicKey), nonce: randomId() })
    await thief.say({ ...greeting, commitment: toBase64Url(randomBytes(32)) })
    await world.pass(secondMs)
    expect(inviter.state()).toEqual(code)
    expect(joiner.state()).toMatchObject({ kind: 'comparing', code: code.kind === 'comparing' ? code.code : '' })
  })

  it('leaves nothing in clear with the server', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite()
    const joiner = await world.join(inviter.link())
    await world.pass(secondMs)
    inviter.inviter.approve()
    joiner.joiner.confirm()
    await world.pass(5 * secondMs)
    const everything = world.relay.heard.map(({ data, topic }) => `${topic} ${data}`).join('\n')
    const [, secret = ''] = new URL(inviter.link()).hash.split('.')
    for (const planted of [secret, 'Willow Practice', 'Kofi Mensah', 'Firefox', inviter.welcome.foundingKey])
      expect(everything).not.toContain(planted)
    expect(Math.max(...world.relay.heard.map(({ data }) => data.length))).toBeLessThan(60 * 1024)
  })
})

function unwrapNull<T>(value: T | null): T {
  if (value === null) throw new Error('Not there')
  return value
}
