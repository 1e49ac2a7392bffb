import type { MediaProblem } from '@alcove/shared/domain/device-check'
import { err, ok } from '@alcove/shared/domain/result'
import type { Clock, Media, MediaDevice, MediaDeviceList, MediaRequest, Preferences } from '../../../pwa/src/ports.ts'

export class FakeTrack extends EventTarget {
  enabled = true
  readyState: 'live' | 'ended' = 'live'
  muted = false
  constructor(
    readonly kind: 'video' | 'audio',
    readonly label: string,
    readonly deviceId: string,
  ) {
    super()
  }
  stop() {
    this.readyState = 'ended'
  }
  /** As when it is unplugged. */
  end() {
    this.readyState = 'ended'
    this.dispatchEvent(new Event('ended'))
  }
  /** As when a phone call takes it, and gives it back. */
  interrupt(muted: boolean) {
    this.muted = muted
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'))
  }
  getSettings() {
    return { deviceId: this.deviceId }
  }
}

export const camera: MediaDevice = { deviceId: 'cam', label: 'Built-in camera' }
export const webcam: MediaDevice = { deviceId: 'webcam', label: 'Webcam' }
export const microphone: MediaDevice = { deviceId: 'mic', label: 'Built-in microphone' }
export const desk: MediaDevice = { deviceId: 'desk', label: 'Desk microphone' }
export const headset: MediaDevice = { deviceId: 'headset', label: 'Headset' }

/** A computer with devices that can be plugged in, refused and taken by others. */
export function createComputer() {
  const tracks: FakeTrack[] = []
  const requests: MediaRequest[] = []
  const problems = new Map<string, MediaProblem>()
  const permissions = { camera: 'granted', microphone: 'granted' } as Record<'camera' | 'microphone', 'granted' | 'denied' | 'prompt'>
  let cameras = [camera]
  let microphones = [microphone]
  let changed: () => void = () => undefined
  let answer: Promise<void> = Promise.resolve()

  function openOne(kind: 'camera' | 'microphone', deviceId: string | null) {
    if (deviceId === null) return null
    const present = kind === 'camera' ? cameras : microphones
    const device = deviceId === 'default' ? present[0] : present.find((one) => one.deviceId === deviceId)
    const problem = problems.get(kind) ?? (device && problems.get(device.deviceId))
    if (problem) return err(problem)
    if (!device) return err<MediaProblem>(deviceId === 'default' ? 'not-found' : 'over-constrained')
    const track = new FakeTrack(kind === 'camera' ? 'video' : 'audio', device.label, device.deviceId)
    tracks.push(track)
    return ok(track as unknown as MediaStreamTrack)
  }

  const media: Media = {
    async open(request) {
      requests.push(request)
      await answer
      return { camera: openOne('camera', request.camera), microphone: openOne('microphone', request.microphone) }
    },
    openScreen: async () => {
      const track = new FakeTrack('video', 'Screen', 'screen')
      tracks.push(track)
      return ok(track as unknown as MediaStreamTrack)
    },
    list: async (): Promise<MediaDeviceList> => ({ cameras, microphones, speakers: [] }),
    watchDevices(listener) {
      changed = listener
      return () => {
        changed = () => undefined
      }
    },
    meter(track, listener) {
      listener((track as unknown as FakeTrack).deviceId === 'headset' ? 0.7 : 0.4)
      return () => undefined
    },
    permission: async (kind) => permissions[kind],
  }
  return {
    media,
    tracks,
    requests,
    problems,
    permissions,
    live: () => tracks.filter((track) => track.readyState === 'live').map((track) => track.deviceId),
    plug(next: { cameras?: MediaDevice[]; microphones?: MediaDevice[] }) {
      cameras = next.cameras ?? cameras
      microphones = next.microphones ?? microphones
      changed()
    },
    /** Awake again after a sleep, or looked at again: nothing says what happened meanwhile. */
    wake: () => changed(),
    /** Until the returned function is called, the browser's question stands unanswered. */
    hold() {
      let release: () => void = () => undefined
      answer = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
  }
}

/** Timers run when told. */
export function createHandClock() {
  const once = new Set<() => void>()
  const repeated = new Set<() => void>()
  const clock: Clock = {
    now: () => 0,
    after(_delayMs, run) {
      once.add(run)
      return () => once.delete(run)
    },
    every(_intervalMs, run) {
      repeated.add(run)
      return () => repeated.delete(run)
    },
  }
  return {
    clock,
    runOnce() {
      for (const run of [...once]) run()
      once.clear()
    },
    runRepeated() {
      for (const run of [...repeated]) run()
    },
    repeatedCount: () => repeated.size,
  }
}

export function createMemory(): Preferences {
  const values = new Map<string, string>()
  return { get: (name: string) => values.get(name) ?? null, set: (name: string, value: string) => void values.set(name, value) }
}
