import { beforeEach, describe, expect, it } from 'vitest'
import { createLocalMedia } from '../../../../../pwa/src/features/device-check/local-media.ts'
import type { LocalDevice, LocalMedia } from '../../../../../pwa/src/features/device-check/local-media-state.ts'
import { createMediaCare } from '../../../../../pwa/src/features/device-check/media-care.ts'
import type { Media } from '../../../../../pwa/src/ports.ts'
import {
  camera,
  createComputer,
  createHandClock,
  createMemory,
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

function build(oneCapture = false, media: Media = computer.media): LocalMedia {
  speakers = []
  const sound = {
    useSpeaker: async (id: string) => {
      speakers.push(id)
      return true
    },
  }
  return createLocalMedia({
    media,
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

describe('opening the devices', () => {
  it('S13 asks for both with one question', async () => {
    await local.open()
    expect(computer.requests).toEqual([{ camera: 'default', microphone: 'default' }])
    expect(local.state()).toMatchObject({ camera: { kind: 'live', enabled: true }, microphone: { kind: 'live', enabled: true } })
  })

  it('says that it is asking while the question stands', async () => {
    const release = computer.hold()
    const opening = local.open()
    await settle()
    expect(local.state()).toMatchObject({ camera: { kind: 'asking' }, microphone: { kind: 'asking' } })
    release()
    await opening
  })

  it('S18 keeps the microphone when the camera is refused, and the other way round', async () => {
    computer.problems.set('camera', 'denied')
    await local.open()
    expect(local.state()).toMatchObject({ camera: { kind: 'problem', problem: 'denied' }, microphone: { kind: 'live' } })

    computer = createComputer()
    computer.problems.set('microphone', 'in-use')
    local = build()
    await local.open()
    expect(local.state()).toMatchObject({ camera: { kind: 'live' }, microphone: { kind: 'problem', problem: 'in-use' } })
  })

  it('asks only for what is missing when it is opened again', async () => {
    computer.problems.set('camera', 'in-use')
    await local.open()
    computer.problems.clear()
    await local.open()
    expect(computer.requests.at(-1)).toEqual({ camera: 'default', microphone: null })
    expect(local.state().camera.kind).toBe('live')
  })

  it('releases everything that was granted after it was closed', async () => {
    const release = computer.hold()
    const opening = local.open()
    await settle()
    local.close()
    release()
    await opening
    expect(computer.live()).toEqual([])
    expect(local.state()).toMatchObject({ camera: { kind: 'not-asked' }, microphone: { kind: 'not-asked' } })
  })

  it('leaves no camera on that somebody asked for just before it was closed', async () => {
    const opening = local.open()
    local.close()
    await opening
    expect(computer.requests).toEqual([])

    const choosing = local.chooseCamera('cam')
    const turningOn = local.toggleCamera()
    local.close()
    await Promise.all([choosing, turningOn])
    expect(computer.live()).toEqual([])
    expect(local.state()).toMatchObject({ camera: { kind: 'not-asked' }, microphone: { kind: 'not-asked' } })

    // Closed for good it is not: what is asked for now is opened.
    await local.open()
    expect(computer.live()).toEqual(['cam', 'mic'])
  })

  it('opens nothing when it is closed while it looks for devices', async () => {
    local = build(false, {
      ...computer.media,
      async list() {
        local.close()
        return computer.media.list()
      },
    })
    await local.open()
    expect(computer.requests).toEqual([])
    expect(local.state()).toMatchObject({ camera: { kind: 'not-asked' }, microphone: { kind: 'not-asked' } })
  })

  it('opens nothing when it is closed while it looks whether it may', async () => {
    let isClosing = false
    local = build(false, {
      ...computer.media,
      async permission() {
        if (isClosing) local.close()
        return 'granted'
      },
    })
    computer.problems.set('camera', 'denied')
    await local.open()
    computer.problems.clear()
    isClosing = true
    hand.runRepeated()
    await settle()
    expect(computer.live()).toEqual([])
    expect(local.state().camera.kind).toBe('not-asked')
  })

  it('opens by itself once the browser allows what it refused', async () => {
    computer.problems.set('camera', 'denied')
    computer.permissions.camera = 'denied'
    await local.open()
    hand.runRepeated()
    await settle()
    expect(local.state().camera.kind).toBe('problem')

    computer.permissions.camera = 'granted'
    computer.problems.clear()
    hand.runRepeated()
    await settle()
    expect(local.state().camera.kind).toBe('live')
    expect(hand.repeatedCount()).toBe(0)
  })

  it('opens by itself when a missing camera is plugged in', async () => {
    computer.plug({ cameras: [] })
    await local.open()
    expect(local.state().camera).toEqual({ kind: 'problem', problem: 'not-found' })
    computer.plug({ cameras: [webcam] })
    await settle()
    expect(trackOf(local.state().camera)?.label).toBe('Webcam')
  })
})

describe('turning off and on', () => {
  it('lets the camera go, so that its light goes out, and opens it again', async () => {
    await local.open()
    await local.toggleCamera()
    expect(local.state().camera).toMatchObject({ kind: 'live', enabled: false })
    expect(computer.live()).toEqual(['mic'])
    await local.toggleCamera()
    expect(local.state().camera).toMatchObject({ kind: 'live', enabled: true })
    expect(computer.live()).toEqual(['mic', 'cam'])
  })

  it('mutes without letting the microphone go', async () => {
    await local.open()
    local.toggleMicrophone()
    const track = trackOf(local.state().microphone)
    expect(track).toMatchObject({ enabled: false, readyState: 'live' })
    local.toggleMicrophone()
    expect(trackOf(local.state().microphone)).toBe(track)
    expect(track?.enabled).toBe(true)
  })

  it('stays muted and unseen through close and open', async () => {
    await local.open()
    local.toggleMicrophone()
    await local.toggleCamera()
    local.close()
    expect(computer.live()).toEqual([])
    await local.open()
    expect(local.state()).toMatchObject({ camera: { kind: 'live', enabled: false }, microphone: { kind: 'live', enabled: false } })
    expect(computer.live()).toEqual(['mic'])
    expect(trackOf(local.state().microphone)?.enabled).toBe(false)
  })
})

describe('switching', () => {
  beforeEach(async () => {
    computer.plug({ cameras: [camera, webcam], microphones: [microphone, headset] })
    await local.open()
  })

  it('S36 opens the new one before it lets the old one go', async () => {
    const old = trackOf(local.state().microphone)
    await local.chooseMicrophone('headset')
    expect(trackOf(local.state().microphone)?.deviceId).toBe('headset')
    expect(old?.readyState).toBe('live')
    hand.runOnce()
    expect(old?.readyState).toBe('ended')
  })

  it('never has two captures of one kind on iOS', async () => {
    local.close()
    local = build(true)
    await local.open()
    const old = trackOf(local.state().microphone)
    const release = computer.hold()
    const switching = local.chooseMicrophone('headset')
    await settle()
    expect(old?.readyState).toBe('ended')
    release()
    await switching
    expect(computer.live().sort()).toEqual(['cam', 'headset'])
  })

  it('keeps the old one and says so when the new one does not work', async () => {
    computer.problems.set('webcam', 'in-use')
    await local.chooseCamera('webcam')
    expect(local.state()).toMatchObject({
      chosenCamera: 'default',
      camera: { kind: 'live' },
      notice: { kind: 'not-switched', what: 'camera', problem: 'in-use' },
    })
    expect(trackOf(local.state().camera)?.deviceId).toBe('cam')
  })

  it('stays muted on the other microphone', async () => {
    local.toggleMicrophone()
    await local.chooseMicrophone('headset')
    expect(trackOf(local.state().microphone)?.enabled).toBe(false)
  })

  it('remembers the choice, also when the id has changed', async () => {
    await local.chooseMicrophone('headset')
    local.close()
    computer.plug({ microphones: [microphone, { deviceId: 'other-id', label: 'Headset' }] })
    local = build()
    await local.open()
    expect(trackOf(local.state().microphone)?.deviceId).toBe('other-id')
  })

  it('takes the default when the remembered one is not there', async () => {
    await local.chooseCamera('webcam')
    local.close()
    computer.plug({ cameras: [camera] })
    local = build()
    await local.open()
    expect(trackOf(local.state().camera)?.deviceId).toBe('cam')
  })

  it('S16 sends sounds to the chosen speaker', async () => {
    await local.chooseSpeaker('loud')
    expect(speakers).toEqual(['loud'])
    expect(local.state().chosenSpeaker).toBe('loud')
  })
})

describe('the screen and the level', () => {
  it('shares the screen until the browser or the person stops it', async () => {
    expect(await local.startScreen()).toBeNull()
    const shared = local.state().screen as unknown as FakeTrack
    shared.end()
    expect(local.state().screen).toBeNull()
    await local.startScreen()
    local.stopScreen()
    expect(local.state().screen).toBeNull()
    expect(computer.live()).toEqual([])
  })

  it('S17 follows the microphone that is in use', async () => {
    const levels: number[] = []
    const stop = local.watchLevel((level) => levels.push(level))
    computer.plug({ microphones: [microphone, headset] })
    await local.open()
    await local.chooseMicrophone('headset')
    local.close()
    stop()
    expect(levels).toEqual([0.4, 0.7, 0])
  })
})
