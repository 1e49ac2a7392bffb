import type { BackgroundChoice } from '@alcove/shared/domain/background'
import { beforeEach, describe, expect, it } from 'vitest'
import { createStudio, settle } from '../../../../support/media/background-studio.ts'

const blur: BackgroundChoice = { kind: 'blur' }
const light: BackgroundChoice = { kind: 'light' }
const none: BackgroundChoice = { kind: 'none' }

let studio: ReturnType<typeof createStudio>
beforeEach(() => {
  studio = createStudio()
})

describe("the camera's own track, which others had", () => {
  beforeEach(() => studio.media.open())

  it('is black from the tick of the choice until its pictures are needed', async () => {
    studio.control.choose(blur)
    expect(studio.camera().enabled).toBe(false)
    await settle()
    expect([studio.phase().kind, studio.camera().enabled]).toEqual(['loading', false])
    await studio.throughStart()
    expect(studio.camera().enabled).toBe(true)
  })

  it('has its pictures again in the tick in which none is chosen', async () => {
    studio.control.choose(blur)
    studio.control.choose(none)
    expect(studio.shown()).toBe(studio.camera())
    expect(studio.camera().enabled).toBe(true)
  })

  it('stays black while nothing can be processed', async () => {
    studio.support('no-webgl2')
    studio.control.choose(blur)
    await settle()
    expect([studio.phase().kind, studio.camera().enabled]).toEqual(['failed', false])
  })
})

describe('cancelling', () => {
  it('goes back to nothing when there was nothing, and stops fetching', async () => {
    await studio.media.open()
    studio.control.choose(blur)
    await settle()
    const [fetch] = studio.fake.fetches
    studio.control.cancel()
    expect(fetch?.signal.aborted).toBe(true)
    expect(studio.control.state()).toMatchObject({ chosen: none, phase: { kind: 'off' } })
    expect(studio.shown()).toBe(studio.camera())
    await settle()
    expect(studio.phase()).toEqual({ kind: 'off' })
  })

  it('goes back to the last one that worked, in black until it is there', async () => {
    await studio.media.open()
    studio.control.choose(light)
    await studio.throughStart()
    studio.fake.last()?.emit({ kind: 'failed', problem: 'not-started' })
    studio.control.choose(blur)
    studio.control.cancel()
    expect(studio.control.state().chosen).toEqual(light)
    expect(studio.shown()?.label).toBe('black')
    await studio.throughStart()
    expect(studio.phase()).toEqual({ kind: 'on' })
    expect(studio.fake.last()?.effects).toEqual([light])
  })

  it('does nothing when what worked before begins again: nobody sees the room because of it', async () => {
    await studio.media.open()
    studio.control.choose(blur)
    expect(studio.control.state().canCancel).toBe(true)
    await studio.throughStart()
    studio.fake.last()?.emit({ kind: 'failed', problem: 'not-started' })
    studio.control.choose(blur)
    expect(studio.control.state().canCancel).toBe(false)
    studio.control.cancel()
    expect(studio.control.state()).toMatchObject({ chosen: blur, phase: { kind: 'loading' } })
    expect(studio.shown()?.label).toBe('black')
    expect(studio.memory.get('background')).toBe('blur')
  })

  it('goes back once, however often it is pressed', async () => {
    await studio.media.open()
    studio.control.choose(light)
    await studio.throughStart()
    studio.fake.last()?.emit({ kind: 'failed', problem: 'not-started' })
    studio.control.choose(blur)
    studio.control.cancel()
    studio.control.cancel()
    expect(studio.control.state()).toMatchObject({ chosen: light, canCancel: false })
    expect(studio.shown()?.label).toBe('black')
  })

  it('takes nothing back that was remembered', async () => {
    studio = createStudio({ remembered: 'blur' })
    await studio.media.open()
    expect(studio.control.state()).toMatchObject({ canCancel: false, phase: { kind: 'loading' } })
    studio.control.cancel()
    expect(studio.control.state().chosen).toEqual(blur)
    expect(studio.shown()?.label).toBe('black')
  })

  it('does nothing once it is there', async () => {
    await studio.media.open()
    studio.control.choose(blur)
    await studio.throughStart()
    studio.control.cancel()
    expect(studio.control.state()).toMatchObject({ chosen: blur, phase: { kind: 'on' } })
  })
})
