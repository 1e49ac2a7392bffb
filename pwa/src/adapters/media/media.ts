import type { MediaProblem } from '@alcove/shared/domain/device-check'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { Media, MediaDevice, MediaDeviceList, MediaGrant, MediaRequest, Stop } from '../../ports.ts'
import type { Permission } from './media-errors.ts'
import { createMeter } from './meter.ts'

type Kind = 'camera' | 'microphone'

/** Plugging in a headset is a flurry of events. */
const settleMs = 1000
/** A timer that comes so much later than it should: the computer slept, or the page was frozen. */
const tickMs = 5000
const sleptMs = 20_000

export function createMedia(): Media {
  return { open, openScreen, list, watchDevices, meter: createMeter(), permission }
}

/** Fetched when something fails: for most people nothing does. Without it a device has simply failed. */
const errors = (): Promise<MediaErrors> =>
  import('./media-errors.ts').catch(() => ({ mayAskAlone: () => true, mediaProblem: () => 'failed', screenProblem: () => 'failed' }))
type MediaErrors = Pick<typeof import('./media-errors.ts'), 'mayAskAlone' | 'mediaProblem' | 'screenProblem'>

async function open(request: MediaRequest): Promise<MediaGrant> {
  const { camera, microphone } = request
  if (camera === null || microphone === null) {
    return {
      camera: camera === null ? null : await openOne('camera', camera),
      microphone: microphone === null ? null : await openOne('microphone', microphone),
    }
  }
  try {
    const stream = await getUserMedia({ video: cameraConstraints(camera), audio: microphoneConstraints(microphone) })
    return { camera: trackOf(stream.getVideoTracks()), microphone: trackOf(stream.getAudioTracks()) }
  } catch (error) {
    // C6: one of them must not take the other away. Microphone first: to be heard matters more than to be seen.
    const { mayAskAlone, mediaProblem } = await errors()
    const states = { camera: await permission('camera'), microphone: await permission('microphone') }
    const alone = async (kind: Kind, deviceId: string) => {
      const other = kind === 'camera' ? states.microphone : states.camera
      return mayAskAlone(error, states[kind], other) ? openOne(kind, deviceId) : err(mediaProblem(error, states[kind]))
    }
    const heard = await alone('microphone', microphone)
    return { camera: await alone('camera', camera), microphone: heard }
  }
}

async function openOne(kind: Kind, deviceId: string): Promise<Result<MediaStreamTrack, MediaProblem>> {
  try {
    const stream = await getUserMedia(
      kind === 'camera' ? { video: cameraConstraints(deviceId) } : { audio: microphoneConstraints(deviceId) },
    )
    return trackOf(stream.getTracks())
  } catch (error) {
    return err((await errors()).mediaProblem(error, await permission(kind)))
  }
}

async function openScreen(): Promise<Result<MediaStreamTrack, MediaProblem>> {
  if (!navigator.mediaDevices?.getDisplayMedia) return err('not-found')
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false })
    return trackOf(stream.getVideoTracks())
  } catch (error) {
    return err((await errors()).screenProblem(error))
  }
}

/** Without a secure context there is no `mediaDevices` at all. */
async function getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) throw new DOMException('No secure context', 'SecurityError')
  return navigator.mediaDevices.getUserMedia(constraints)
}

function trackOf(tracks: readonly MediaStreamTrack[]): Result<MediaStreamTrack, MediaProblem> {
  const [track] = tracks
  return track ? ok(track) : err('not-found')
}

/** No deviceId unless one was chosen: on iOS naming the microphone changes where headphones play. */
function deviceConstraint(deviceId: string): MediaTrackConstraints {
  return deviceId === 'default' ? {} : { deviceId: { exact: deviceId } }
}

function cameraConstraints(deviceId: string): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
    ...(deviceId === 'default' ? { facingMode: { ideal: 'user' } } : {}),
    ...deviceConstraint(deviceId),
  }
}

function microphoneConstraints(deviceId: string): MediaTrackConstraints {
  return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...deviceConstraint(deviceId) }
}

async function list(): Promise<MediaDeviceList> {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []
  const of = (kind: MediaDeviceKind): readonly MediaDevice[] =>
    all
      // Chromium lists its defaults a second time, and before the permission one device without a name per kind.
      .filter((device) => device.kind === kind && !['', 'default', 'communications'].includes(device.deviceId))
      .map(({ deviceId, label }) => ({ deviceId, label }))
  return {
    cameras: of('videoinput'),
    microphones: of('audioinput'),
    speakers: canChooseSpeaker() ? of('audiooutput') : null,
  }
}

/** Android has the method and does nothing; iOS has one route for all. */
function canChooseSpeaker(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype && !/Android|iPhone|iPad/.test(navigator.userAgent) && !isIpadAsMac()
}

function isIpadAsMac(): boolean {
  return navigator.userAgent.includes('Macintosh') && navigator.maxTouchPoints > 1
}

function watchDevices(listener: () => void): Stop {
  const stop = new AbortController()
  const { signal } = stop
  let timer: ReturnType<typeof setTimeout> | undefined
  const changed = () => {
    clearTimeout(timer)
    timer = setTimeout(listener, settleMs)
  }
  navigator.mediaDevices?.addEventListener('devicechange', changed, { signal })
  document.addEventListener('visibilitychange', () => document.hidden || changed(), { signal })
  let tickAt = Date.now()
  const ticks = setInterval(() => {
    if (Date.now() - tickAt > sleptMs) changed()
    tickAt = Date.now()
  }, tickMs)
  return () => {
    stop.abort()
    clearTimeout(timer)
    clearInterval(ticks)
  }
}

async function permission(kind: Kind): Promise<Permission> {
  try {
    return (await navigator.permissions.query({ name: kind as PermissionName })).state
  } catch {
    // Older browsers do not know the name.
    return 'unknown'
  }
}
