import { issueCertificate, issueTicket, maxTicketMs } from '@alcove/shared/crypto/admission'
import { hashText, randomId } from '@alcove/shared/crypto/bytes'
import { importKeyPair } from '@alcove/shared/crypto/identity'
import { parseLink } from '@alcove/shared/crypto/link'
import { createHostChannel } from '@alcove/shared/crypto/pair-channel'
import type { CallId } from '@alcove/shared/domain/ids'
import { describe, expect, it } from 'vitest'
import type { CallWorld, TestPatient } from '../../support/call/call-world.ts'
import type { TestClinician } from '../../support/call/test-clinician.ts'
import type { Tap } from '../../support/call/fake-server.ts'
import { accepts, appointmentOfSam, groupSession, joins, sessionWithSam, starts } from '../../support/call/stories.ts'
import { dayMs, newPair, newRoom, unwrap, withOtherCharacter } from '../../support/crypto-people.ts'

type Frame = { readonly type: string; readonly data?: string; readonly [key: string]: unknown }
const read = (text: string): Frame => JSON.parse(text) as Frame

/** Changes what is relayed to a page; everything else passes. */
function onRelays(change: (frame: Frame & { readonly data: string }) => readonly object[]): Tap {
  return {
    toPage(text) {
      const frame = read(text)
      return frame.type === 'relay' && frame.data ? change({ ...frame, data: frame.data }).map((one) => JSON.stringify(one)) : [text]
    },
  }
}

const forged = onRelays((frame) => [{ ...frame, data: withOtherCharacter(frame.data, frame.data.length - 2) }])
const replaying = onRelays((frame) => [frame, frame])

function reordering(): Tap {
  let held: Frame[] = []
  return onRelays((frame) => {
    held.push(frame)
    if (held.length < 3) return []
    const swapped = held.reverse()
    held = []
    return swapped
  })
}

async function ready() {
  const story = await appointmentOfSam()
  const sam = await joins(story.world, 'sam', story.link)
  await starts(story.clinician, story.appointment)
  return { ...story, sam }
}

/** Who is connected is who should be, and to nobody else's connection. */
function expectNobodyElse(world: CallWorld): void {
  for (const pair of world.ether.connected()) expect(pair).toBe('clinician-sam')
}

function tamperedOn(clinician: TestClinician, sam: TestPatient): string[] {
  const { session } = clinician.state()
  const phase = sam.phase()
  return [
    ...(session.kind === 'running' && session.tampered ? ['clinician'] : []),
    ...(phase.kind === 'in-session' && phase.tampered ? ['sam'] : []),
  ]
}

describe('a server that is not honest', () => {
  it.each([
    ['forges', forged],
    ['replays', replaying],
  ] as const)('and %s what goes to the patient: no media to anybody else, and the patient reads it', async (_, tap) => {
    const { world, clinician, sam } = await ready()
    world.server.tap('sam', tap)
    await accepts(world, clinician, sam)
    await world.pass(5000)
    expectNobodyElse(world)
    expect(tamperedOn(clinician, sam)).toContain('sam')
  })

  it.each([
    ['forges', forged],
    ['replays', replaying],
  ] as const)('and %s what goes to the clinician: no media to anybody else, and the clinician reads it', async (_, tap) => {
    const { world, clinician, sam } = await ready()
    world.server.tap('clinician', tap)
    await accepts(world, clinician, sam)
    await world.pass(5000)
    expectNobodyElse(world)
    expect(tamperedOn(clinician, sam)).toContain('clinician')
  })

  it('and reorders: what is out of order counts for nothing and is said', async () => {
    const { world, clinician, sam } = await ready()
    world.server.tap('sam', reordering())
    await accepts(world, clinician, sam)
    await world.pass(20_000)
    expectNobodyElse(world)
    expect(tamperedOn(clinician, sam)).toContain('sam')
  })

  it('and drops every relayed message: nobody is connected, and both pages go on trying and say so', async () => {
    const { world, clinician, sam } = await ready()
    world.server.tap(
      'sam',
      onRelays(() => []),
    )
    await accepts(world, clinician, sam)
    await world.pass(61_000)
    expect(world.ether.connected()).toEqual([])
    expect(clinician.state().session).toMatchObject({ people: [{ connection: 'failed' }] })
    world.server.tap('sam', null)
    await world.pass(20_000)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
  })

  it('and drops some: the pages recover by themselves', async () => {
    const { world, clinician, sam } = await ready()
    let dice = 7
    world.server.tap(
      'sam',
      onRelays((frame) => {
        dice = (dice * 48_271) % 2_147_483_647
        return dice % 2 === 0 ? [] : [frame]
      }),
    )
    await accepts(world, clinician, sam)
    await world.pass(60_000)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    expect(tamperedOn(clinician, sam)).toEqual([])
  })

  it('and puts its own descriptions into the line, with its own fingerprint: they are not opened', async () => {
    const { world, clinician, sam } = await ready()
    // The best it can do: a channel of its own towards the patient, with a key that no ticket names and no link secret.
    const mine = await newPair()
    const channel = await createHostChannel({ side: 'host', mine, peer: sam.key(), linkSecret: new Uint8Array(16), ticket: 'none' })
    const sdp = `v=0\r\na=ice-ufrag:EVIL\r\na=fingerprint:sha-256 ${Array(32).fill('EE').join(':')}\r\n`
    const data = await channel.seal({ type: 'description', generation: randomId(), kind: 'offer', sdp })
    world.server.tap(
      'sam',
      onRelays((frame) => [{ ...frame, data }]),
    )
    await accepts(world, clinician, sam)
    await world.pass(5000)
    expect(world.ether.connected()).toEqual([])
    for (const connection of world.ether.connections()) expect(connection.remoteDescription?.sdp ?? '').not.toContain('EE:EE')
    expect(tamperedOn(clinician, sam)).toEqual(['sam'])
  })

  it('and admits by itself, with a device and a room of its own: the patient stays in the waiting room', async () => {
    const { world, clinician, sam, link } = await ready()
    const evil = await newRoom()
    const call = randomId() as CallId
    const issuedAt = world.clock.now()
    const ticket = await issueTicket(evil.device, {
      room: evil.room,
      call,
      guest: sam.key(),
      knock: 'A'.repeat(43),
      hostKey: (await newPair()).publicKey,
      issuedAt,
      expiresAt: issuedAt + maxTicketMs,
    })
    world.server.inject('sam', JSON.stringify({ type: 'admitted', ticket, certificate: evil.certificate, roster: null, iceServers: [] }))
    await world.pass(2000)
    expect(link).toContain('#1.')
    expect(sam.phase()).toMatchObject({ kind: 'waiting' })
    expect(world.ether.connected()).toEqual([])
    expect(clinician.state().session).toMatchObject({ people: [] })
  })

  it('and turns its clock back for a stolen device whose certificate is over: the patient stays in the waiting room', async () => {
    const story = await appointmentOfSam()
    const { world, clinician, link } = story
    const backMs = 40 * dayMs
    const parsed = unwrap(await parseLink(new URL(link).hash))
    const roomPair = await importKeyPair(clinician.memory.secrets.get('room') ?? new Uint8Array())
    const stolen = await newPair()
    const then = world.clock.now() - backMs
    const validity = { notBeforeAt: then - dayMs, expiresAt: then + dayMs, epoch: 0 }
    const certificate = await issueCertificate(roomPair, parsed.room, stolen.publicKey, validity)
    world.server.tap('sam', {
      toPage(text) {
        const frame = JSON.parse(text) as { readonly now?: number }
        return [JSON.stringify(typeof frame.now === 'number' ? { ...frame, now: frame.now - backMs } : frame)]
      },
    })
    const sam = await joins(world, 'sam', link)
    const knock = world.server.frames
      .filter(({ page, to }) => page === 'sam' && to === 'server')
      .map(({ text }) => JSON.parse(text) as Frame)
    const sealed = String(knock.find(({ type }) => type === 'knock')?.sealed)
    const ticket = await issueTicket(stolen, {
      room: parsed.room,
      call: randomId() as CallId,
      guest: sam.key(),
      knock: await hashText(sealed),
      hostKey: (await newPair()).publicKey,
      issuedAt: then,
      expiresAt: then + maxTicketMs,
    })
    world.server.inject('sam', JSON.stringify({ type: 'admitted', ticket, certificate, roster: null, iceServers: [] }))
    await world.pass(2000)
    expect(sam.phase()).toMatchObject({ kind: 'waiting' })
    expect(world.ether.connected()).toEqual([])
  })

  it('and forges an end, a roster or a dismissal in the session: the call goes on', async () => {
    const { world, clinician, sam } = await sessionWithSam()
    const evil = await newRoom()
    const signature = `e30.${'A'.repeat(86)}`
    world.server.inject('sam', JSON.stringify({ type: 'ended', end: signature, certificate: evil.certificate }))
    world.server.inject('sam', JSON.stringify({ type: 'roster', roster: signature }))
    world.server.inject('sam', JSON.stringify({ type: 'dismissed' }))
    await world.pass(2000)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    expect(sam.phase()).toMatchObject({ kind: 'in-session', tampered: true, people: [{ connection: 'connected' }] })
    expect(clinician.state().session).toMatchObject({ kind: 'running', people: [{ connection: 'connected' }] })
  })

  it('and swaps what two guests of a group tell each other: those two are not connected, and read it', async () => {
    const { world, guests } = await groupSession('kim')
    const [kim] = guests
    if (!kim) throw new Error('No kim')
    world.server.tap('kim', {
      toPage(text) {
        const frame = read(text)
        return frame.type === 'relay' && frame.from !== 'host'
          ? [JSON.stringify({ ...frame, data: withOtherCharacter(String(frame.data), 40) })]
          : [text]
      },
    })
    await kim.reload()
    await world.pass(30_000)
    expect(world.ether.connected()).toEqual(['clinician-kim', 'clinician-sam'])
    expect(kim.phase()).toMatchObject({ kind: 'in-session', tampered: true })
  })

  it('and says what the clinician said while waiting after the patient was accepted: the call goes on', async () => {
    const { world, clinician, link, appointment } = await appointmentOfSam()
    const held: string[] = []
    world.server.tap('sam', {
      toPage(text) {
        if (read(text).type !== 'note') return [text]
        held.push(text)
        return []
      },
    })
    const sam = await joins(world, 'sam', link)
    await starts(clinician, appointment)
    await accepts(world, clinician, sam)
    world.server.tap('sam', null)
    expect(held).not.toEqual([])
    for (const text of held) world.server.inject('sam', text)
    await world.pass(2000)
    expect(sam.phase()).toMatchObject({ kind: 'in-session', people: [{ connection: 'connected' }] })
  })

  it.each(['declined', 'removed', 'left', 'over'] as const)(
    'and repeats the knock of somebody who is %s: it rings no more',
    async (how) => {
      const { world, clinician, sam } = how === 'removed' || how === 'over' ? await sessionWithSam() : await ready()
      const knock = world.server.frames.find(({ page, text }) => page === 'clinician' && text.startsWith('{"type":"knock"'))
      if (!knock) throw new Error('No knock')
      if (how === 'declined') clinician.room().decline(sam.key())
      else if (how === 'removed') clinician.room().remove(sam.key())
      else if (how === 'over') clinician.room().end()
      else sam.visit().leave()
      await world.pass(1000)
      const rings = clinician.rings.length
      world.server.inject('clinician', knock.text)
      await world.pass(2000)
      expect(clinician.state()).toMatchObject({ waiting: [], announced: null })
      await clinician.reload()
      world.server.inject('clinician', knock.text)
      await world.pass(2000)
      expect(clinician.state()).toMatchObject({ waiting: [], announced: null })
      expect(clinician.rings).toHaveLength(rings)
      expect(world.ether.connected()).toEqual([])
    },
  )

  it('and repeats an older knock of somebody in the session: nothing is opened anew', async () => {
    const { world, sam } = await sessionWithSam()
    const older = world.server.frames.find(({ page, text }) => page === 'clinician' && text.startsWith('{"type":"knock"'))
    await sam.reload()
    await world.pass(3000)
    const admissions = () => world.server.frames.filter(({ to, text }) => to === 'server' && text.startsWith('{"type":"admit"')).length
    const before = admissions()
    world.server.inject('clinician', older?.text ?? '')
    await world.pass(3000)
    expect(admissions()).toBe(before)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
  })

  it('and drops the decline: the patient hears of it with the next connection, and does not ring again', async () => {
    const { world, clinician, sam } = await ready()
    world.server.dropSockets('clinician')
    clinician.room().decline(sam.key())
    await world.pass(5000)
    expect(clinician.rings).toEqual([sam.key()])
    expect(clinician.state()).toMatchObject({ waiting: [], announced: null })
    expect(sam.phase()).toEqual({ kind: 'declined' })
  })

  it('and hands a stolen ticket to another guest: it admits nobody', async () => {
    const { world, clinician, sam } = await sessionWithSam()
    const admitted = world.server.frames.find(({ page, text }) => page === 'sam' && text.startsWith('{"type":"admitted"'))
    const kim = await joins(world, 'kim', await clinician.standingLink())
    world.server.inject('kim', admitted?.text ?? '')
    await world.pass(3000)
    expect(kim.phase()).toMatchObject({ kind: 'waiting' })
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    expect(sam.phase()).toMatchObject({ tampered: false })
  })

  it('sends nonsense of every kind: nothing happens', async () => {
    const { world, clinician, sam } = await sessionWithSam()
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"type":"relay"}',
      '{"type":"admitted"}',
      '{"type":"ready","role":"guest","now":"x","state":"new"}',
      'x'.repeat(600_000),
    ]) {
      world.server.inject('sam', text)
      world.server.inject('clinician', text)
    }
    await world.pass(2000)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    expect(tamperedOn(clinician, sam)).toEqual([])
  })

  it('hands out servers that no browser takes, before and during the session: it connects and goes on without them', async () => {
    const { world, clinician, appointment, link } = await appointmentOfSam()
    const iceServers = [{ urls: ['http://evil.example', 'turn:'] }]
    const strange: Tap = {
      toPage(text) {
        const frame = read(text)
        return ['ready', 'admitted', 'ice-servers'].includes(frame.type) && 'iceServers' in frame
          ? [JSON.stringify({ ...frame, iceServers })]
          : [text]
      },
    }
    world.server.tap('clinician', strange)
    world.server.tap('sam', strange)
    await clinician.reload()
    await starts(clinician, appointment)
    const sam = await joins(world, 'sam', link)
    await accepts(world, clinician, sam)
    await world.pass(1000)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    for (const page of ['clinician', 'sam']) world.server.inject(page, JSON.stringify({ type: 'ice-servers', iceServers }))
    await world.pass(1000)
    expect(world.ether.connected()).toEqual(['clinician-sam'])
    expect(world.ether.contacted()).toEqual([])
  })
})
