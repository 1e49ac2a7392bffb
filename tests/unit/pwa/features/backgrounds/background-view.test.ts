import { describe, expect, it } from 'vitest'
import type { BackgroundPhase, BackgroundState } from '../../../../../pwa/src/features/backgrounds/background-control.ts'
import { isTrouble, isWait, megabytes, newsOf } from '../../../../../pwa/src/features/backgrounds/background-view.ts'
import { words as en } from '../../../../../pwa/src/words/backgrounds.en.ts'
import { words as es } from '../../../../../pwa/src/words/backgrounds.es.ts'

const blurred = (phase: BackgroundPhase, change: Partial<BackgroundState> = {}): BackgroundState => ({
  chosen: { kind: 'blur' },
  phase,
  keepsUp: true,
  canCancel: true,
  isCameraOn: true,
  alreadyBlurred: false,
  endsWithSession: false,
  ...change,
})

describe('what is said of a background', () => {
  it('is nothing while all is well, or none is chosen', () => {
    expect(newsOf(blurred({ kind: 'on' }), 'available')).toBeNull()
    expect(newsOf(blurred({ kind: 'off' }), 'available')).toBeNull()
    expect(newsOf(blurred({ kind: 'failed', problem: 'not-fetched' }, { chosen: { kind: 'none' } }), 'available')).toBeNull()
  })

  it('is how much is loaded, as soon as it is known how much there is', () => {
    expect(newsOf(blurred({ kind: 'loading', loadedBytes: 0, totalBytes: 0 }), 'available')).toEqual({ kind: 'loading', share: null })
    expect(newsOf(blurred({ kind: 'loading', loadedBytes: 3, totalBytes: 12 }), 'available')).toEqual({ kind: 'loading', share: 0.25 })
    expect([megabytes(13_149_000, 'en'), megabytes(13_149_000, 'es')]).toEqual(['13.1', '13,1'])
  })

  it('is the worst there is, and never quiet: over the stage, too, where somebody must decide', () => {
    const slow = blurred({ kind: 'on' }, { keepsUp: false })
    const broken = blurred({ kind: 'failed', problem: 'image-missing' }, { keepsUp: false })
    expect(newsOf(slow, 'available')).toEqual({ kind: 'slow' })
    expect(newsOf(broken, 'available')).toEqual({ kind: 'failed', problem: 'image-missing' })
    expect(newsOf(broken, 'no-webgl2')).toEqual({ kind: 'unsupported', why: 'no-webgl2', black: true })
    for (const state of [slow, broken, blurred({ kind: 'interrupted' })]) expect(isTrouble(newsOf(state, 'available'), state)).toBe(true)
    for (const kind of ['starting', 'on'] as const) {
      const state = blurred({ kind })
      expect(isTrouble(newsOf(state, 'available'), state)).toBe(false)
    }
  })

  it('bothers nobody with what the browser cannot do as long as nothing is chosen', () => {
    const none = blurred({ kind: 'off' }, { chosen: { kind: 'none' } })
    const chosen = blurred({ kind: 'failed', problem: 'not-started' })
    expect(isTrouble(newsOf(none, 'no-frames'), none)).toBe(false)
    expect(newsOf(none, 'no-frames')).toEqual({ kind: 'unsupported', why: 'no-frames', black: false })
    expect(isTrouble(newsOf(chosen, 'no-frames'), chosen)).toBe(true)
  })

  it('is nothing that must be decided while the camera is off', () => {
    const off = { isCameraOn: false }
    const failed = blurred({ kind: 'failed', problem: 'not-started' }, off)
    for (const state of [failed, blurred({ kind: 'on' }, { ...off, keepsUp: false }), blurred({ kind: 'interrupted' }, off)]) {
      expect(newsOf(state, 'available')).toBeNull()
    }
    expect(newsOf(failed, 'no-webgl2')).toEqual({ kind: 'unsupported', why: 'no-webgl2', black: false })
    expect(isTrouble(newsOf(failed, 'no-webgl2'), failed)).toBe(false)
    const loading = blurred({ kind: 'loading', loadedBytes: 3, totalBytes: 12 }, off)
    expect(newsOf(loading, 'available')).toEqual({ kind: 'loading', share: 0.25 })
    expect(isWait(newsOf(loading, 'available'), loading)).toBe(false)
  })

  it('is a wait in black while it is loaded or started', () => {
    for (const phase of [{ kind: 'loading', loadedBytes: 0, totalBytes: 0 }, { kind: 'starting' }] as const) {
      expect(isWait(newsOf(blurred(phase), 'available'), blurred(phase))).toBe(true)
    }
    for (const kind of ['on', 'interrupted'] as const) expect(isWait(newsOf(blurred({ kind }), 'available'), blurred({ kind }))).toBe(false)
  })

  it('tells what the other person sees whenever that is black, in both languages', () => {
    expect([en.black, es.black]).toEqual(['The other person sees a black picture.', 'La otra persona ve la imagen en negro.'])
    for (const problem of ['not-fetched', 'not-started', 'image-missing', 'cancelled'] as const) {
      expect(en.failed[problem].text).toMatch(/^The other person sees a black picture\./)
      expect(es.failed[problem].text).toMatch(/^La otra persona ve la imagen en negro\./)
    }
  })
})
