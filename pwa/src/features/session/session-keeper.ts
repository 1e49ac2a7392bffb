import type { Clock, Page, Stop } from '../../ports.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import type { ClinicianRoom, ClinicianRoomState } from './room-state.ts'

/** An end that is followed by the next session keeps camera and microphone: nobody's light blinks. */
const releaseMs = 500

export type SessionKeeperDeps = {
  readonly room: Pick<ClinicianRoom, 'state' | 'subscribe'>
  readonly media: Pick<LocalMedia, 'state' | 'open' | 'close'>
  readonly page: Pick<Page, 'keepAwake' | 'holdPage'>
  readonly clock: Pick<Clock, 'after'>
}

/**
 * What a running session needs of the clinician's device, whichever page is on the screen: awake, not left by mistake,
 * camera and microphone open (also after a reload and after a restart), and released when it is over.
 */
export function createSessionKeeper({ room, media, page, clock }: SessionKeeperDeps): Stop {
  let kept: readonly Stop[] = []
  let kind: ClinicianRoomState['session']['kind'] = 'none'
  let cancelRelease: Stop | null = null

  function follow(state: ClinicianRoomState) {
    const now = state.elsewhere ? 'none' : state.session.kind
    if (now === kind) return
    const before = kind
    kind = now
    cancelRelease?.()
    cancelRelease = null
    if (now === 'running') begin()
    else finish(before)
  }

  function begin() {
    kept = [page.keepAwake(), page.holdPage()]
    const { camera, microphone } = media.state()
    if (camera.kind === 'not-asked' || microphone.kind === 'not-asked') void media.open()
  }

  function finish(before: typeof kind) {
    for (const stop of kept) stop()
    kept = []
    if (before !== 'none') cancelRelease = clock.after(releaseMs, () => media.close())
  }

  const stopRoom = room.subscribe(follow)
  follow(room.state())
  return () => {
    stopRoom()
    cancelRelease?.()
    for (const stop of kept) stop()
    kept = []
  }
}
