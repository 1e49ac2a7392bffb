import { afterEach, describe, expect, it, vi } from 'vitest'
import { frameSupport } from '../../../../../pwa/src/adapters/backgrounds/frame-support.ts'

afterEach(() => vi.unstubAllGlobals())

function browser(options: { readonly videoFrame?: boolean; readonly context?: () => object | null }): void {
  vi.stubGlobal('Worker', class {})
  vi.stubGlobal('VideoFrame', options.videoFrame === false ? undefined : class {})
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = options.context ?? (() => ({ getExtension: () => null }))
    },
  )
}

describe('what a browser can do for backgrounds', () => {
  it('is enough with frames and WebGL 2, whose context is given back', () => {
    let lost = 0
    browser({ context: () => ({ getExtension: () => ({ loseContext: () => void lost++ }) }) })
    expect([frameSupport(), lost]).toEqual(['available', 1])
  })

  it('lacks single frames', () => {
    browser({ videoFrame: false })
    expect(frameSupport()).toBe('no-frames')
    vi.unstubAllGlobals()
    expect(frameSupport(), 'nothing of it at all').toBe('no-frames')
  })

  it('lacks WebGL 2, whether it says so or throws', () => {
    browser({ context: () => null })
    expect(frameSupport()).toBe('no-webgl2')
    browser({
      context: () => {
        throw new TypeError('webgl2 is no context')
      },
    })
    expect(frameSupport()).toBe('no-webgl2')
  })
})
