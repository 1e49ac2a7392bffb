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

describe('a practice without Premium', () => {
  it('has none of it, whatever is remembered or chosen', async () => {
    studio = createStudio({ remembered: 'blur', tier: 'basic' })
    await studio.media.open()
    studio.control.choose(light)
    await settle()
    expect(studio.shown()).toBe(studio.camera())
    expect(studio.control.state()).toMatchObject({ chosen: none, phase: { kind: 'off' } })
    expect(studio.loads()).toBe(0)
    expect(studio.memory.get('background')).toBe('blur')
  })

  it('keeps what is in force until the devices are closed: nobody shall see the room because an administrator changed something', async () => {
    await studio.media.open()
    studio.control.choose(blur)
    await studio.throughStart()
    studio.changeTier('basic')
    expect(studio.control.state()).toMatchObject({ chosen: blur, endsWithSession: true, phase: { kind: 'on' } })
    expect(studio.shown()).toBe(studio.fake.last()?.track)
    studio.media.close()
    expect(studio.control.state()).toMatchObject({ chosen: none, endsWithSession: false })
    await studio.media.open()
    expect(studio.shown()).toBe(studio.camera())
    expect(studio.fake.last()?.closed).toBe(true)
  })

  it('gives the camera back at once to whoever chooses none then', async () => {
    await studio.media.open()
    studio.control.choose(blur)
    await studio.throughStart()
    studio.changeTier('basic')
    studio.control.choose(none)
    expect(studio.shown()).toBe(studio.camera())
    expect(studio.control.state().endsWithSession).toBe(false)
  })

  it('has the remembered one again with Premium', async () => {
    studio = createStudio({ remembered: 'blur', tier: 'basic' })
    await studio.media.open()
    studio.changeTier('premium')
    expect(studio.shown()?.label).toBe('black')
    await studio.throughStart()
    expect(studio.phase()).toEqual({ kind: 'on' })
  })
})

describe("the system's own blur", () => {
  it('is not done twice, and processed from the tick in which it ends', async () => {
    await studio.media.open()
    studio.systemBlurs(studio.camera(), true)
    expect(studio.control.state().alreadyBlurred).toBe(true)
    studio.control.choose(blur)
    expect(studio.shown()).toBe(studio.camera())
    expect(studio.control.state()).toMatchObject({ chosen: blur, phase: { kind: 'off' } })
    expect(studio.loads()).toBe(0)

    studio.systemBlurs(studio.camera(), false, false)
    expect(studio.shown()?.label).toBe('black')
    studio.systemBlurs(studio.camera(), false)
    await studio.throughStart()
    expect(studio.phase()).toEqual({ kind: 'on' })

    // It began again with a camera that is being processed: it may be said before it is done.
    studio.systemBlurs(studio.camera(), true)
    expect(studio.control.state().alreadyBlurred).toBe(true)
    expect(studio.shown()).toBe(studio.fake.last()?.track)
    studio.control.choose(blur)
    expect(studio.shown()).toBe(studio.camera())
    expect(studio.fake.last()?.closed).toBe(true)
  })

  it('takes the place of no other choice', async () => {
    await studio.media.open()
    studio.systemBlurs(studio.camera(), true)
    studio.control.choose(light)
    expect(studio.shown()?.label).toBe('black')
    await studio.throughStart()
    expect(studio.shown()).toBe(studio.fake.last()?.track)
  })
})
