import { clockSkewMs, verifyTicket } from '@alcove/shared/crypto/admission'
import { verify } from '@alcove/shared/crypto/signed'
import { endContents, rosterContents } from '@alcove/shared/protocol/peer-messages'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRoomClerk } from '../../../../../pwa/src/features/session/room-clerk.ts'
import { hourMs, keyOf, newCall, newHash, newPair, newRoom, noon, type TestRoom, unwrap } from '../../../../support/crypto-people.ts'

describe("the clinician's stamps", () => {
  let home: TestRoom
  beforeAll(async () => {
    home = await newRoom()
  })

  function clerkAt(clock: { now: number }, before = { stamp: 0, sequence: 0 }) {
    const { room: roomId, roomPair: room, device, certificate } = home
    return createRoomClerk(
      () => ({ roomId, room, device, certificate, epoch: 0 }),
      () => clock.now,
      before,
    )
  }

  async function endedAt(clerk: ReturnType<typeof clerkAt>): Promise<number> {
    const signed = await clerk.end(newCall())
    return unwrap(await verify('end', endContents, signed, home.device.publicKey)).endedAt
  }

  async function sequenceOf(clerk: ReturnType<typeof clerkAt>): Promise<number> {
    const signed = await clerk.roster(newCall(), [])
    return unwrap(await verify('roster', rosterContents, signed, home.device.publicKey)).sequence
  }

  it('grow while the clock stands still, and when it goes back a little', async () => {
    const clock = { now: noon }
    const clerk = clerkAt(clock)
    expect(await endedAt(clerk)).toBe(noon)
    expect(await endedAt(clerk)).toBe(noon + 1)
    clock.now -= clockSkewMs - 1000
    expect(await endedAt(clerk)).toBe(noon + 2)
  })

  it('come back to the present when the server was once far ahead, so that tickets are believed', async () => {
    const clock = { now: noon + hourMs }
    const clerk = clerkAt(clock)
    await endedAt(clerk)
    clock.now = noon
    const [guest, mine, knock] = [await newPair(), await newPair(), await newHash()]
    const ticket = await clerk.ticket({ guest: keyOf(guest), knock, call: newCall(), hostKey: mine.publicKey })
    const { room, roomKey, certificate } = home
    const believed = await verifyTicket(ticket, { room, roomKey, certificate, now: noon, guestKey: keyOf(guest), knock, after: null })
    expect(believed).toMatchObject({ ok: true, value: { issuedAt: noon } })
  })

  it('do so after a reload too', async () => {
    const clerk = clerkAt({ now: noon }, { stamp: noon + hourMs, sequence: noon + hourMs })
    expect(await endedAt(clerk)).toBe(noon)
  })

  it('of rosters grow all the same', async () => {
    const clock = { now: noon + hourMs }
    const clerk = clerkAt(clock)
    const ahead = await sequenceOf(clerk)
    clock.now = noon
    expect(await sequenceOf(clerk)).toBe(ahead + 1)
    expect(await endedAt(clerk)).toBe(noon + 1)
    expect(await sequenceOf(clerk)).toBe(ahead + 2)
  })

  it('follow those of another device whose call this is now', async () => {
    const clerk = clerkAt({ now: noon })
    clerk.follow({ stamp: noon + 5000, sequence: noon + 7000 })
    expect(await endedAt(clerk)).toBe(noon + 5001)
    expect(await sequenceOf(clerk)).toBe(noon + 7001)
  })
})
