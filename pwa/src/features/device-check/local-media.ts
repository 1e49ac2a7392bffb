import type { MediaProblem } from '@alcove/shared/domain/device-check'
import { defaultDevice, deviceChange, type KnownDevice, resolveDevice } from '@alcove/shared/domain/device-choice'
import type { Clock, Media, MediaGrant, Preferences, Sound, Stop } from '../../ports.ts'
import type { DeviceNotice, LocalDevice, LocalMedia, LocalMediaState } from './local-media-state.ts'
import { createRememberedDevices } from './remembered-devices.ts'

type Kind = 'camera' | 'microphone'
const kinds: readonly Kind[] = ['camera', 'microphone']

/** The old device is released only after everybody has taken the new one: no gap in the other's sound. */
const handOverMs = 1000
/** Safari never says that a permission has changed, so it is asked. */
const permissionPollMs = 2000

export type LocalMediaDeps = {
  readonly media: Media
  readonly sound: Pick<Sound, 'useSpeaker'>
  readonly preferences: Preferences
  readonly clock: Clock
  /** iOS: a second capture of the same kind silences the first (C10), so the old one goes before the new one comes. */
  readonly oneCapture: boolean
}

export function createLocalMedia({ media, sound, preferences, clock, oneCapture }: LocalMediaDeps): LocalMedia {
  const remembered = createRememberedDevices(preferences)
  const listeners = new Set<(state: LocalMediaState) => void>()
  let state: LocalMediaState = {
    camera: { kind: 'not-asked' },
    microphone: { kind: 'not-asked' },
    screen: null,
    devices: { cameras: [], microphones: [], speakers: null },
    chosenCamera: remembered.get('camera')?.deviceId ?? defaultDevice,
    chosenMicrophone: remembered.get('microphone')?.deviceId ?? defaultDevice,
    chosenSpeaker: remembered.get('speaker')?.deviceId ?? defaultDevice,
    notice: null,
  }
  /** Outlives tracks: a microphone that was muted comes back muted. */
  let muted = false
  /** Raised by close(): whatever was still being opened then is released. */
  let life = 0
  let stopWatching: Stop | null = null
  let stopPolling: Stop | null = null

  function set(change: Partial<LocalMediaState>): void {
    state = { ...state, ...change }
    pollPermissions()
    for (const listener of [...listeners]) listener(state)
  }
  const setDevice = (kind: Kind, device: LocalDevice) => set(kind === 'camera' ? { camera: device } : { microphone: device })
  const setChosen = (kind: Kind, id: string) => set(kind === 'camera' ? { chosenCamera: id } : { chosenMicrophone: id })
  const chosen = (kind: Kind) => (kind === 'camera' ? state.chosenCamera : state.chosenMicrophone)
  const present = (kind: Kind) => (kind === 'camera' ? state.devices.cameras : state.devices.microphones)
  const notify = (notice: DeviceNotice) => set({ notice })

  /** One thing at a time: a switch waits for the opening before it. */
  let queue: Promise<unknown> = Promise.resolve()
  function inTurn(job: () => Promise<void>): Promise<void> {
    const turn = queue.then(job)
    queue = turn.catch(() => undefined)
    return turn
  }

  /** Opens these kinds with one prompt. A remembered device that is no more gives way to the default one. */
  async function ask(wanted: readonly Kind[], deviceOf: (kind: Kind) => string): Promise<MediaGrant | null> {
    const born = life
    const idOf = (kind: Kind) => (wanted.includes(kind) ? deviceOf(kind) : null)
    const grant = { ...(await media.open({ camera: idOf('camera'), microphone: idOf('microphone') })) }
    for (const kind of wanted) {
      const answer = grant[kind]
      const gone = answer && !answer.ok && (answer.error === 'over-constrained' || answer.error === 'not-found')
      if (!gone || idOf(kind) === defaultDevice || born !== life) continue
      const second = await media.open({
        camera: kind === 'camera' ? defaultDevice : null,
        microphone: kind === 'microphone' ? defaultDevice : null,
      })
      grant[kind] = second[kind]
      if (second[kind]?.ok) setChosen(kind, defaultDevice)
    }
    if (born === life) return grant
    for (const kind of wanted) if (grant[kind]?.ok) grant[kind].value.stop()
    return null
  }

  async function openMissing(wanted: readonly Kind[]): Promise<void> {
    if (wanted.length === 0) return
    watch()
    set({
      ...(wanted.includes('camera') ? { camera: { kind: 'asking' } } : {}),
      ...(wanted.includes('microphone') ? { microphone: { kind: 'asking' } } : {}),
    })
    set({ devices: await media.list() })
    const grant = await ask(wanted, (kind) => resolveDevice(remembered.get(kind), present(kind)))
    if (!grant) return
    for (const kind of wanted) settle(kind, grant)
    await refresh()
  }

  function settle(kind: Kind, grant: MediaGrant): void {
    const answer = grant[kind]
    if (!answer) return
    if (answer.ok) adopt(kind, answer.value)
    else setDevice(kind, { kind: 'problem', problem: answer.error })
  }

  function adopt(kind: Kind, track: MediaStreamTrack): void {
    track.enabled = kind === 'camera' || !muted
    track.addEventListener('ended', () => void inTurn(() => recover(kind, track)))
    setDevice(kind, { kind: 'live', track, enabled: track.enabled })
  }

  /** Names are there only after a permission; then a device whose id has changed is found by its name. */
  async function refresh(): Promise<void> {
    set({ devices: await media.list() })
    for (const kind of kinds) {
      const wanted = resolveDevice(remembered.get(kind), present(kind))
      if (wanted !== defaultDevice && wanted !== chosen(kind) && state[kind].kind === 'live') await switchTo(kind, wanted)
    }
  }

  /** The device in use was unplugged, or its permission was taken away. */
  async function recover(kind: Kind, lost: MediaStreamTrack): Promise<void> {
    const device = state[kind]
    if (device.kind !== 'live' || device.track !== lost || (kind === 'camera' && !device.enabled)) return
    lost.stop()
    setChosen(kind, defaultDevice)
    const grant = await ask([kind], () => defaultDevice)
    if (!grant) return
    settle(kind, grant)
    const now = state[kind]
    if (now.kind === 'live') notify({ kind: 'fell-back', what: kind, to: now.track.label })
    set({ devices: await media.list() })
  }

  async function switchTo(kind: Kind, deviceId: string): Promise<MediaProblem | null> {
    const before = state[kind]
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
      adopt(kind, answer.value)
      if (!oneCapture) clock.after(handOverMs, () => before.track.stop())
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
    if (state.notice?.what === kind) set({ notice: null })
    const device = present(kind).find((one) => one.deviceId === deviceId) ?? null
    const problem = await switchTo(kind, deviceId)
    if (problem) notify({ kind: 'not-switched', what: kind, problem })
    else remembered.set(kind, device)
  }

  // --- plugged in, unplugged, allowed elsewhere ---------------------------------------------------------------------

  function watch(): void {
    stopWatching ??= media.watchDevices(() => void inTurn(devicesChanged))
  }

  async function devicesChanged(): Promise<void> {
    const before = { camera: present('camera'), microphone: present('microphone') }
    set({ devices: await media.list() })
    for (const kind of kinds) await deviceChanged(kind, before[kind])
    const speakers = state.devices.speakers ?? []
    const speaker = resolveDevice(remembered.get('speaker'), speakers)
    if (speakers.length > 0 && speaker !== state.chosenSpeaker) await useSpeaker(speaker)
  }

  async function deviceChanged(kind: Kind, before: readonly KnownDevice[]): Promise<void> {
    const device = state[kind]
    if (device.kind === 'problem') {
      const more = present(kind).length > before.length
      if (more && (device.problem === 'not-found' || device.problem === 'in-use')) await openMissing([kind])
      return
    }
    if (device.kind !== 'live') return
    const change = deviceChange({
      inUse: device.track.getSettings().deviceId ?? null,
      wanted: remembered.get(kind),
      before,
      after: present(kind),
    })
    if (change.kind === 'lost') await recover(kind, device.track)
    else if (change.kind === 'appeared') notify({ kind: 'appeared', what: kind, device: change.device })
    else if (change.kind === 'returned' && !(await switchTo(kind, change.device.deviceId))) {
      notify({ kind: 'returned', what: kind, to: change.device.label })
    }
  }

  /** C4: whoever allows the device in the browser's settings need not come back and press a button. */
  function pollPermissions(): void {
    const waiting = kinds.some((kind) => refused(state[kind]))
    if (!waiting) {
      stopPolling?.()
      stopPolling = null
    } else stopPolling ??= clock.every(permissionPollMs, () => void inTurn(reopenAllowed))
  }

  async function reopenAllowed(): Promise<void> {
    const allowed: Kind[] = []
    for (const kind of kinds) if (refused(state[kind]) && (await media.permission(kind)) === 'granted') allowed.push(kind)
    await openMissing(allowed)
  }

  async function useSpeaker(deviceId: string): Promise<void> {
    set({ chosenSpeaker: deviceId })
    await sound.useSpeaker(deviceId)
  }

  const microphoneTrack = () => (state.microphone.kind === 'live' ? state.microphone.track : null)

  function subscribe(listener: (state: LocalMediaState) => void): Stop {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return {
    state: () => state,
    subscribe,
    open: () => inTurn(() => openMissing(kinds.filter((kind) => state[kind].kind !== 'live'))),
    chooseCamera: (deviceId) => inTurn(() => choose('camera', deviceId)),
    chooseMicrophone: (deviceId) => inTurn(() => choose('microphone', deviceId)),
    async chooseSpeaker(deviceId) {
      remembered.set('speaker', state.devices.speakers?.find((one) => one.deviceId === deviceId) ?? null)
      await useSpeaker(deviceId)
    },
    toggleCamera: () =>
      inTurn(async () => {
        const { camera } = state
        if (camera.kind !== 'live') return openMissing(['camera'])
        if (camera.enabled) {
          camera.track.stop()
          return setDevice('camera', { ...camera, enabled: false })
        }
        const grant = await ask(['camera'], () => resolveDevice(remembered.get('camera'), present('camera')))
        if (grant) settle('camera', grant)
      }),
    toggleMicrophone() {
      if (state.microphone.kind !== 'live') return
      muted = !muted
      state.microphone.track.enabled = !muted
      setDevice('microphone', { ...state.microphone, enabled: !muted })
    },
    async startScreen() {
      const born = life
      const answer = await media.openScreen()
      if (!answer.ok) return answer.error
      const track = answer.value
      if (born !== life) {
        track.stop()
        return null
      }
      state.screen?.stop()
      track.addEventListener('ended', () => {
        if (state.screen === track) set({ screen: null })
      })
      set({ screen: track })
      return null
    },
    stopScreen() {
      state.screen?.stop()
      set({ screen: null })
    },
    watchLevel(listener) {
      let metered: MediaStreamTrack | null = null
      let stop: Stop | null = null
      function follow(): void {
        const track = microphoneTrack()
        if (track === metered) return
        stop?.()
        metered = track
        stop = track && media.meter(track, listener)
        if (!track) listener(0)
      }
      const unsubscribe = subscribe(follow)
      follow()
      return () => {
        unsubscribe()
        stop?.()
        stop = null
      }
    },
    dismissNotice: () => set({ notice: null }),
    close() {
      life += 1
      stopWatching?.()
      stopWatching = null
      for (const kind of kinds) {
        const device = state[kind]
        if (device.kind === 'live') device.track.stop()
      }
      state.screen?.stop()
      // A camera that was turned off is still turned off when the devices are opened again.
      const off = state.camera.kind === 'live' && !state.camera.enabled
      set({ ...(off ? {} : { camera: { kind: 'not-asked' } }), microphone: { kind: 'not-asked' }, screen: null, notice: null })
    },
  }
}

function refused(device: LocalDevice): boolean {
  return device.kind === 'problem' && (device.problem === 'denied' || device.problem === 'dismissed')
}
