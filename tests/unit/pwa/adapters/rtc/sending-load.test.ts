import { describe, expect, it } from 'vitest'
import { loadBetween, totalsOf } from '../../../../../pwa/src/adapters/rtc/sending-load.ts'

const camera = (cpu: number) => ({
  type: 'outbound-rtp',
  kind: 'video',
  qualityLimitationDurations: { none: 10, cpu, bandwidth: 5, other: 0 },
})
const sound = (madeUp: number, lost: number) => [
  { type: 'media-playout', kind: 'audio', synthesizedSamplesDuration: madeUp },
  { type: 'media-source', kind: 'audio', droppedSamplesDuration: lost },
]

describe('what a call says of its computer', () => {
  it('is how long its processor was too slow for the encoder, and how much sound it lost', () => {
    expect(totalsOf([camera(3), camera(1), { type: 'outbound-rtp', kind: 'audio' }, ...sound(0.25, 0.5)])).toEqual({
      limitedByProcessor: 3,
      missingSound: 0.75,
    })
  })

  it('is nothing where the browser does not count it', () => {
    const odd = { type: 'outbound-rtp', kind: 'video', qualityLimitationDurations: { cpu: 'much' } }
    expect(totalsOf([{ type: 'outbound-rtp', kind: 'video' }, odd, { type: 'media-playout' }])).toEqual({
      limitedByProcessor: 0,
      missingSound: 0,
    })
  })

  it('counts what happened since the last look, and not before', () => {
    const before = { limitedByProcessor: 100, missingSound: 9 }
    expect(loadBetween(before, before, 2000)).toEqual({ encoderLimited: false, soundSuffers: false })
    expect(loadBetween(before, { limitedByProcessor: 101, missingSound: 9 }, 2000)).toEqual({ encoderLimited: true, soundSuffers: false })
    expect(loadBetween(before, { limitedByProcessor: 100.3, missingSound: 9.05 }, 2000)).toEqual({
      encoderLimited: false,
      soundSuffers: true,
    })
  })
})
