import { describe, expect, it } from 'vitest'
import { joinsWith, troublesOf } from '../../../../../pwa/src/features/device-check/device-problems.ts'
import type { LocalDevice } from '../../../../../pwa/src/features/device-check/local-media-state.ts'

const live = { kind: 'live', track: {} as MediaStreamTrack, enabled: true } satisfies LocalDevice
const asking = { kind: 'asking' } satisfies LocalDevice
const denied = { kind: 'problem', problem: 'denied' } satisfies LocalDevice
const missing = { kind: 'problem', problem: 'not-found' } satisfies LocalDevice

describe('what is wrong with the devices', () => {
  it('says the same trouble with both once, and different ones each', () => {
    expect(troublesOf({ camera: denied, microphone: denied })).toEqual([{ what: 'both', problem: 'denied' }])
    expect(troublesOf({ camera: missing, microphone: denied })).toEqual([
      { what: 'microphone', problem: 'denied' },
      { what: 'camera', problem: 'not-found' },
    ])
    expect(troublesOf({ camera: live, microphone: asking })).toEqual([])
  })

  it('says with what a person joins, and nothing while the question is open', () => {
    expect(joinsWith({ camera: live, microphone: live })).toBe('both')
    expect(joinsWith({ camera: live, microphone: denied })).toBe('camera')
    expect(joinsWith({ camera: missing, microphone: live })).toBe('microphone')
    expect(joinsWith({ camera: missing, microphone: denied })).toBe('neither')
    expect(joinsWith({ camera: asking, microphone: live })).toBeNull()
  })
})
