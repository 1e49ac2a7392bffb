import { describe, expect, it } from 'vitest'
import { createPeerCare } from '../../../../../pwa/src/adapters/sync/peer-care.ts'
import type { Peer } from '../../../../../pwa/src/adapters/sync/y-webrtc.ts'
import type { DeviceChannel } from '../../../../../pwa/src/sync-ports.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

const sdp = (byte: string) => `v=0\r\na=fingerprint:sha-256 ${Array<string>(32).fill(byte).join(':')}\r\n`

function world() {
  const clock = createManualClock()
  const channels: DeviceChannel[] = []
  const care = createPeerCare({ clock, random: () => 0, onChannel: (channel) => void channels.push(channel) })
  function meet(described: { local?: string; remote?: string } = {}) {
    const opened: { name: string; options: RTCDataChannelInit | undefined }[] = []
    const ends: (() => void)[] = []
    const channel = {
      readyState: 'open',
      bufferedAmount: 0,
      onopen: null as (() => void) | null,
      onclose: null as (() => void) | null,
      close: () => undefined,
    }
    const connection = {
      localDescription: described.local === undefined ? null : { sdp: described.local },
      remoteDescription: described.remote === undefined ? null : { sdp: described.remote },
      createDataChannel(name: string, options?: RTCDataChannelInit) {
        opened.push({ name, options })
        return channel
      },
    }
    const made = {
      peer: {
        connection: connection as unknown as RTCPeerConnection,
        hangUp: () => void made.hangUps++,
        onClosed: (listener: () => void) => void ends.push(listener),
      } satisfies Peer,
      hangUps: 0,
      opened,
      channel,
      answer: () => {
        connection.localDescription = { sdp: sdp('AA') }
        connection.remoteDescription = { sdp: sdp('BB') }
      },
      close: () => {
        for (const end of ends) end()
      },
    }
    care.meet(made.peer)
    return made
  }
  function after(ms: number, ...peers: { readonly peer: Peer }[]): void {
    clock.advance(ms)
    care.look(peers.map(({ peer }) => peer))
  }
  return { clock, care, channels, meet, after }
}

describe('the care for connections', () => {
  it('opens the channel before a word is said, the same at both ends, and gives it with both fingerprints', () => {
    const { meet, channels } = world()
    const one = meet()
    expect(one.opened).toEqual([{ name: 'alcove', options: { negotiated: true, id: 7 } }])
    expect(channels).toEqual([])
    one.answer()
    one.channel.onopen?.()
    expect(channels.map(({ fingerprints }) => [fingerprints.mine.slice(0, 5), fingerprints.theirs.slice(0, 5)])).toEqual([
      ['AA:AA', 'BB:BB'],
    ])
  })

  it('gives up a connection that is not answered, and later one that is answered and does not come about', () => {
    const { meet, after } = world()
    const [silent, stuck] = [meet(), meet({ local: sdp('AA'), remote: sdp('BB') })]
    after(6_000, silent, stuck)
    expect([silent.hangUps, stuck.hangUps]).toEqual([0, 0])
    after(1, silent, stuck)
    expect([silent.hangUps, stuck.hangUps]).toEqual([1, 0])
    after(9_000, stuck)
    expect(stuck.hangUps).toBe(1)
  })

  it('keeps a connection whose channel is open, for ever', () => {
    const { meet, after } = world()
    const good = meet({ local: sdp('AA'), remote: sdp('BB') })
    good.channel.onopen?.()
    after(24 * 3_600_000, good)
    expect(good.hangUps).toBe(0)
  })

  it('hangs up where nobody can say which certificate is in use', () => {
    const { meet, channels } = world()
    const strange = meet({ local: sdp('AA'), remote: sdp('BB') + sdp('CC') })
    strange.channel.onopen?.()
    expect([strange.hangUps, channels]).toEqual([1, []])
  })

  it('waits longer and longer before it dials again after it closed a channel, and not after a good one', () => {
    const { meet, after, channels, clock } = world()
    const waits: number[] = []
    function closeOne(livedMs: number): void {
      const one = meet({ local: sdp('AA'), remote: sdp('BB') })
      one.channel.onopen?.()
      clock.advance(livedMs)
      channels.at(-1)?.close()
      let waited = 0
      for (; one.hangUps === 0; waited += 500) after(500, one)
      waits.push(waited)
    }
    for (let i = 0; i < 4; i++) closeOne(100)
    closeOne(61_000)
    expect(waits).toEqual([1_500, 2_500, 4_500, 8_500, 1_500])
    for (let i = 0; i < 12; i++) closeOne(100)
    expect(Math.max(...waits)).toBe(150_500)
  })

  it('leaves it to the other side to hang up what the other side closed, for some minutes', () => {
    const { meet, after } = world()
    const one = meet({ local: sdp('AA'), remote: sdp('BB') })
    one.channel.onopen?.()
    one.channel.onclose?.()
    after(360_000, one)
    expect(one.hangUps).toBe(0)
    after(1, one)
    expect(one.hangUps).toBe(1)
  })

  it('tells the channel when the connection is gone', () => {
    const { meet, channels } = world()
    const one = meet({ local: sdp('AA'), remote: sdp('BB') })
    one.channel.onopen?.()
    let closed = 0
    channels[0]?.listen(
      () => undefined,
      () => void closed++,
    )
    one.close()
    one.channel.onclose?.()
    expect(closed).toBe(1)
  })
})
