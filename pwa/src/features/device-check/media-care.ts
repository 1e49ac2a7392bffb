import type { MediaProblem } from '@alcove/shared/domain/device-check'
import { defaultDevice, deviceChange, type KnownDevice, resolveDevice } from '@alcove/shared/domain/device-choice'
import type { Clock, Media, MediaGrant, Sound } from '../../ports.ts'
import type { LocalDevice, LocalMediaState } from './local-media-state.ts'
import { type CapturedKind as Kind, capturedKinds as kinds, mayHeal } from './media-kinds.ts'
import type { RememberedDevices } from './remembered-devices.ts'

/** The old device is released only after everybody has taken the new one: no gap in the other's sound. */
const handOverMs = 1000
/** What the care has of local-media.ts. */
export type MediaInside = {
  readonly media: Pick<Media, 'list' | 'permission'>
  readonly remembered: RememberedDevices
  readonly oneCapture: boolean
  state(): LocalMediaState
  set(change: Partial<LocalMediaState>): void
  /** Null when everything was closed meanwhile. */
  ask(wanted: readonly Kind[], deviceOf: (kind: Kind) => string): Promise<MediaGrant | null>
  settle(kind: Kind, grant: MediaGrant): void
  refresh(): Promise<void>
  openMissing(wanted: readonly Kind[]): Promise<void>
  adopt(kind: Kind, track: MediaStreamTrack): void
  readonly sound: Pick<Sound, 'useSpeaker'>
  readonly clock: Pick<Clock, 'after'>
}

export type MediaCare = {
  /** By the person; remembered when it works. */
  choose(kind: Kind, deviceId: string): Promise<void>
  chooseSpeaker(deviceId: string): Promise<void>
  /** @returns why it does not work; then the one before stays. */
  switchTo(kind: Kind, deviceId: string): Promise<MediaProblem | null>
  /** Unplugged, taken by another program, or its permission was taken away. */
  ended(kind: Kind, lost: MediaStreamTrack): Promise<void>
  /** Mute for a while, and not by its owner: a phone call, sleep. */
  wentSilent(kind: Kind, track: MediaStreamTrack): void
  cameBack(kind: Kind, track: MediaStreamTrack): Promise<void>
  /** Opens the device in use anew. */
  restore(kind: Kind): Promise<void>
  /** Plugged in, unplugged, or unseen for a while. */
  devicesChanged(): Promise<void>
  /** Tries what may have been mended elsewhere: only what the browser allows without a question. */
  heal(): Promise<void>
}

const isInterrupted = (device: LocalDevice) => device.kind === 'live' && device.interrupted === true

/** Goes on with what there is when devices come and go, and back to the chosen one when it returns. */
export function createMediaCare(inside: MediaInside): MediaCare {
  const { media, remembered, oneCapture, state, set, ask, settle } = inside
  const setDevice = (kind: Kind, device: LocalDevice) => set(kind === 'camera' ? { camera: device } : { microphone: device })
  const setChosen = (kind: Kind, id: string) => set(kind === 'camera' ? { chosenCamera: id } : { chosenMicrophone: id })
  const chosen = (kind: Kind) => (kind === 'camera' ? state().chosenCamera : state().chosenMicrophone)
  const present = (kind: Kind) => (kind === 'camera' ? state().devices.cameras : state().devices.microphones)

  async function switchTo(kind: Kind, deviceId: string): Promise<MediaProblem | null> {
    const before = state()[kind]
    const previous = chosen(kind)
    setChosen(kind, deviceId)
    if (before.kind !== 'live') {
      setDevice(kind, { kind: 'asking' })
      const grant = await ask([kind], () => deviceId)
      if (grant) settle(kind, grant)
      return null
    }
    if (kind === 'camera' && !before.enabled) return null
    if (oneCapture) before.track.stop()
    const grant = await ask([kind], () => deviceId)
    const answer = grant?.[kind]
    if (!answer) return null
    if (answer.ok) {
      inside.adopt(kind, answer.value)
      if (!oneCapture) inside.clock.after(handOverMs, () => before.track.stop())
      return null
    }
    setChosen(kind, previous)
    if (oneCapture) {
      const back = await ask([kind], () => previous)
      if (back) settle(kind, back)
    }
    return answer.error
  }

  async function choose(kind: Kind, deviceId: string): Promise<void> {
    if (state().notice?.what === kind) set({ notice: null })
    const device = present(kind).find((one) => one.deviceId === deviceId) ?? null
    const problem = await switchTo(kind, deviceId)
    if (problem) set({ notice: { kind: 'not-switched', what: kind, problem } })
    else remembered.set(kind, device)
  }

  async function useSpeaker(deviceId: string): Promise<void> {
    set({ chosenSpeaker: deviceId })
    await inside.sound.useSpeaker(deviceId)
  }

  function forgetInterruption(kind: Kind): void {
    const { notice } = state()
    if (notice?.kind !== 'interrupted' || notice.what !== kind) return
    // A phone call takes both; what is still taken is still said.
    const other = kinds.find((one) => one !== kind && isInterrupted(state()[one]))
    set({ notice: other ? { kind: 'interrupted', what: other } : null })
  }

  async function restore(kind: Kind): Promise<void> {
    const device = state()[kind]
    if (device.kind !== 'live' || !(device.enabled || kind === 'microphone')) return
    device.track.stop()
    const grant = await ask([kind], () => chosen(kind))
    if (!grant) return
    forgetInterruption(kind)
    settle(kind, grant)
  }

  async function ended(kind: Kind, lost: MediaStreamTrack): Promise<void> {
    const device = state()[kind]
    if (device.kind !== 'live' || device.track !== lost || (kind === 'camera' && !device.enabled)) return
    lost.stop()
    const { deviceId } = lost.getSettings()
    set({ devices: await media.list() })
    const isThere = chosen(kind) !== defaultDevice && present(kind).some((one) => one.deviceId === deviceId)
    if (!isThere) setChosen(kind, defaultDevice)
    const grant = await ask([kind], () => chosen(kind))
    if (!grant) return
    forgetInterruption(kind)
    settle(kind, grant)
    const now = state()[kind]
    if (now.kind === 'problem') set({ notice: { kind: 'lost', what: kind, problem: now.problem } })
    else if (now.kind === 'live' && now.track.label !== lost.label) {
      set({ notice: { kind: 'fell-back', what: kind, to: now.track.label } })
    }
    set({ devices: await media.list() })
  }

  function wentSilent(kind: Kind, track: MediaStreamTrack): void {
    const device = state()[kind]
    if (device.kind !== 'live' || device.track !== track || !track.muted || track.readyState === 'ended') return
    setDevice(kind, { ...device, interrupted: true })
    set({ notice: { kind: 'interrupted', what: kind } })
  }

  async function cameBack(kind: Kind, track: MediaStreamTrack): Promise<void> {
    const device = state()[kind]
    if (device.kind !== 'live' || device.track !== track || !device.interrupted) return
    forgetInterruption(kind)
    // iOS says that it is back while nothing comes any more.
    if (oneCapture) await restore(kind)
    else setDevice(kind, { kind: 'live', track, enabled: device.enabled })
  }

  async function deviceChanged(kind: Kind, before: readonly KnownDevice[]): Promise<void> {
    const device = state()[kind]
    if (device.kind === 'problem') {
      const more = present(kind).length > before.length
      if (more && (device.problem === 'not-found' || device.problem === 'in-use')) await inside.openMissing([kind])
      return
    }
    if (device.kind !== 'live') return
    // After sleep a track may have ended, or gone mute, without a word.
    if (device.track.readyState === 'ended') return ended(kind, device.track)
    if (device.interrupted && oneCapture) return restore(kind)
    const change = deviceChange({
      what: kind,
      inUse: device.track.getSettings().deviceId ?? null,
      wanted: remembered.get(kind),
      before,
      after: present(kind),
    })
    if (change.kind === 'lost') await ended(kind, device.track)
    else if (change.kind === 'appeared') set({ notice: { kind: 'appeared', what: kind, device: change.device } })
    else if (change.kind === 'returned' && !(await switchTo(kind, change.device.deviceId))) {
      set({ notice: { kind: 'returned', what: kind, to: change.device.label } })
    }
  }

  return {
    choose,
    async chooseSpeaker(deviceId) {
      remembered.set('speaker', state().devices.speakers?.find((one) => one.deviceId === deviceId) ?? null)
      await useSpeaker(deviceId)
    },
    switchTo,
    ended,
    wentSilent,
    cameBack,
    restore,
    async devicesChanged() {
      const before = { camera: present('camera'), microphone: present('microphone') }
      set({ devices: await media.list() })
      for (const kind of kinds) await deviceChanged(kind, before[kind])
      const speakers = state().devices.speakers ?? []
      const speaker = resolveDevice(remembered.get('speaker'), speakers)
      if (speakers.length > 0 && speaker !== state().chosenSpeaker) await useSpeaker(speaker)
    },
    async heal() {
      for (const kind of kinds) {
        if (!mayHeal(state()[kind]) || (await media.permission(kind)) !== 'granted') continue
        const grant = await ask([kind], () => resolveDevice(remembered.get(kind), present(kind)))
        const answer = grant?.[kind]
        const device = state()[kind]
        // What stays as it was is not said again.
        if (!grant || (answer && !answer.ok && device.kind === 'problem' && device.problem === answer.error)) continue
        settle(kind, grant)
        await inside.refresh()
      }
    },
  }
}
