import { scaleDownBy } from '@alcove/shared/call/quality'
import type { IceServer } from '@alcove/shared/protocol/session-messages'
import type { TrackSlot } from '../../ports.ts'

/** Always these three, in this order, so that both sides' media sections are the same for good. */
export const slots: readonly TrackSlot[] = ['microphone', 'camera', 'screen']

export type Tracks = { readonly [Slot in TrackSlot]: MediaStreamTrack | null }
export type Transceivers = { readonly [Slot in TrackSlot]: RTCRtpTransceiver }

/** Only the servers that are given: none means that nobody but the peer is ever contacted. */
export function configurationOf(iceServers: readonly IceServer[]): RTCConfiguration {
  return {
    iceServers: iceServers.map(({ urls, username, credential }) => ({
      urls: [...urls],
      ...(username === undefined ? {} : { username }),
      ...(credential === undefined ? {} : { credential }),
    })),
    bundlePolicy: 'max-bundle',
  }
}

/** Offering side: makes the three. They send and receive for good; what flows is decided by the tracks alone. */
export function addTransceivers(connection: RTCPeerConnection): Transceivers {
  const [microphone, camera, screen] = slots.map((slot) =>
    connection.addTransceiver(slot === 'microphone' ? 'audio' : 'video', { direction: 'sendrecv' }),
  )
  if (!microphone || !camera || !screen) throw new Error('The browser made no transceivers')
  return { microphone, camera, screen }
}

/** Answering side: takes the three that the offer made; null when the offer is another program's. */
export function adoptTransceivers(connection: RTCPeerConnection): Transceivers | null {
  const [microphone, camera, screen, ...rest] = connection.getTransceivers()
  if (!microphone || !camera || !screen || rest.length > 0) return null
  const kinds = [microphone, camera, screen].map((transceiver) => transceiver.receiver.track.kind).join()
  if (kinds !== 'audio,video,video') return null
  for (const transceiver of [microphone, camera, screen]) transceiver.direction = 'sendrecv'
  return { microphone, camera, screen }
}

export function sendTrack(transceivers: Transceivers, slot: TrackSlot, track: MediaStreamTrack | null): void {
  const { sender } = transceivers[slot]
  if (sender.track === track) return
  // Letters on a shared screen have to stay sharp, whatever happens to the rate. Firefox has no such hint.
  if (slot === 'screen' && track && 'contentHint' in track) track.contentHint = 'detail'
  // Rejects when the connection was closed meanwhile; the next one gets the track anew.
  void sender.replaceTrack(track).catch(() => {})
}

/** Sound before pictures where the way is narrow, and a camera no larger than the limit. Needs no negotiation. */
export async function shapeSending({ microphone, camera }: Transceivers, heightLimit: number | null): Promise<void> {
  const scale = scaleDownBy(camera.sender.track?.getSettings().height, heightLimit)
  await Promise.all([
    changeEncoding(microphone.sender, { priority: 'high', networkPriority: 'high' }),
    changeEncoding(camera.sender, { scaleResolutionDownBy: scale }),
  ])
}

async function changeEncoding(sender: RTCRtpSender, change: RTCRtpEncodingParameters): Promise<void> {
  const parameters = sender.getParameters()
  const encoding = parameters.encodings?.[0]
  if (!encoding) return
  const fields = Object.keys(change) as (keyof RTCRtpEncodingParameters)[]
  if (fields.every((field) => encoding[field] === change[field])) return
  Object.assign(encoding, change)
  // Refused while a description is being applied; it is called again when that is done.
  await sender.setParameters(parameters).catch(() => {})
}

/** Puts this connection's incoming tracks into streams that outlive it. */
export function showTracks({ microphone, camera, screen }: Transceivers, main: MediaStream, screenStream: MediaStream): void {
  replaceTracks(main, [microphone.receiver.track, camera.receiver.track])
  replaceTracks(screenStream, [screen.receiver.track])
}

function replaceTracks(stream: MediaStream, tracks: readonly MediaStreamTrack[]): void {
  for (const track of stream.getTracks()) if (!tracks.includes(track)) stream.removeTrack(track)
  for (const track of tracks) stream.addTrack(track)
}

/** A number that grows while anything at all comes in from the peer: media, messages or ICE's own checks. */
export async function inboundActivity(connection: RTCPeerConnection): Promise<number> {
  let sum = 0
  for (const stats of (await connection.getStats()).values()) {
    if (stats.type !== 'candidate-pair') continue
    for (const name of ['bytesReceived', 'responsesReceived', 'requestsReceived']) {
      const value: unknown = stats[name]
      if (typeof value === 'number') sum += value
    }
  }
  return sum
}
