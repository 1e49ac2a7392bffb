/** What a processed track shows, frame by frame. */
export type Seen = {
  readonly frames: number
  readonly distinct: number
  /** Frames in which the marker of the camera's background could be seen sharply. */
  readonly leaked: number
  readonly black: number
  /** Epoch milliseconds: the first frame that was neither black nor the camera's own. */
  readonly processedAt: number | null
}

export type Counted = {
  readonly frames: number
  readonly distinct: number
  readonly lengthMs: number
  /** Of the last frame. */
  readonly width: number
  readonly height: number
}

const nothing: Seen = { frames: 0, distinct: 0, leaked: 0, black: 0, processedAt: null }

/** Looks at frames, in a window or a worker. */
export function createLook() {
  const small = new OffscreenCanvas(160, 90)
  const context = small.getContext('2d', { willReadFrequently: true })
  const corner = new OffscreenCanvas(160, 40)
  const cornerContext = corner.getContext('2d', { willReadFrequently: true })
  let seen = nothing
  let lastPicture = 0

  /** The fake camera's background has fine black and white stripes in its upper left corner: any blur makes them grey. */
  function showsMarker(picture: VideoFrame): boolean {
    if (!cornerContext) throw new Error('No canvas')
    const [width, height] = [picture.displayWidth * 0.15, picture.displayHeight * 0.25]
    cornerContext.drawImage(picture, 0, 0, width, height, 0, 0, corner.width, corner.height)
    const { data } = cornerContext.getImageData(0, 0, corner.width, corner.height)
    let white = 0
    let dark = 0
    for (let i = 0; i < data.length; i += 4) {
      const sum = (data[i] ?? 0) + (data[i + 1] ?? 0) + (data[i + 2] ?? 0)
      if (sum > 540) white += 1
      if (sum < 220) dark += 1
    }
    const many = (corner.width * corner.height) / 8
    return white > many && dark > many
  }

  function look(picture: VideoFrame): void {
    if (!context) throw new Error('No canvas')
    context.drawImage(picture, 0, 0, small.width, small.height)
    const { data } = context.getImageData(0, 0, small.width, small.height)
    let light = 0
    let sum = 0
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b] = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0]
      if (r + g + b > 60) light += 1
      sum = (sum * 31 + r + g * 7 + b * 13) | 0
    }
    const leaks = showsMarker(picture)
    const black = light < 50
    seen = {
      frames: seen.frames + 1,
      distinct: seen.distinct + (sum === lastPicture ? 0 : 1),
      leaked: seen.leaked + (leaks ? 1 : 0),
      black: seen.black + (black ? 1 : 0),
      processedAt: seen.processedAt ?? (leaks || black ? null : performance.timeOrigin + performance.now()),
    }
    lastPicture = sum
  }

  return {
    look,
    seen: () => seen,
    forget: (to: Seen = nothing) => {
      seen = to
    },
  }
}

/** Cheaply, for measurements: distinct by a small piece in the middle. The camera's grain makes each of its frames different. */
export async function countFrames(frames: ReadableStream<VideoFrame>, lengthMs: number): Promise<Counted> {
  const reader = frames.getReader()
  const piece = new Uint8Array(64 * 64 * 4)
  let [count, distinct, last, width, height] = [0, 0, Number.NaN, 0, 0]
  const begin = performance.now()
  const end = setTimeout(() => void reader.cancel(), lengthMs)
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    ;[width, height] = [value.codedWidth, value.codedHeight]
    const x = Math.max(Math.floor(width / 2 - 32), 0) & ~1
    const y = Math.max(Math.floor(height / 2 - 32), 0) & ~1
    await value.copyTo(piece, { rect: { x, y, width: 64, height: 64 } })
    value.close()
    const sum = piece.reduce((all, byte) => (Math.imul(all, 31) + byte) | 0, 0)
    count += 1
    if (sum !== last) distinct += 1
    last = sum
  }
  clearTimeout(end)
  return { frames: count, distinct, lengthMs: performance.now() - begin, width, height }
}

/** In a window: looks at every frame of one track until another one is watched. */
export function createWatch() {
  const { look, seen, forget } = createLook()
  let watched: MediaStreamTrack | null = null

  async function watch(track: MediaStreamTrack | null): Promise<void> {
    watched = track
    if (!track) return
    const reader = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      if (track === watched) look(value)
      value.close()
      if (track !== watched) return void reader.cancel()
    }
  }

  return { look, watch, seen, forget }
}
