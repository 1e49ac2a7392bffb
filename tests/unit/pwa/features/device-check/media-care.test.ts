import { beforeEach, describe, expect, it } from 'vitest'
import { createLocalMedia } from '../../../../../pwa/src/features/device-check/local-media.ts'
import type { LocalDevice, LocalMedia } from '../../../../../pwa/src/features/device-check/local-media-state.ts'
import { createMediaCare } from '../../../../../pwa/src/features/device-check/media-care.ts'
import {
  camera,
  createComputer,
  createHandClock,
  createMemory,
  desk,
  type FakeTrack,
  headset,
  microphone,
  webcam,
} from '../../../../support/media/fake-computer.ts'

const settle = () => new Promise<void>((resolve) => setTimeout(resolve))
const trackOf = (device: LocalDevice) => (device.kind === 'live' ? (device.track as unknown as FakeTrack) : null)

let computer: ReturnType<typeof createComputer>
let hand: ReturnType<typeof createHandClock>
let memory: ReturnType<typeof createMemory>
let local: LocalMedia
let speakers: string[]

function build(oneCapture = false): LocalMedia {
  speakers = []
  const sound = {
    useSpeaker: async (id: string) => {
      speakers.push(id)
      return true
    },
  }
  return createLocalMedia({
    media: computer.media,
    sound,
    preferences: memory,
    clock: hand.clock,
    oneCapture,
    loadCare: async () => createMediaCare,
  })
}

beforeEach(() => {
  computer = createComputer()
  hand = createHandClock()
  memory = createMemory()
  local = build()
})

describe('plugging and unplugging', () => {
  it('falls back and says so when the microphone in use is unplugged', async () => {
    computer.plug({ microphones: [microphone, headset] })
    await local.open()
    await local.chooseMicrophone('headset')
    computer.plug({ microphones: [microphone] })
    trackOf(local.state().microphone)?.end()
    await settle()
    expect(trackOf(local.state().microphone)?.deviceId).toBe('mic')
    expect(local.state().notice).toEqual({ kind: 'fell-back', what: 'microphone', to: 'Built-in microphone' })
  })

  it('notices the loss also where the browser does not end the track', async () => {
    computer.plug({ microphones: [microphone, headset] })
    await local.open()
    await local.chooseMicrophone('headset')
    computer.plug({ microphones: [microphone] })
    await settle()
    expect(trackOf(local.state().microphone)?.deviceId).toBe('mic')
  })

  it('goes back to the chosen one when it returns, still muted', async () => {
    computer.plug({ microphones: [microphone, desk] })
    await local.open()
    await local.chooseMicrophone('desk')
    local.toggleMicrophone()
    computer.plug({ microphones: [microphone] })
    await settle()
    computer.plug({ microphones: [microphone, desk] })
    await settle()
    expect(trackOf(local.state().microphone)).toMatchObject({ deviceId: 'desk', enabled: false })
    expect(local.state().notice).toEqual({ kind: 'returned', what: 'microphone', to: 'Desk microphone' })
  })

  it('C8 asks before it takes the chosen headset again', async () => {
    computer.plug({ microphones: [microphone, headset] })
    await local.open()
    await local.chooseMicrophone('headset')
    computer.plug({ microphones: [microphone] })
    await settle()
    computer.plug({ microphones: [microphone, headset] })
    await settle()
    expect(trackOf(local.state().microphone)?.deviceId).toBe('mic')
    expect(local.state().notice).toEqual({ kind: 'appeared', what: 'microphone', device: headset })
  })

  it('offers a new headset and takes it only when told', async () => {
    await local.open()
    computer.plug({ microphones: [microphone, headset] })
    await settle()
    expect(trackOf(local.state().microphone)?.deviceId).toBe('mic')
    expect(local.state().notice).toEqual({ kind: 'appeared', what: 'microphone', device: headset })
    await local.chooseMicrophone('headset')
    expect(trackOf(local.state().microphone)?.deviceId).toBe('headset')
    expect(local.state().notice).toBeNull()
  })

  it('says that nothing is left when the only camera is unplugged', async () => {
    await local.open()
    computer.plug({ cameras: [] })
    trackOf(local.state().camera)?.end()
    await settle()
    expect(local.state().camera).toEqual({ kind: 'problem', problem: 'not-found' })
    expect(local.state().notice).toEqual({ kind: 'lost', what: 'camera', problem: 'not-found' })
    computer.plug({ cameras: [webcam] })
    await settle()
    expect(local.state()).toMatchObject({ camera: { kind: 'live' }, notice: null })
  })

  it('does not open a camera that was turned off', async () => {
    await local.open()
    await local.toggleCamera()
    computer.plug({ cameras: [] })
    await settle()
    computer.plug({ cameras: [webcam] })
    await settle()
    expect(computer.live()).toEqual(['mic'])
  })
})

describe('healing by itself', () => {
  it.each(['in-use', 'blocked-by-system', 'failed'] as const)('opens a device that was %s once it can be had', async (problem) => {
    computer.problems.set('camera', problem)
    await local.open()
    const told: string[] = []
    local.subscribe((state) => told.push(state.camera.kind))
    hand.runRepeated()
    await settle()
    expect(local.state().camera).toEqual({ kind: 'problem', problem })
    expect(told).not.toContain('asking')

    computer.problems.clear()
    hand.runRepeated()
    await settle()
    expect(local.state().camera.kind).toBe('live')
    expect(told).not.toContain('asking')
    expect(hand.repeatedCount()).toBe(0)
  })

  it('never puts the question again by itself', async () => {
    computer.problems.set('camera', 'dismissed')
    computer.permissions.camera = 'prompt'
    await local.open()
    hand.runRepeated()
    await settle()
    expect(computer.requests).toHaveLength(1)
  })

  it('says that the system has taken a device, and takes it back when it returns', async () => {
    await local.open()
    trackOf(local.state().camera)?.interrupt(true)
    expect(local.state().notice).toBeNull()
    hand.runOnce()
    await settle()
    expect(local.state()).toMatchObject({ camera: { kind: 'live', interrupted: true }, notice: { kind: 'interrupted', what: 'camera' } })
    trackOf(local.state().camera)?.interrupt(false)
    await settle()
    expect(local.state().camera).not.toHaveProperty('interrupted')
    expect(local.state().notice).toBeNull()
  })

  it('says of two that were taken which one is still away', async () => {
    await local.open()
    const tracks = [trackOf(local.state().camera), trackOf(local.state().microphone)]
    for (const track of tracks) track?.interrupt(true)
    hand.runOnce()
    await settle()
    expect(local.state().notice).toEqual({ kind: 'interrupted', what: 'microphone' })
    tracks[1]?.interrupt(false)
    await settle()
    expect(local.state().notice).toEqual({ kind: 'interrupted', what: 'camera' })
    tracks[0]?.interrupt(false)
    await settle()
    expect(local.state().notice).toBeNull()
  })

  it('takes no notice of a track that is mute for a moment', async () => {
    await local.open()
    trackOf(local.state().microphone)?.interrupt(true)
    trackOf(local.state().microphone)?.interrupt(false)
    hand.runOnce()
    await settle()
    expect(local.state().microphone).not.toHaveProperty('interrupted')
  })

  it('opens the device anew when told, and on iOS also when the system says that it is back', async () => {
    await local.open()
    const before = trackOf(local.state().microphone)
    before?.interrupt(true)
    hand.runOnce()
    await settle()
    await local.restore('microphone')
    expect(trackOf(local.state().microphone)).not.toBe(before)
    expect(before?.readyState).toBe('ended')
    expect(local.state()).toMatchObject({ microphone: { kind: 'live' }, notice: null })
    expect(local.state().microphone).not.toHaveProperty('interrupted')

    local = build(true)
    await local.open()
    const first = trackOf(local.state().camera)
    first?.interrupt(true)
    hand.runOnce()
    await settle()
    first?.interrupt(false)
    await settle()
    expect(trackOf(local.state().camera)).not.toBe(first)
    expect(trackOf(local.state().camera)?.readyState).toBe('live')
  })

  it('looks after a sleep whether the devices are still there', async () => {
    await local.open()
    const slept = trackOf(local.state().camera)
    if (slept) slept.readyState = 'ended'
    computer.wake()
    await settle()
    expect(trackOf(local.state().camera)?.readyState).toBe('live')
    expect(trackOf(local.state().camera)).not.toBe(slept)
    // The same camera as before: nothing to be said.
    expect(local.state().notice).toBeNull()
  })

  it('keeps the chosen device that another program took and gave back', async () => {
    computer.plug({ cameras: [camera, webcam] })
    await local.open()
    await local.chooseCamera('webcam')
    computer.problems.set('webcam', 'in-use')
    trackOf(local.state().camera)?.end()
    await settle()
    expect(local.state().camera).toEqual({ kind: 'problem', problem: 'in-use' })
    computer.problems.clear()
    hand.runRepeated()
    await settle()
    expect(trackOf(local.state().camera)?.deviceId).toBe('webcam')
  })
})
