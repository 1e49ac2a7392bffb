import type { StatusMessage } from '@alcove/shared/protocol/peer-messages'
import type { PeerLink, TrackSlot } from '../../ports.ts'
import type { LocalDevice, LocalMediaState } from '../device-check/local-media-state.ts'

export type OwnTracks = { readonly [Slot in TrackSlot]: MediaStreamTrack | null }
export type OwnStatus = Pick<StatusMessage, 'microphone' | 'camera' | 'screen'>

/** What is sent. A muted microphone goes on sending silence; a camera that is off has no track any more. */
export function ownTracks({ microphone, camera, screen }: LocalMediaState): OwnTracks {
  return {
    microphone: microphone.kind === 'live' ? microphone.track : null,
    camera: camera.kind === 'live' && camera.enabled ? camera.track : null,
    screen,
  }
}

/** What the others are told about it. */
export function ownStatus({ microphone, camera, screen }: LocalMediaState): OwnStatus {
  return { microphone: wordFor(microphone), camera: wordFor(camera), screen: screen !== null }
}

function wordFor(device: LocalDevice): OwnStatus['camera'] {
  if (device.kind !== 'live') return 'none'
  return device.enabled && !device.interrupted ? 'on' : 'off'
}

export const noTracks: OwnTracks = { microphone: null, camera: null, screen: null }

export function putTracks(link: Pick<PeerLink, 'setTrack'>, tracks: OwnTracks): void {
  link.setTrack('microphone', tracks.microphone)
  link.setTrack('camera', tracks.camera)
  link.setTrack('screen', tracks.screen)
}
