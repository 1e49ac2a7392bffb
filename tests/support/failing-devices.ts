/**
 * Put into a page before it begins: what no browser lets a test do for real. Each failure is the browser's own exception
 * or event, at `navigator.mediaDevices` and its tracks; everything else is the browser's.
 */
export type FailingDevices = {
  /** From now on getUserMedia is refused like this; null: as the browser does. */
  refuse(how: 'dismissed' | 'blocked-by-system' | 'in-use' | null): void
  /** The tracks in use end, and the list has no device of that kind any more. */
  unplug(kind: 'videoinput' | 'audioinput'): void
  plugIn(): void
  /** The system takes the microphone (a phone call), or gives it back. */
  interrupt(isInterrupted: boolean): void
  /** Every microphone that is opened from now on hears a long tone, in place of Chromium's short beeps. */
  talk(): void
  /** The tracks ended while nobody ran; the page is looked at again. */
  sleepAndWake(): void
}

export function putFailingDevices(): void {
  const { mediaDevices } = navigator
  const open = mediaDevices.getUserMedia.bind(mediaDevices)
  const list = mediaDevices.enumerateDevices.bind(mediaDevices)
  const query = navigator.permissions.query.bind(navigator.permissions)
  let refusal: Parameters<FailingDevices['refuse']>[0] = null
  let missing: MediaDeviceKind | null = null
  let isTalking = false
  const tracks = new Set<MediaStreamTrack>()

  function talkInto(stream: MediaStream): void {
    for (const beeps of stream.getAudioTracks()) {
      const context = new AudioContext()
      const voice = context.createOscillator()
      const heard = context.createMediaStreamDestination()
      voice.connect(heard)
      voice.start()
      beeps.stop()
      stream.removeTrack(beeps)
      for (const track of heard.stream.getAudioTracks()) stream.addTrack(track)
    }
  }

  mediaDevices.getUserMedia = async (constraints) => {
    // The words of Chromium 141, which tell the first two apart.
    if (refusal === 'dismissed') throw new DOMException('Permission dismissed', 'NotAllowedError')
    if (refusal === 'blocked-by-system') throw new DOMException('Permission denied by system', 'NotAllowedError')
    if (refusal === 'in-use') throw new DOMException('Could not start video source', 'NotReadableError')
    const asked = { audioinput: constraints?.audio, videoinput: constraints?.video } as Partial<Record<MediaDeviceKind, unknown>>
    if (missing && asked[missing]) throw new DOMException('Requested device not found', 'NotFoundError')
    const stream = await open(constraints)
    if (isTalking) talkInto(stream)
    for (const track of stream.getTracks()) tracks.add(track)
    return stream
  }
  mediaDevices.enumerateDevices = async () => (await list()).filter(({ kind }) => kind !== missing)
  navigator.permissions.query = async (descriptor) => {
    const status = await query(descriptor)
    if (refusal !== 'dismissed' || !['camera', 'microphone'].includes(descriptor.name)) return status
    return Object.assign(new EventTarget(), { state: 'prompt' }) as PermissionStatus
  }
  const end = (kind: string) => {
    for (const track of tracks) {
      if (track.kind !== kind || track.readyState === 'ended') continue
      track.stop()
      track.dispatchEvent(new Event('ended'))
    }
  }
  const changed = () => mediaDevices.dispatchEvent(new Event('devicechange'))
  const failing: FailingDevices = {
    refuse(how) {
      refusal = how
    },
    unplug(kind) {
      missing = kind
      end(kind === 'videoinput' ? 'video' : 'audio')
      changed()
    },
    plugIn() {
      missing = null
      changed()
    },
    interrupt(isInterrupted) {
      for (const track of tracks) {
        if (track.kind !== 'audio' || track.readyState === 'ended') continue
        Object.defineProperty(track, 'muted', { value: isInterrupted, configurable: true })
        track.dispatchEvent(new Event(isInterrupted ? 'mute' : 'unmute'))
      }
    },
    talk() {
      isTalking = true
    },
    sleepAndWake() {
      for (const track of tracks) track.stop()
      document.dispatchEvent(new Event('visibilitychange'))
    },
  }
  Object.assign(window, { failing })
}
