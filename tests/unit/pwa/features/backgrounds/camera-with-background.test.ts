import type { BackgroundChoice } from '@alcove/shared/domain/background'
import { ok } from '@alcove/shared/domain/result'
import { beforeEach, describe, expect, it } from 'vitest'
import { createStudio, settle } from '../../../../support/media/background-studio.ts'
import { camera, type FakeTrack, webcam } from '../../../../support/media/fake-computer.ts'

const blur: BackgroundChoice = { kind: 'blur' }
const light: BackgroundChoice = { kind: 'light' }
const none: BackgroundChoice = { kind: 'none' }
const image = (id: string): BackgroundChoice => ({ kind: 'image', id })

let studio: ReturnType<typeof createStudio>
beforeEach(() => {
  studio = createStudio()
})

describe('without a background', () => {
  it('hands on what there is, and loads nothing', async () => {
    await studio.media.open()
    expect(studio.shown()).toBe(studio.camera())
    expect(studio.phase()).toEqual({ kind: 'off' })
    expect([studio.loads(), studio.blanks.length]).toEqual([0, 0])
  })
})

describe('choosing a background', () => {
  it('shows black from the same tick on, then the processed track', async () => {
    await studio.media.open()
    const states: (FakeTrack | null)[] = []
    studio.media.subscribe((state) => states.push(studio.shown(state)))

    studio.control.choose(blur)
    expect(studio.shown()?.label).toBe('black')
    expect(studio.phase()).toEqual({ kind: 'loading', loadedBytes: 0, totalBytes: 0 })
    await settle()
    const before = states.length
    studio.fake.fetches[0]?.progress({ loadedBytes: 1000, totalBytes: 4000 })
    expect(states.length).toBe(before)
    expect(studio.phase()).toEqual({ kind: 'loading', loadedBytes: 1000, totalBytes: 4000 })
    studio.fake.fetches[0]?.end(ok(null))
    await settle()
    expect(studio.phase()).toEqual({ kind: 'starting' })
    expect(studio.shown()?.label).toBe('black')
    studio.fake.startNext()
    await settle()
    expect(studio.shown()).toBe(studio.fake.last()?.track)
    expect(studio.phase()).toEqual({ kind: 'starting' })
    studio.fake.last()?.emit({ kind: 'processing' })
    expect(studio.phase()).toEqual({ kind: 'on' })
    expect(states).not.toContain(studio.camera())
    expect(studio.blanks.map((track) => track.readyState)).toEqual(['ended'])
    expect(studio.memory.get('background')).toBe('blur')
  })

  it('gives the camera back in the same tick when none is chosen, and ends the processing', async () => {
    await studio.media.open()
    studio.control.choose(blur)
    await studio.throughStart()
    studio.control.choose(none)
    expect(studio.shown()).toBe(studio.camera())
    expect(studio.phase()).toEqual({ kind: 'off' })
    expect(studio.fake.last()?.closed).toBe(true)
    expect(studio.camera().readyState).toBe('live')
    expect(studio.memory.get('background')).toBe('none')
  })

  it('goes from one to the next without black in between', async () => {
    await studio.media.open()
    studio.control.choose(blur)
    await studio.throughStart()
    const track = studio.shown()
    studio.control.choose(image('forest'))
    expect(studio.shown()).toBe(track)
    await settle()
    expect(studio.fake.processes).toHaveLength(1)
    expect(studio.fake.last()?.effects.map(({ kind }) => kind)).toEqual(['blur', 'image'])
    expect(studio.phase()).toEqual({ kind: 'on' })
  })

  it('goes on with what is being fetched when another one is chosen meanwhile', async () => {
    await studio.media.open()
    studio.control.choose(blur)
    await settle()
    studio.control.choose(light)
    await settle()
    expect(studio.fake.fetches).toHaveLength(1)
    await studio.throughStart()
    expect(studio.fake.processes.map(({ effects }) => effects[0]?.kind)).toEqual(['light'])
  })

  it('says that an image is missing, and stays black', async () => {
    await studio.media.open()
    studio.control.choose(image('gone'))
    await studio.throughStart()
    expect(studio.phase()).toEqual({ kind: 'failed', problem: 'image-missing' })
    expect(studio.shown()?.label).toBe('black')

    studio.control.choose(blur)
    studio.fake.hurry()
    await settle()
    studio.control.choose(image('gone'))
    await settle()
    expect(studio.phase()).toEqual({ kind: 'failed', problem: 'image-missing' })
    expect(studio.shown()?.label).toBe('black')
    expect(studio.fake.last()?.closed).toBe(true)
  })

  it('tries again when what failed is chosen again', async () => {
    studio.goOffline(true)
    await studio.media.open()
    studio.control.choose(blur)
    await settle()
    expect(studio.phase()).toEqual({ kind: 'failed', problem: 'not-fetched' })
    expect(studio.shown()?.label).toBe('black')
    studio.control.choose(blur)
    expect(studio.phase().kind).toBe('loading')
    await settle()
    expect(studio.phase()).toEqual({ kind: 'failed', problem: 'not-fetched' })
  })

  it('tries again by itself when there is a network again', async () => {
    studio.goOffline(true)
    await studio.media.open()
    studio.control.choose(blur)
    await settle()
    studio.goOffline(false)
    await studio.throughStart()
    expect(studio.phase()).toEqual({ kind: 'on' })
  })

  it('fetches nothing where the browser cannot do it, and stays black', async () => {
    studio.support('no-webgl2')
    await studio.media.open()
    studio.control.choose(blur)
    await settle()
    expect(studio.phase()).toEqual({ kind: 'failed', problem: 'not-started' })
    expect(studio.shown()?.label).toBe('black')
    expect(studio.loads()).toBe(0)
  })

  it('is tried anew with the next opening of the devices', async () => {
    await studio.media.open()
    studio.fake.hurry()
    studio.fake.failStarts('not-started')
    studio.control.choose(blur)
    await settle()
    await studio.media.toggleCamera()
    await studio.media.toggleCamera()
    expect(studio.phase().kind).toBe('failed')
    studio.media.close()
    studio.fake.failStarts(null)
    await studio.media.open()
    await settle()
    expect(studio.shown()?.label).toBe('processed')
  })
})

describe('what a worker tells', () => {
  beforeEach(async () => {
    await studio.media.open()
    studio.control.choose(blur)
    await studio.throughStart()
  })

  it('shows the track of the worker that took the place of another', () => {
    const before = studio.shown()
    studio.fake.last()?.replace()
    expect(studio.shown()).not.toBe(before)
    expect(studio.shown()).toBe(studio.fake.last()?.track)
    expect(studio.phase()).toEqual({ kind: 'interrupted' })
    studio.fake.last()?.emit({ kind: 'processing' })
    expect(studio.phase()).toEqual({ kind: 'on' })
  })

  it('shows black when it could not be mended', () => {
    studio.fake.last()?.emit({ kind: 'failed', problem: 'not-started' })
    expect(studio.phase()).toEqual({ kind: 'failed', problem: 'not-started' })
    expect(studio.shown()?.label).toBe('black')
    expect(studio.shown()?.readyState).toBe('live')
  })

  it('shows the track of a worker that started after all', () => {
    studio.fake.last()?.emit({ kind: 'failed', problem: 'not-fetched' })
    expect(studio.shown()?.label).toBe('black')
    studio.fake.last()?.replace()
    expect(studio.shown()).toBe(studio.fake.last()?.track)
    expect(studio.phase()).toEqual({ kind: 'starting' })
    studio.fake.last()?.emit({ kind: 'processing' })
    expect(studio.phase()).toEqual({ kind: 'on' })
  })

  it('shows the person again when the worker that could fetch nothing has mended itself, on the same track', () => {
    const shown: (FakeTrack | null)[] = []
    studio.media.subscribe((state) => shown.push(studio.shown(state)))
    const before = studio.shown()
    studio.fake.last()?.emit({ kind: 'failed', problem: 'not-fetched' })
    studio.fake.last()?.emit({ kind: 'processing' })
    expect(studio.phase()).toEqual({ kind: 'on' })
    expect(shown.map((track) => track?.label)).toEqual(['black', 'processed'])
    expect(studio.shown()).toBe(before)
  })

  it('begins anew with whatever is chosen after a failure', async () => {
    studio.fake.last()?.emit({ kind: 'failed', problem: 'not-started' })
    studio.fake.hurry()
    studio.control.choose(light)
    expect(studio.shown()?.label).toBe('black')
    await settle()
    expect(studio.fake.processes.map(({ closed }) => closed)).toEqual([true, false])
    expect(studio.shown()).toBe(studio.fake.last()?.track)
  })

  it('says whether the computer keeps up', () => {
    const said: boolean[] = []
    studio.control.subscribe((state) => said.push(state.keepsUp))
    studio.fake.last()?.emit({ kind: 'cannot-keep-up' })
    studio.fake.last()?.emit({ kind: 'keeps-up-again' })
    expect(said).toEqual([false, true])
    studio.fake.last()?.emit({ kind: 'cannot-keep-up' })
    expect(studio.control.state().keepsUp).toBe(false)
    // Another worker begins with a good opinion.
    studio.fake.last()?.replace()
    expect(studio.control.state().keepsUp).toBe(true)
  })

  it('hears of the call', () => {
    studio.control.reportLoad({ encoderLimited: true, soundSuffers: false })
    expect(studio.fake.last()?.loads).toEqual([{ encoderLimited: true, soundSuffers: false }])
  })
})

describe('the camera changes', () => {
  beforeEach(async () => {
    await studio.media.open()
    studio.control.choose(blur)
    await studio.throughStart()
  })

  it('goes on with the camera that was turned off and on', async () => {
    await studio.media.toggleCamera()
    expect(studio.media.state().camera).toMatchObject({ kind: 'live', enabled: false })
    expect(studio.control.state().isCameraOn).toBe(false)
    expect(studio.raw()).not.toContain(studio.shown())
    expect(studio.computer.live()).toEqual(['mic'])
    expect(studio.shown()?.readyState).toBe('ended')
    const off = studio.media.state()
    expect(studio.media.state()).toBe(off)
    // No copy of it stays open, whose light would stay on.
    expect(studio.fake.last()?.cameras.at(-1)).toBeNull()

    await studio.media.toggleCamera()
    expect(studio.media.state().camera).toMatchObject({ kind: 'live', enabled: true })
    expect(studio.control.state().isCameraOn).toBe(true)
    expect(studio.shown()).toBe(studio.fake.last()?.track)
    expect(studio.fake.processes).toHaveLength(1)
    expect(studio.fake.last()?.cameras.at(-1)).toBe(studio.camera())
  })

  it('lets go of a camera that was turned off while the processing began', async () => {
    studio.media.close()
    await studio.media.open()
    await settle()
    studio.fake.fetches[0]?.end(ok(null))
    await settle()
    await studio.media.toggleCamera()
    studio.fake.startNext()
    await settle()
    expect(studio.fake.last()?.cameras).toHaveLength(2)
    expect(studio.fake.last()?.cameras.at(-1)).toBeNull()
    await studio.media.toggleCamera()
    expect(studio.fake.last()?.cameras.at(-1)).toBe(studio.camera())
  })

  it('goes on with another camera, and with the one that is left', async () => {
    studio.computer.plug({ cameras: [camera, webcam] })
    await settle()
    await studio.media.chooseCamera('webcam')
    expect(studio.fake.last()?.cameras.at(-1)).toBe(studio.camera())
    expect(studio.camera().deviceId).toBe('webcam')
    expect(studio.shown()).toBe(studio.fake.last()?.track)

    studio.computer.plug({ cameras: [camera] })
    studio.camera().end()
    await settle()
    expect(studio.camera().deviceId).toBe('cam')
    expect(studio.fake.last()?.cameras.at(-1)).toBe(studio.camera())
    expect(studio.media.state().notice).toMatchObject({ kind: 'fell-back' })
    expect(studio.shown()).toBe(studio.fake.last()?.track)
  })

  it('keeps saying that it is interrupted', async () => {
    studio.camera().interrupt(true)
    studio.hand.runOnce()
    await settle()
    expect(studio.media.state().camera).toMatchObject({ interrupted: true, track: studio.fake.last()?.track })
    await studio.media.restore('camera')
    expect(studio.shown()).toBe(studio.fake.last()?.track)
    expect(studio.fake.last()?.cameras.at(-1)).toBe(studio.camera())
  })

  it('lets everything go when the devices are closed, and begins by itself when they are opened', async () => {
    studio.media.close()
    expect(studio.computer.live()).toEqual([])
    expect(studio.fake.made.map((track) => track.readyState)).toEqual(['ended'])
    expect(studio.phase()).toEqual({ kind: 'off' })

    const shown: (FakeTrack | null)[] = []
    studio.media.subscribe((state) => shown.push(studio.shown(state)))
    await studio.media.open()
    await studio.throughStart()
    expect(studio.phase()).toEqual({ kind: 'on' })
    expect(shown).not.toContain(studio.camera())
    studio.media.close()
    expect([...studio.fake.made, ...studio.blanks].filter((track) => track.readyState === 'live')).toEqual([])
  })
})

describe('a remembered choice', () => {
  it('is in force from the first picture on', async () => {
    studio = createStudio({ remembered: 'image:forest' })
    const shown: (FakeTrack | null)[] = []
    studio.media.subscribe((state) => shown.push(studio.shown(state)))
    expect(studio.loads()).toBe(0)
    await studio.media.open()
    await studio.throughStart()
    expect(studio.fake.last()?.effects).toEqual([{ kind: 'image', image: studio.images.get('forest') }])
    expect(shown.some((track) => track === studio.camera())).toBe(false)
  })

  it('is the one that another tab has chosen meanwhile, from the first picture on', async () => {
    studio.memory.set('background', 'blur')
    const shown: (FakeTrack | null)[] = []
    studio.media.subscribe((state) => shown.push(studio.shown(state)))
    await studio.media.open()
    studio.control.cancel()
    await studio.throughStart()
    expect(shown).not.toContain(studio.camera())
    expect(studio.control.state()).toMatchObject({ chosen: blur, phase: { kind: 'on' } })

    // While the devices are open, it is this tab's own.
    studio.memory.set('background', 'none')
    await studio.media.open()
    expect(studio.control.state().chosen).toEqual(blur)
    studio.media.close()
    await studio.media.open()
    expect(studio.shown()).toBe(studio.camera())
  })

  it('fetches ahead while the browser still asks, and only once', async () => {
    studio = createStudio({ remembered: 'blur' })
    const release = studio.computer.hold()
    const opening = studio.media.open()
    await settle()
    expect(studio.fake.fetches).toHaveLength(1)
    release()
    await opening
    await settle()
    expect(studio.fake.fetches).toHaveLength(1)
    await studio.throughStart()
    expect(studio.phase()).toEqual({ kind: 'on' })
  })

  it('goes on fetching when the devices are closed, for the next time', async () => {
    studio = createStudio({ remembered: 'blur' })
    await studio.media.open()
    await settle()
    studio.media.close()
    expect(studio.fake.fetches.map(({ signal }) => signal.aborted)).toEqual([false])
    await studio.media.open()
    expect(studio.fake.fetches).toHaveLength(1)
    await studio.throughStart()
    expect(studio.phase()).toEqual({ kind: 'on' })
  })

  it('shows black until it is known that the practice has Premium, and fetches nothing', async () => {
    studio = createStudio({ remembered: 'blur', tier: null })
    await studio.media.open()
    await settle()
    expect(studio.shown()?.label).toBe('black')
    expect(studio.loads()).toBe(0)
    studio.changeTier('premium')
    await studio.throughStart()
    expect(studio.phase()).toEqual({ kind: 'on' })
  })
})
