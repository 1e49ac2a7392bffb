/** What a processed track shows, frame by frame. */
export type Seen = {
  readonly frames: number
  readonly distinct: number
  /** Frames in which the marker of the camera's background could be seen sharply. */
  readonly leaked: number
  readonly black: number
  /** Milliseconds of performance.now(): the first frame that was neither black nor the camera's own. */
  readonly processedAt: number | null
}

export type Counted = { readonly frames: number; readonly distinct: number; readonly lengthMs: number; readonly longestGapMs: number }

export function createWatch() {
  const small = new OffscreenCanvas(160, 90)
  const context = small.getContext('2d', { willReadFrequently: true })
  let seen: Seen = { frames: 0, distinct: 0, leaked: 0, black: 0, processedAt: null }
  let watched: MediaStreamTrack | null = null
  let lastPicture = 0

  const corner = new OffscreenCanvas(160, 40)
  const cornerContext = corner.getContext('2d', { willReadFrequently: true })

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
      processedAt: seen.processedAt ?? (leaks || black ? null : performance.now()),
    }
    lastPicture = sum
  }

  /** Looks at every frame of this track until another one is watched. */
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

  /** Cheaply, for measurements: distinct by a small piece in the middle. Also how long the main thread was busy at most. */
  async function count(track: MediaStreamTrack, lengthMs: number): Promise<Counted> {
    watched = null
    const reader = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader()
    const piece = new Uint8Array(64 * 64 * 4)
    const known = new Set<number>()
    let frames = 0
    let longestGapMs = 0
    let lastTick = performance.now()
    const ticks = setInterval(() => {
      longestGapMs = Math.max(longestGapMs, performance.now() - lastTick - 4)
      lastTick = performance.now()
    }, 4)
    const begin = performance.now()
    const end = setTimeout(() => void reader.cancel(), lengthMs)
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const x = Math.floor(value.codedWidth / 2 - 32) & ~1
      const y = Math.floor(value.codedHeight / 2 - 32) & ~1
      await value.copyTo(piece, { rect: { x, y, width: 64, height: 64 } })
      value.close()
      known.add(piece.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 0))
      frames += 1
    }
    clearTimeout(end)
    clearInterval(ticks)
    return { frames, distinct: known.size, lengthMs: performance.now() - begin, longestGapMs }
  }

  return {
    look,
    watch,
    count,
    seen: () => seen,
    forget: (to: Seen) => {
      seen = to
    },
  }
}
