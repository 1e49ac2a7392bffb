import { describe, expect, it } from 'vitest'
import { fitOf, stageLayout } from '../../../../../pwa/src/features/session/stage-layout.ts'
import { examplePerson } from '../../../../support/session/examples.ts'

const screen = {} as MediaStream

describe('the stage', () => {
  it('S25 gives one person all of it and shares it among up to three', () => {
    expect(stageLayout([])).toEqual({ kind: 'empty' })
    expect(stageLayout([examplePerson('Sam')])).toEqual({ kind: 'one' })
    expect(stageLayout([examplePerson('Sam'), examplePerson('Alex'), examplePerson('Jo')])).toEqual({ kind: 'grid', count: 3 })
  })

  it('S30 puts a shared screen first, once it has arrived', () => {
    const sharing = examplePerson('Alex', { sharing: true, screen })
    expect(stageLayout([examplePerson('Sam'), sharing])).toEqual({ kind: 'screen', sharer: sharing.id })
    expect(stageLayout([examplePerson('Alex', { sharing: true })])).toEqual({ kind: 'one' })
    expect(stageLayout([examplePerson('Alex', { screen })])).toEqual({ kind: 'one' })
  })

  it('fills a box of about the same shape and never cuts a face out of a different one', () => {
    expect(fitOf({ width: 640, height: 480 }, { width: 1280, height: 760 })).toBe('cover')
    expect(fitOf({ width: 1280, height: 720 }, { width: 390, height: 760 })).toBe('contain')
    expect(fitOf({ width: 480, height: 640 }, { width: 1280, height: 760 })).toBe('contain')
    expect(fitOf({ width: 0, height: 0 }, { width: 1280, height: 760 })).toBe('contain')
  })
})
