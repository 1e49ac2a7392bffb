import { describe, expect, it } from 'vitest'
import { toChunks } from '../../../../../pwa/src/adapters/sync/chunks.ts'
import { createDeviceChannel, type DataChannelLike } from '../../../../../pwa/src/adapters/sync/device-channel.ts'

function open() {
  const sent: number[] = []
  const ends: boolean[] = []
  const fake = {
    readyState: 'open' as RTCDataChannelState,
    bufferedAmount: 0,
    bufferedAmountLowThreshold: 0,
    onmessage: null as DataChannelLike['onmessage'],
    onclose: null as DataChannelLike['onclose'],
    onbufferedamountlow: null as DataChannelLike['onbufferedamountlow'],
    send(chunk: Uint8Array) {
      if (fake.readyState !== 'open') throw new DOMException('Closed', 'InvalidStateError')
      sent.push(chunk.length)
      fake.bufferedAmount += chunk.length
    },
    close() {
      fake.readyState = 'closing'
    },
  }
  const line = createDeviceChannel(fake, { mine: 'AA', theirs: 'BB' }, (byThisSide) => void ends.push(byThisSide), 1000)
  const hear = (data: unknown) => fake.onmessage?.({ data } as MessageEvent)
  const hearText = (text: string) => {
    for (const chunk of toChunks(text) ?? []) hear(chunk.buffer)
  }
  function drain(): void {
    fake.bufferedAmount = 0
    fake.onbufferedamountlow?.()
  }
  return { ...line, fake, sent, ends, hear, hearText, drain }
}

const settle = () => new Promise((resolve) => setTimeout(resolve))

describe('a device channel', () => {
  it('pauses at about a megabyte until the browser has sent most of it, message after message', async () => {
    const { channel, fake, sent, drain } = open()
    const results: (boolean | 'pending')[] = ['pending', 'pending']
    void channel.send('x'.repeat(3_000_000)).then((done) => (results[0] = done))
    void channel.send('y').then((done) => (results[1] = done))
    await settle()
    expect(fake.bufferedAmount).toBeGreaterThan(1_000_000)
    expect(fake.bufferedAmount).toBeLessThan(1_200_000)
    expect(fake.bufferedAmountLowThreshold).toBeLessThan(1_000_000)
    expect(results).toEqual(['pending', 'pending'])
    for (let i = 0; i < 3; i++) {
      drain()
      await settle()
    }
    expect(results).toEqual([true, true])
    expect(sent.reduce((sum, length) => sum + length, 0)).toBe(3_000_000 + 1 + sent.length)
    expect(sent.at(-1)).toBe(2)
  })

  it('keeps what arrives until somebody listens', () => {
    const { channel, hearText, fake } = open()
    const heard: string[] = []
    hearText('one')
    fake.onclose?.()
    channel.listen(
      (text) => void heard.push(text),
      () => void heard.push('closed'),
    )
    expect(heard).toEqual(['one', 'closed'])
  })

  it('says false to all who wait when it closes, and says once that it closed', async () => {
    const { channel, fake, ends, lost } = open()
    let closings = 0
    channel.listen(
      () => undefined,
      () => void closings++,
    )
    const sending = Promise.all([channel.send('x'.repeat(3_000_000)), channel.send('y')])
    await settle()
    fake.readyState = 'closed'
    fake.onclose?.()
    lost()
    channel.close()
    expect(await sending).toEqual([false, false])
    expect(await channel.send('z')).toBe(false)
    expect([closings, ends]).toEqual([1, [false]])
  })

  it('ends when half a message cannot be sent, or one arrives that cannot be put together', async () => {
    const cut = open()
    cut.fake.send = () => {
      throw new DOMException('Full', 'OperationError')
    }
    expect(await cut.channel.send('x')).toBe(false)
    expect([cut.ends, cut.fake.readyState]).toEqual([[true], 'closing'])
    for (const strange of ['text', new ArrayBuffer(0), Uint8Array.of(0, 0xff).buffer]) {
      const { hear, ends } = open()
      hear(strange)
      expect(ends).toEqual([true])
    }
  })

  it('does not send what is too long, and stays', async () => {
    const { channel, sent, ends } = open()
    expect(await channel.send('x'.repeat(32 * 1024 * 1024 + 1))).toBe(false)
    expect([sent, ends]).toEqual([[], []])
    expect(await channel.send('x')).toBe(true)
  })

  it('closes when more arrives than anybody listens to', () => {
    const { hearText, ends } = open()
    hearText('x'.repeat(1000))
    expect(ends).toEqual([])
    hearText('x')
    expect(ends).toEqual([true])
  })
})
