import { describe, expect, it } from 'vitest'
import type { BackgroundPhase, BackgroundState } from '../../../../../pwa/src/features/backgrounds/background-control.ts'
import { isTrouble, megabytes, newsOf } from '../../../../../pwa/src/features/backgrounds/background-view.ts'
import { words as en } from '../../../../../pwa/src/words/backgrounds.en.ts'
import { words as es } from '../../../../../pwa/src/words/backgrounds.es.ts'

const blurred = (phase: BackgroundPhase, change: Partial<BackgroundState> = {}): BackgroundState => ({
  chosen: { kind: 'blur' },
  phase,
  keepsUp: true,
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
    expect(newsOf(broken, 'no-webgl2')).toEqual({ kind: 'unsupported', why: 'no-webgl2' })
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
    expect(isTrouble(newsOf(chosen, 'no-frames'), chosen)).toBe(true)
  })

  it('tells what the other person sees whenever that is black, in both languages', () => {
    for (const problem of ['not-fetched', 'not-started', 'image-missing', 'cancelled'] as const) {
      expect(en.failed[problem].text).toMatch(/^The other person sees a black picture\./)
      expect(es.failed[problem].text).toMatch(/^La otra persona ve la imagen en negro\./)
    }
  })
})
