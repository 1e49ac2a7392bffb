import {
  type BackgroundChoice,
  mayUseBackgrounds,
  noBackground,
  readBackgroundChoice,
  writeBackgroundChoice,
} from '@alcove/shared/domain/background'
import type { BlankTrack } from '../../background-ports.ts'
import type { Page, PracticeRepository, Preferences } from '../../ports.ts'
import type { LocalDevice, LocalMedia, LocalMediaState } from '../device-check/local-media-state.ts'
import type { BackgroundControl, BackgroundState } from './background-control.ts'
import { createProcessing, isSameChoice, type ProcessingDeps } from './processing.ts'

const preference = 'background'

export type CameraWithBackgroundDeps = Omit<ProcessingDeps, 'changed'> & {
  readonly practice: Pick<PracticeRepository, 'watch'>
  readonly preferences: Preferences
  readonly page: Pick<Page, 'watchOnline'>
  /** The system blurs this camera's picture already. */
  readonly alreadyBlurred: (camera: MediaStreamTrack) => boolean
  readonly blank: () => BlankTrack
}

/** `unknown` until the practice is read. `lapsing`: the practice lost it while a background was in force. */
type Right = 'unknown' | 'yes' | 'lapsing' | 'no'
type Live = Extract<LocalDevice, { kind: 'live' }>

/**
 * The same devices, but what is shown of the camera is the processed track, from the very tick in which a background is chosen; black
 * until there is one. The camera's own track stays in here. Everybody else has LocalMedia as it was, and knows of none of this.
 */
export function createCameraWithBackground(
  inner: LocalMedia,
  deps: CameraWithBackgroundDeps,
): LocalMedia & { readonly background: BackgroundControl } {
  const { preferences, alreadyBlurred } = deps
  const mediaListeners = new Set<(state: LocalMediaState) => void>()
  const listeners = new Set<(state: BackgroundState) => void>()
  const processing = createProcessing({ ...deps, changed: tell })
  let right: Right = 'unknown'
  let chosen: BackgroundChoice = readBackgroundChoice(preferences.get(preference)) ?? noBackground
  /** What a cancelled choice goes back to: what was remembered, or worked last. */
  let settled: BackgroundChoice = chosen
  /** The camera as it was looked at last. */
  let seen: MediaStreamTrack | null = null
  /** Blurred by the system since it was opened, or since blur was chosen: only then its own track may stand for a blurred one. */
  let blurredBySystem: MediaStreamTrack | null = null
  let blank: BlankTrack | null = null
  /** The last of the camera's own tracks that was in other hands. */
  let handedOut: MediaStreamTrack | null = null
  /** Stands for a camera that is off. */
  let nothing: MediaStreamTrack | null = null
  let exposed: { readonly of: LocalMediaState; readonly state: LocalMediaState; readonly track: MediaStreamTrack } | null = null
  let told = ''
  let toldMedia = inner.state()

  const inForce = () => chosen.kind !== 'none' && right !== 'no'
  const isBlurredBySystem = (track: MediaStreamTrack) => chosen.kind === 'blur' && blurredBySystem === track && alreadyBlurred(track)
  const mayBeSeen = ({ track, enabled }: Live) => !inForce() || (enabled && isBlurredBySystem(track))

  /** The camera that is on, whether it may be seen or not. */
  function camera(): MediaStreamTrack | null {
    const device = inner.state().camera
    return device.kind === 'live' && device.enabled && device.track.readyState === 'live' ? device.track : null
  }

  /** From Welcome! to the end of the session, with a camera or without one. */
  const areDevicesOpen = () => inner.state().microphone.kind !== 'not-asked' || camera() !== null

  // --- what everybody sees ------------------------------------------------------------------------------------------

  function cover(enabled: boolean): MediaStreamTrack {
    if (!enabled) {
      nothing ??= endedTrack(deps.blank())
      return nothing
    }
    const track = processing.track()
    if (track) return track
    blank ??= deps.blank()
    return blank.track
  }

  function state(): LocalMediaState {
    const now = inner.state()
    const device = now.camera
    if (device.kind !== 'live' || mayBeSeen(device)) return now
    const track = cover(device.enabled)
    if (exposed?.of === now && exposed.track === track) return exposed.state
    const same = exposed?.of.camera === device && exposed.track === track
    exposed = { of: now, track, state: { ...now, camera: same && exposed ? exposed.state.camera : { ...device, track } } }
    return exposed.state
  }

  function backgroundState(): BackgroundState {
    const track = camera()
    return {
      chosen: right === 'no' ? noBackground : chosen,
      phase: processing.phase(),
      keepsUp: processing.keepsUp(),
      canCancel: canCancel(),
      isCameraOn: track !== null,
      alreadyBlurred: track !== null && alreadyBlurred(track),
      endsWithSession: right === 'lapsing',
    }
  }

  function canCancel(): boolean {
    const { kind } = processing.phase()
    return (kind === 'loading' || kind === 'starting') && !isSameChoice(settled, chosen)
  }

  /** Whoever had the camera's own track gives it back when the browser comes to it: until then, as far as that can be, it is black. */
  function darken(): void {
    const device = inner.state().camera
    if (device.kind !== 'live') return
    const { track } = device
    if (mayBeSeen(device)) {
      handedOut = track
      track.enabled = true
    } else if (handedOut === track) track.enabled = processing.needsPictures()
  }

  function tell(): void {
    if (processing.phase().kind === 'on') settled = chosen
    darken()
    // Not for every byte that is fetched. Each gets what is true by then: one of them may have chosen another background.
    if (state() !== toldMedia) {
      toldMedia = state()
      for (const listener of [...mediaListeners]) listener(state())
    }
    const now = JSON.stringify(backgroundState())
    if (now !== told) {
      told = now
      for (const listener of [...listeners]) listener(backgroundState())
    }
    // Only now: whoever showed it shows something else.
    const { camera: device } = state()
    if (device.kind === 'live' && device.track === blank?.track) return
    blank?.stop()
    blank = null
  }

  // --- what is done for it ------------------------------------------------------------------------------------------

  /** Brings the processing into line with camera, choice and right, and tells everybody. */
  function follow(): void {
    const track = camera()
    if (track !== seen) {
      seen?.removeEventListener('configurationchange', follow)
      track?.addEventListener('configurationchange', follow)
      seen = track
      blurredBySystem = track && alreadyBlurred(track) ? track : null
    }
    // To switch it off is the person's own deed; what comes back later is not believed before the camera is opened anew.
    if (blurredBySystem && !alreadyBlurred(blurredBySystem)) blurredBySystem = null
    const isLeftToSystem = inForce() && track !== null && isBlurredBySystem(track)
    if (isLeftToSystem) settled = chosen
    if (!inForce() || isLeftToSystem) processing.stop()
    else if (right !== 'unknown') processing.run(chosen, track)
    tell()
  }

  function choose(next: BackgroundChoice): void {
    if (right === 'no') return
    chosen = next
    processing.forgive()
    preferences.set(preference, writeBackgroundChoice(next))
    if (next.kind === 'none') settled = next
    if (seen) blurredBySystem = alreadyBlurred(seen) ? seen : null
    if (right === 'lapsing' && next.kind === 'none') right = 'no'
    follow()
    fetchAhead()
  }

  /** Another tab may have chosen since. What is in force while the devices are open is this tab's own. */
  function recall(): void {
    const remembered = readBackgroundChoice(preferences.get(preference))
    if (!remembered || areDevicesOpen() || right === 'lapsing' || isSameChoice(remembered, chosen)) return
    chosen = remembered
    settled = remembered
    follow()
  }

  /** While the camera is not there yet, or off: it shall not take long then. */
  function fetchAhead(): void {
    if (inForce() && right !== 'unknown' && processing.track() === null && camera() === null) processing.fetchAhead()
  }

  deps.practice.watch((practice) => {
    if (!practice) return
    const isPremium = mayUseBackgrounds(practice.practice.telehealth)
    const mayLapse = right !== 'unknown' && right !== 'no' && chosen.kind !== 'none' && areDevicesOpen()
    const next = isPremium ? 'yes' : mayLapse ? 'lapsing' : 'no'
    if (next === right) return
    right = next
    follow()
  })
  deps.page.watchOnline((online) => {
    const phase = processing.phase()
    if (!online || phase.kind !== 'failed' || phase.problem !== 'not-fetched') return
    processing.forgive()
    follow()
  })
  inner.subscribe(follow)
  follow()

  return {
    ...inner,
    state,
    subscribe(listener) {
      mediaListeners.add(listener)
      return () => mediaListeners.delete(listener)
    },
    open() {
      recall()
      const opening = inner.open()
      fetchAhead()
      return opening
    },
    close() {
      inner.close()
      if (right === 'lapsing') right = 'no'
      processing.rest()
      follow()
    },
    background: {
      state: backgroundState,
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      support: deps.support,
      choose,
      cancel() {
        if (canCancel()) choose(settled)
      },
      reportLoad: processing.reportLoad,
    },
  }
}

function endedTrack(blank: BlankTrack): MediaStreamTrack {
  blank.stop()
  return blank.track
}
