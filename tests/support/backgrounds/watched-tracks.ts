import type { Page } from 'playwright-core'
import { openProfile } from '../chromium.ts'
import { filmPerson } from './person-film.ts'

export type WatchedTracks = {
  readonly frames: number
  /** In which the stripes of the filmed room could be seen sharply. */
  readonly leaked: number
  readonly black: number
  /** Neither black nor the same as the one before. */
  readonly distinct: number
}

declare global {
  // A name of the page's own.
  var watchedTracks: WatchedTracks
}

/** Chromium's fake camera plays it with `--use-file-for-fake-video-capture`: a person before a wall with fine stripes in a corner. */
export async function makeFilm(file: string): Promise<void> {
  const studio = await openProfile()
  try {
    await filmPerson(studio.page, file, { width: 640, height: 360, frames: 20, sway: 30, grain: 6 })
  } finally {
    await studio.close()
  }
}

/**
 * Runs before the scripts of a page: as large as the film, so that the stripes stay what they are, and seldom enough for two processors.
 * Chromium plays a film in one camera alone, so that another one is the same under another name.
 */
export function withFilmCameras(): void {
  const { mediaDevices } = navigator
  const open = mediaDevices.getUserMedia.bind(mediaDevices)
  const list = mediaDevices.enumerateDevices.bind(mediaDevices)
  const other = { deviceId: 'other', groupId: 'other', kind: 'videoinput', label: 'Other camera', toJSON: () => ({}) } as const
  mediaDevices.enumerateDevices = async () => [...(await list()), other]
  mediaDevices.getUserMedia = (constraints) => {
    if (!constraints?.video) return open(constraints)
    const { deviceId, ...wanted } = constraints.video === true ? {} : constraints.video
    const isOther = JSON.stringify(deviceId ?? '').includes('"other"')
    const which = deviceId === undefined || isOther ? {} : { deviceId }
    return open({ ...constraints, video: { ...wanted, ...which, width: 640, height: 360, frameRate: 10 } })
  }
}

/**
 * Runs before the scripts of a page. Looks at every frame of every picture that the page shows of itself or sends (`own`), or gets
 * from others, from the moment on in which it is handed to a video element's stream or to a peer connection.
 */
export function watchTracks(own: boolean): void {
  type Readable = { readonly readable: ReadableStream<VideoFrame> }
  type ProcessorClass = new (init: { track: MediaStreamTrack }) => Readable
  const { MediaStreamTrackProcessor: Processor } = globalThis as unknown as { MediaStreamTrackProcessor: ProcessorClass }
  const counts = { frames: 0, leaked: 0, black: 0, distinct: 0 }
  globalThis.watchedTracks = counts
  const known = new WeakSet<MediaStreamTrack>()
  const senders = new Set<RTCRtpSender>()
  const context = new OffscreenCanvas(160, 40).getContext('2d', { willReadFrequently: true })
  const small = new OffscreenCanvas(64, 36).getContext('2d', { willReadFrequently: true })
  if (!context || !small) throw new Error('No canvas')

  async function watch(track: MediaStreamTrack | null): Promise<void> {
    if (track?.kind !== 'video' || track.readyState === 'ended' || known.has(track)) return
    known.add(track)
    const reader = new Processor({ track }).readable.getReader()
    let last = 0
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      if (isInUse(track)) last = look(value, last)
      value.close()
    }
  }

  /** What was taken away meanwhile goes on without anybody who sees it. */
  function isInUse(track: MediaStreamTrack): boolean {
    if ([...senders].some((sender) => sender.track === track)) return true
    const streams = [...document.querySelectorAll('video')].map((video) => video.srcObject)
    return streams.some((stream) => stream instanceof MediaStream && stream.getTracks().includes(track))
  }

  function look(frame: VideoFrame, last: number): number {
    if (!context || !small) return 0
    context.drawImage(frame, 0, 0, frame.displayWidth * 0.15, frame.displayHeight * 0.25, 0, 0, 160, 40)
    let [white, dark] = [0, 0]
    const corner = context.getImageData(0, 0, 160, 40).data
    for (let i = 0; i < corner.length; i += 4) {
      const sum = (corner[i] ?? 0) + (corner[i + 1] ?? 0) + (corner[i + 2] ?? 0)
      if (sum > 540) white += 1
      if (sum < 220) dark += 1
    }
    small.drawImage(frame, 0, 0, 64, 36)
    let [light, hash] = [0, 0]
    const all = small.getImageData(0, 0, 64, 36).data
    for (let i = 0; i < all.length; i += 4) {
      const [r, g, b] = [all[i] ?? 0, all[i + 1] ?? 0, all[i + 2] ?? 0]
      if (r + g + b > 90) light += 1
      hash = (hash * 31 + (r >> 3) + (g >> 3) * 7 + (b >> 3) * 13) | 0
    }
    counts.frames += 1
    if (white > 800 && dark > 800) counts.leaked += 1
    if (light < 30) counts.black += 1
    else if (hash !== last) counts.distinct += 1
    return hash
  }

  if (!own) {
    const addTrack = MediaStream.prototype.addTrack
    MediaStream.prototype.addTrack = function add(track) {
      void watch(track)
      addTrack.call(this, track)
    }
    return
  }
  const { replaceTrack } = RTCRtpSender.prototype
  RTCRtpSender.prototype.replaceTrack = function replace(track) {
    senders.add(this)
    void watch(track)
    return replaceTrack.call(this, track)
  }
  const Plain = MediaStream
  globalThis.MediaStream = class extends Plain {
    constructor(given?: MediaStream | MediaStreamTrack[]) {
      super((given ?? []) as MediaStreamTrack[])
      if (Array.isArray(given)) for (const track of given) void watch(track)
    }
  }
}

export const watched = (page: Page): Promise<WatchedTracks> => page.evaluate(() => globalThis.watchedTracks)

/** Waits for so many more pictures that are neither black nor the same. */
export async function moreFrames(page: Page, count = 5): Promise<void> {
  const { distinct } = await watched(page)
  await page.waitForFunction((least) => globalThis.watchedTracks.distinct >= least, distinct + count, { timeout: 30_000, polling: 100 })
}
