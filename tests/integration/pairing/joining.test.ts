import { asId, type MemberId } from '@alcove/shared/domain/ids'
import { describe, expect, it } from 'vitest'
import type { InviterState, JoinerState } from '../../../pwa/src/features/pairing/pairing-state.ts'
import { createPairingWorld, type PairingWorld, type TestInviter, type TestJoiner } from '../../support/pairing/pairing-world.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

function codeOf(state: InviterState | JoinerState): string {
  if (state.kind !== 'comparing') throw new Error(`No code: ${JSON.stringify(state)}`)
  return state.code
}

/** Up to where both people look at the code. */
async function meet(world: PairingWorld, options: Parameters<PairingWorld['invite']>[0] = {}): Promise<[TestInviter, TestJoiner]> {
  const inviter = await world.invite(options)
  const joiner = await world.join(inviter.link())
  await world.pass(secondMs)
  return [inviter, joiner]
}

/** Both say that the codes match. */
function agree({ inviter }: TestInviter, { joiner }: TestJoiner): void {
  inviter.approve()
  joiner.confirm()
}

describe('an invitation', () => {
  it('brings a colleague in: both see the same code, and what is sent arrives whole', async () => {
    const world = createPairingWorld()
    const member = asId<MemberId>('AAAAAAAAAAAAAAAAAAAAAA')
    const [inviter, joiner] = await meet(world, { target: { kind: 'colleague', member } })
    expect(inviter.state()).toMatchObject({ kind: 'comparing', label: 'Firefox on Linux', rival: false })
    expect(joiner.state()).toMatchObject({ practice: 'Willow Practice', member: 'Kofi Mensah', invitation: 'colleague' })
    expect(codeOf(inviter.state())).toBe(codeOf(joiner.state()))
    expect([inviter.admitted, joiner.adopted]).toEqual([[], []])
    agree(inviter, joiner)
    await world.pass(5 * secondMs)
    expect([inviter.state(), joiner.state()]).toEqual([{ kind: 'joined', label: 'Firefox on Linux' }, { kind: 'joined' }])
    expect(joiner.adopted).toEqual([{ welcome: inviter.welcome, device: inviter.admitted[0]?.device, kind: 'colleague' }])
    expect(inviter.admitted).toHaveLength(1)
    const progress = joiner.states.flatMap((state) => (state.kind === 'receiving' ? [state.progress] : []))
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.length).toBeGreaterThan(1)
  })

  it('links an own device in the same way', async () => {
    const world = createPairingWorld()
    const [inviter, joiner] = await meet(world, { target: { kind: 'own-device' } })
    agree(inviter, joiner)
    await world.pass(5 * secondMs)
    expect(joiner.adopted[0]?.kind).toBe('own-device')
    expect(inviter.admitted[0]?.target).toEqual({ kind: 'own-device' })
  })

  it.each([1, 2, 3, 4, 5, 6])('comes through a network that loses, doubles and reorders (%i)', async (seed) => {
    const world = createPairingWorld()
    let random = seed
    const next = (below: number) => {
      random = (random * 48271) % 2147483647
      return random % below
    }
    world.relay.setFate(() => {
      const chance = next(10)
      if (chance < 3) return []
      return chance < 5 ? [next(900), next(5000)] : [next(900)]
    })
    const inviter = await world.invite()
    const joiner = await world.join(inviter.link())
    await world.pass(20 * secondMs)
    expect(codeOf(inviter.state())).toBe(codeOf(joiner.state()))
    agree(inviter, joiner)
    await world.pass(50 * secondMs)
    expect([inviter.state().kind, joiner.state().kind]).toEqual(['joined', 'joined'])
    expect(joiner.adopted.map(({ welcome }) => welcome)).toEqual([inviter.welcome])
    expect(inviter.admitted).toHaveLength(1)
  })

  it('goes on where it was when the server comes back', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite()
    world.relay.cut('inviter')
    expect(inviter.state()).toMatchObject({ kind: 'open', connected: false })
    const joiner = await world.join(inviter.link())
    await world.pass(6 * secondMs)
    world.relay.mend('inviter')
    await world.pass(4 * secondMs)
    expect(codeOf(inviter.state())).toBe(codeOf(joiner.state()))
    world.relay.cut('joiner')
    agree(inviter, joiner)
    await world.pass(10 * secondMs)
    world.relay.mend('joiner')
    await world.pass(10 * secondMs)
    expect([inviter.state().kind, joiner.state().kind]).toEqual(['joined', 'joined'])
  })

  it('says of a missed last word again that all is stored', async () => {
    const world = createPairingWorld()
    const [inviter, joiner] = await meet(world)
    agree(inviter, joiner)
    let lost = 0
    world.relay.setFate(({ from }) => {
      if (from === 'joiner' && joiner.state().kind === 'joined' && lost < 1) {
        lost += 1
        return []
      }
      return [1]
    })
    await world.pass(2 * secondMs)
    expect([inviter.state().kind, joiner.state().kind]).toEqual(['sending', 'joined'])
    expect(lost).toBe(1)
    await world.pass(20 * secondMs)
    expect(inviter.state().kind).toBe('joined')
  })
})

describe('the person at the joining device', () => {
  it('may confirm first, and waits for the other', async () => {
    const world = createPairingWorld()
    const [inviter, joiner] = await meet(world)
    expect(joiner.state()).toMatchObject({ kind: 'comparing', confirmed: false })
    joiner.joiner.confirm()
    await world.pass(2 * minuteMs)
    expect(joiner.state()).toMatchObject({ kind: 'comparing', confirmed: true })
    expect([inviter.admitted, joiner.adopted]).toEqual([[], []])
    inviter.inviter.approve()
    await world.pass(5 * secondMs)
    expect([inviter.state().kind, joiner.state().kind]).toEqual(['joined', 'joined'])
  })

  it('may take their time: what was sent waits, is stored only then, and is not sent over and over', async () => {
    const world = createPairingWorld()
    const [inviter, joiner] = await meet(world)
    inviter.inviter.approve()
    await world.pass(5 * secondMs)
    const large = () => world.relay.heard.filter(({ from, data }) => from === 'inviter' && data.length > 10_000).length
    const sent = large()
    await world.pass(3 * minuteMs)
    expect([inviter.state().kind, joiner.state()]).toEqual(['sending', expect.objectContaining({ kind: 'comparing', confirmed: false })])
    expect([joiner.adopted, large()]).toEqual([[], sent])
    joiner.joiner.confirm()
    joiner.joiner.confirm()
    await world.pass(5 * secondMs)
    expect([inviter.state().kind, joiner.state().kind]).toEqual(['joined', 'joined'])
    expect(joiner.adopted.map(({ welcome }) => welcome)).toEqual([inviter.welcome])
  })

  it('who never says anything keeps nobody waiting for ever', async () => {
    const world = createPairingWorld()
    const [inviter, joiner] = await meet(world)
    inviter.inviter.approve()
    await world.pass(11 * minuteMs)
    expect([inviter.state(), joiner.state()]).toEqual([
      { kind: 'failed', reason: 'failed' },
      { kind: 'failed', reason: 'expired' },
    ])
    expect(joiner.adopted).toEqual([])
  })

  it('ends it on both sides where the codes differ; a device that was approved before is not forgotten', async () => {
    for (const [approves, reason] of [
      [false, 'declined'],
      [true, 'declined-late'],
    ] as const) {
      const world = createPairingWorld()
      const [inviter, joiner] = await meet(world)
      if (approves) inviter.inviter.approve()
      await world.pass(5 * secondMs)
      joiner.joiner.reject()
      await world.pass(secondMs)
      expect([inviter.state(), joiner.state()]).toEqual([
        { kind: 'failed', reason },
        { kind: 'failed', reason: 'declined' },
      ])
      agree(inviter, joiner)
      await world.pass(5 * secondMs)
      expect([inviter.admitted.length, joiner.adopted, joiner.state().kind]).toEqual([approves ? 1 : 0, [], 'failed'])
    }
  })
})

describe('the end of an invitation', () => {
  it('is told to the other device: the codes differ, it is called off, its time is over', async () => {
    for (const [end, reason] of [
      [({ inviter }: TestInviter) => inviter.decline(), 'declined'],
      [({ inviter }: TestInviter) => inviter.cancel(), 'cancelled'],
      [null, 'expired'],
    ] as const) {
      const world = createPairingWorld()
      const [inviter, joiner] = await meet(world)
      end?.(inviter)
      await world.pass(end ? secondMs : 11 * minuteMs)
      expect(inviter.state()).toEqual({ kind: 'failed', reason })
      expect(joiner.state()).toEqual({ kind: 'failed', reason })
      expect([inviter.admitted, joiner.adopted]).toEqual([[], []])
    }
  })

  it('comes after ten minutes, opened or not, and the link is void from then on', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite()
    await world.pass(9 * minuteMs + 50 * secondMs)
    expect(inviter.state().kind).toBe('open')
    await world.pass(10 * secondMs)
    expect(inviter.state()).toEqual({ kind: 'failed', reason: 'expired' })
    const late = await world.join(inviter.link())
    await world.pass(secondMs)
    expect(late.state()).toEqual({ kind: 'failed', reason: 'expired' })
    inviter.inviter.cancel()
    const later = await world.join(inviter.link(), { name: 'later' })
    await world.pass(2 * minuteMs)
    expect(later.state()).toEqual({ kind: 'failed', reason: 'expired' })
  })

  it('comes after ten minutes by the time of day, also when the inviting device slept', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite({ asleep: true })
    world.clock.advance(10 * minuteMs)
    const late = await world.join(inviter.link())
    await world.pass(secondMs)
    expect(inviter.state()).toEqual({ kind: 'failed', reason: 'expired' })
    expect(late.state()).toEqual({ kind: 'failed', reason: 'expired' })
    const [compared, joiner] = await meet(world, { asleep: true })
    world.clock.advance(10 * minuteMs)
    compared.inviter.approve()
    await world.pass(secondMs)
    expect(compared.state()).toEqual({ kind: 'failed', reason: 'expired' })
    expect([compared.admitted, joiner.adopted]).toEqual([[], []])
  })

  it('comes when the joining person gives up', async () => {
    const world = createPairingWorld()
    const [inviter, joiner] = await meet(world)
    joiner.joiner.cancel()
    await world.pass(secondMs)
    expect([inviter.state(), joiner.state()]).toEqual([
      { kind: 'failed', reason: 'cancelled' },
      { kind: 'failed', reason: 'cancelled' },
    ])
    inviter.inviter.approve()
    await world.pass(secondMs)
    expect(inviter.admitted).toEqual([])
  })

  it('leaves no device in the list when the inviting person calls it off while it is being signed in', async () => {
    const world = createPairingWorld()
    let goOn = () => {}
    const holding = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const [inviter, joiner] = await meet(world, { holding })
    agree(inviter, joiner)
    await world.pass(secondMs)
    expect([inviter.admitted.length, inviter.withdrawn]).toEqual([1, []])
    inviter.inviter.cancel()
    goOn()
    await world.pass(5 * secondMs)
    expect(inviter.withdrawn).toEqual([inviter.admitted[0]?.device])
    expect([inviter.state(), joiner.state(), joiner.adopted]).toEqual([
      { kind: 'failed', reason: 'cancelled' },
      { kind: 'failed', reason: 'cancelled' },
      [],
    ])
    // Nothing is taken back from a device that was told.
    const [done, there] = await meet(world)
    agree(done, there)
    await world.pass(5 * secondMs)
    done.inviter.cancel()
    await world.pass(secondMs)
    expect([done.withdrawn, there.forgotten]).toEqual([[], []])
  })

  it('wipes the keys that the joining device made, however it fails', async () => {
    const world = createPairingWorld()
    const [, cancelled] = await meet(world)
    cancelled.joiner.cancel()
    const [inviter, declined] = await meet(world)
    inviter.inviter.decline()
    const [other, full] = [await world.invite(), 'storage-full' as const]
    const broken = await world.join(other.link(), { fails: full })
    await world.pass(secondMs)
    agree(other, broken)
    await world.pass(5 * secondMs)
    for (const joiner of [cancelled, declined, broken]) {
      expect(joiner.state().kind).toBe('failed')
      expect(joiner.forgotten).toHaveLength(1)
    }
  })

  it('comes when one of the two goes away without a word', async () => {
    const gone = createPairingWorld()
    const [inviter] = await meet(gone)
    gone.relay.cut('joiner')
    inviter.inviter.approve()
    await gone.pass(31 * secondMs)
    expect(inviter.state()).toEqual({ kind: 'failed', reason: 'lost' })

    const asleep = createPairingWorld()
    const [other, joiner] = await meet(asleep)
    asleep.relay.cut('inviter')
    await asleep.pass(65 * secondMs)
    expect(joiner.state()).toEqual({ kind: 'failed', reason: 'no-answer' })
    expect(other.admitted).toEqual([])
  })

  it('comes when there is no server', async () => {
    const world = createPairingWorld()
    const [inviter, waiting] = await meet(world)
    world.relay.cut('joiner')
    const joiner = await world.join(inviter.link())
    await world.pass(20 * secondMs)
    expect(joiner.state()).toEqual({ kind: 'failed', reason: 'no-server' })
    await world.pass(60 * secondMs)
    expect(waiting.state()).toEqual({ kind: 'failed', reason: 'no-server' })
    world.relay.cut('inviter')
    inviter.inviter.approve()
    await world.pass(31 * secondMs)
    expect(inviter.state()).toEqual({ kind: 'failed', reason: 'no-server' })
  })

  it('comes when one of the two cannot store it, and both hear of it', async () => {
    for (const [fails, there, here] of [
      ['storage-full', 'storage', 'failed'],
      ['not-allowed', 'failed', 'failed'],
      ['invalid', 'already-a-member', 'already-a-member'],
    ] as const) {
      const world = createPairingWorld()
      const [inviter, joiner] = await meet(world, { fails })
      inviter.inviter.approve()
      await world.pass(secondMs)
      expect([inviter.state(), joiner.state()]).toEqual([
        { kind: 'failed', reason: there },
        { kind: 'failed', reason: here },
      ])
    }
    for (const [fails, reason] of [
      ['storage-failed', 'storage'],
      ['not-allowed', 'practice-here'],
      ['invalid', 'failed'],
    ] as const) {
      const world = createPairingWorld()
      const inviter = await world.invite()
      const joiner = await world.join(inviter.link(), { fails })
      await world.pass(secondMs)
      agree(inviter, joiner)
      await world.pass(5 * secondMs)
      expect(joiner.state()).toEqual({ kind: 'failed', reason })
      expect(inviter.state()).toEqual({ kind: 'failed', reason: 'failed' })
    }
  })

  it('comes at once for a link that is cut off, and soon where nobody answers', async () => {
    const world = createPairingWorld()
    const inviter = await world.invite()
    const broken = await world.join(inviter.link().slice(0, -3))
    expect(broken.state()).toEqual({ kind: 'failed', reason: 'broken-link' })
    inviter.inviter.cancel()
    const alone = await world.join(inviter.link())
    await world.pass(14 * secondMs)
    expect(alone.state()).toEqual({ kind: 'connecting' })
    await world.pass(4 * secondMs)
    expect(alone.state()).toEqual({ kind: 'failed', reason: 'no-answer' })
  })
})
