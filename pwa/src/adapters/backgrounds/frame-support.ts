import type { BackgroundSupport } from '../../background-ports.ts'

/** Apart from everything else, so that it can be asked before anything is fetched. */
export function frameSupport(): BackgroundSupport {
  if (typeof OffscreenCanvas !== 'function' || typeof Worker !== 'function' || typeof VideoFrame !== 'function') return 'no-frames'
  return hasWebGl2() ? 'available' : 'no-webgl2'
}

/** The worker asks for one of these too. */
function hasWebGl2(): boolean {
  try {
    const context = new OffscreenCanvas(1, 1).getContext('webgl2')
    context?.getExtension('WEBGL_lose_context')?.loseContext()
    return context !== null
  } catch {
    return false
  }
}

/** W3C mediacapture-extensions: only what the system does. */
export function blurredBySystem(camera: MediaStreamTrack): boolean {
  return (camera.getSettings() as { backgroundBlur?: boolean }).backgroundBlur === true
}
