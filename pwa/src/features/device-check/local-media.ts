import { defaultDevice, resolveDevice } from '@alcove/shared/domain/device-choice'
import type { Clock, Media, MediaGrant, Preferences, Sound, Stop } from '../../ports.ts'
import type { MediaCare, MediaInside } from './media-care.ts'
import { type CapturedKind as Kind, capturedKinds as kinds, mayHeal } from './media-kinds.ts'
import type { LocalDevice, LocalMedia, LocalMediaState } from './local-media-state.ts'
import { createRememberedDevices } from './remembered-devices.ts'

/** Nothing says that a permission has changed (Safari), or that another program let a camera go: it is tried. */
const healMs = 2000
/** A track is mute for a moment when it begins, and when it changes hands. */
const interruptedMs = 2000

export type LocalMediaDeps = {
  readonly media: Media
  readonly sound: Pick<Sound, 'useSpeaker'>
  readonly preferences: Preferences
  readonly clock: Clock
  /** iOS: a second capture of the same kind silences the first (C10), so the old one goes before the new one comes. */
  readonly oneCapture: boolean
  /** What is needed once something goes wrong, is plugged in or is chosen. */
  readonly loadCare: () => Promise<(inside: MediaInside) => MediaCare>
}

export function createLocalMedia({ media, sound, preferences, clock, oneCapture, loadCare }: LocalMediaDeps): LocalMedia {
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
  /** Raised by close(): whatever was still being opened then is released, and what was still to be opened is not. */
  let life = 0
  /** The life in which what is being done now was asked for. */
  let askedIn = 0
  let stopWatching: Stop | null = null
  let stopHealing: Stop | null = null

  function set(change: Partial<LocalMediaState>): void {
    state = { ...state, ...change }
    healSoon()
    for (const listener of [...listeners]) listener(state)
  }
  const setDevice = (kind: Kind, device: LocalDevice) => set(kind === 'camera' ? { camera: device } : { microphone: device })
  const setChosen = (kind: Kind, id: string) => set(kind === 'camera' ? { chosenCamera: id } : { chosenMicrophone: id })
  const chosen = (kind: Kind) => (kind === 'camera' ? state.chosenCamera : state.chosenMicrophone)
  const present = (kind: Kind) => (kind === 'camera' ? state.devices.cameras : state.devices.microphones)

  /** One thing at a time: a switch waits for the opening before it. */
  let queue: Promise<unknown> = Promise.resolve()
  function inTurn(job: () => Promise<void>): Promise<void> {
    const born = life
    const turn = queue.then(() => {
      if (born !== life) return
      askedIn = born
      return job()
    })
    queue = turn.catch(() => undefined)
    return turn
  }

  /** Opens these kinds with one prompt. A remembered device that is no more gives way to the default one. */
  async function ask(wanted: readonly Kind[], deviceOf: (kind: Kind) => string): Promise<MediaGrant | null> {
    const born = askedIn
    if (born !== life) return null
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
    const watchSilence = () => clock.after(interruptedMs, () => track.muted && withCare((care) => care.wentSilent(kind, track)))
    track.addEventListener('ended', () => withCare((care) => care.ended(kind, track)))
    track.addEventListener('mute', watchSilence)
    track.addEventListener('unmute', () => withCare((care) => care.cameBack(kind, track)))
    setDevice(kind, { kind: 'live', track, enabled: track.enabled })
    if (state.notice?.kind === 'lost' && state.notice.what === kind) set({ notice: null })
    if (track.muted) watchSilence()
  }

  /** Names are there only after a permission; then a device whose id has changed is found by its name. */
  async function refresh(): Promise<void> {
    set({ devices: await media.list() })
    for (const kind of kinds) {
      const wanted = resolveDevice(remembered.get(kind), present(kind))
      if (wanted !== defaultDevice && wanted !== chosen(kind) && state[kind].kind === 'live')
        await (await careIfOpen())?.switchTo(kind, wanted)
    }
  }

  // --- plugged in, unplugged, allowed elsewhere ---------------------------------------------------------------------

  function watch(): void {
    stopWatching ??= media.watchDevices(() => withCare((care) => care.devicesChanged()))
  }

  /** C4: whoever mends it elsewhere need not come back and press a button. */
  function healSoon(): void {
    if (kinds.some((kind) => mayHeal(state[kind]))) stopHealing ??= clock.every(healMs, () => withCare((care) => care.heal()))
    else {
      stopHealing?.()
      stopHealing = null
    }
  }

  let care: Promise<MediaCare | null> | null = null
  /** Null when it could not be fetched; that is tried again with the next event. */
  function careNow(): Promise<MediaCare | null> {
    care ??= loadCare().then(
      (create) => create(inside),
      () => {
        care = null
        return null
      },
    )
    return care
  }
  /** Null, too, when everything was closed while it was fetched. */
  async function careIfOpen(): Promise<MediaCare | null> {
    const loaded = await careNow()
    return askedIn === life ? loaded : null
  }
  const withCare = (run: (care: MediaCare) => void | Promise<void>) =>
    inTurn(async () => {
      const loaded = await careIfOpen()
      if (loaded) await run(loaded)
    })

  const microphoneTrack = () => (state.microphone.kind === 'live' ? state.microphone.track : null)

  const inside: MediaInside = {
    media,
    remembered,
    oneCapture,
    state: () => state,
    set,
    ask,
    settle,
    refresh,
    openMissing,
    adopt,
    sound,
    clock,
  }

  function subscribe(listener: (state: LocalMediaState) => void): Stop {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return {
    state: () => state,
    subscribe,
    open: () => inTurn(() => openMissing(kinds.filter((kind) => state[kind].kind !== 'live'))),
    chooseCamera: (deviceId) => withCare((care) => care.choose('camera', deviceId)),
    chooseMicrophone: (deviceId) => withCare((care) => care.choose('microphone', deviceId)),
    chooseSpeaker: (deviceId) => withCare((care) => care.chooseSpeaker(deviceId)),
    restore: (what) => withCare((care) => care.restore(what)),
    toggleCamera: () =>
      inTurn(async () => {
        const { camera } = state
        if (camera.kind !== 'live') return openMissing(['camera'])
        if (camera.enabled) {
          camera.track.stop()
          if (state.notice?.kind === 'interrupted' && state.notice.what === 'camera') set({ notice: null })
          return setDevice('camera', { kind: 'live', track: camera.track, enabled: false })
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
