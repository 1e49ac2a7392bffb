/** Playwright's, Puppeteer's and WebKit's pages alike. */
export type Evaluator = {
  evaluate<R, A>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R>
}

export type FrameCount = {
  /** Pictures that differ from each other: a frozen or black video has one. */
  readonly distinct: number
  readonly width: number
  readonly height: number
}

/** What `evaluate` of Playwright, Puppeteer and our WebKit have in common, seen as one. */
export function asEvaluator(page: { evaluate: (...args: never[]) => Promise<unknown> }): Evaluator {
  return page as unknown as Evaluator
}

/**
 * Looks at what the video really shows, for `forMs` or until `enough` distinct pictures were seen. Waits `firstWithinMs`
 * for its first picture, then throws.
 * @param selector of the video element, for example `video[aria-label="Video of Sam"]`
 */
export async function countFrames(
  page: { evaluate: (...args: never[]) => Promise<unknown> },
  selector: string,
  {
    forMs = 3000,
    enough = Number.MAX_SAFE_INTEGER,
    firstWithinMs = 10_000,
  }: { readonly forMs?: number; readonly enough?: number; readonly firstWithinMs?: number } = {},
): Promise<FrameCount> {
  return asEvaluator(page).evaluate(watchFrames, { selector, forMs, enough, firstWithinMs })
}

type Watching = { selector: string; forMs: number; enough: number; firstWithinMs: number }

// Self-contained, as it travels as text; without named inner functions, which some compilers wrap.
async function watchFrames({ selector, forMs, enough, firstWithinMs }: Watching): Promise<FrameCount> {
  const canvas = new OffscreenCanvas(64, 48)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('No canvas to look at the video with')
  const seen = new Set<number>()
  const firstBy = performance.now() + firstWithinMs
  let until = Number.POSITIVE_INFINITY
  let size = { width: 0, height: 0 }
  while (performance.now() < until && seen.size < enough) {
    const video = document.querySelector(selector)
    if (video instanceof HTMLVideoElement && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0) {
      if (until === Number.POSITIVE_INFINITY) until = performance.now() + forMs
      size = { width: video.videoWidth, height: video.videoHeight }
      context.drawImage(video, 0, 0, 64, 48)
      const { data } = context.getImageData(0, 0, 64, 48)
      // FNV-1a over the upper bits of the colours: noise of the codec is no new picture.
      let hash = 2166136261
      for (let at = 0; at < data.length; at++) if (at % 4 !== 3) hash = Math.imul(hash ^ ((data[at] ?? 0) >> 4), 16777619)
      seen.add(hash)
    } else if (performance.now() > firstBy) {
      throw new Error(video ? `The video ${selector} shows no picture` : `There is no ${selector}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return { distinct: seen.size, ...size }
}

export type Loudness = {
  /** The loudest quarter of a second, root mean square, 0..1. Fake microphones beep or hum above 0.01. */
  readonly loudest: number
  /** Part of the time that was louder than 0.005. */
  readonly soundingPart: number
}

/**
 * Runs before the scripts of a page: keeps its peer connections where `measureSound` finds them. What the browser counts
 * while it decodes needs no sound card, which test machines seldom have (Firefox's AudioContext never starts without one)
 * and no user activation (which decides whether the app may ring).
 */
export function keepPeers(): void {
  if (typeof RTCPeerConnection === 'undefined') return
  const kept: RTCPeerConnection[] = []
  const Kept = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      kept.push(this)
    }
  }
  Object.defineProperty(Kept, 'name', { value: 'RTCPeerConnection' })
  Object.assign(globalThis, { RTCPeerConnection: Kept, alcovePeers: kept })
}

/**
 * Measures the sound that arrives in the stream of a video or audio element: of a call by the counters of its peer
 * connection (in Chromium a muted element counts as silence), of a stream of this page's own through WebAudio. Throws
 * when nothing could be measured.
 */
export async function measureSound(
  page: { evaluate: (...args: never[]) => Promise<unknown> },
  selector: string,
  { forMs = 3000, enough = Number.MAX_VALUE }: { readonly forMs?: number; readonly enough?: number } = {},
): Promise<Loudness> {
  const isOfCall = await asEvaluator(page).evaluate(comesFromPeer, { selector })
  return asEvaluator(page).evaluate(isOfCall ? listenToPeer : listen, { selector, forMs, enough })
}

type Listening = { selector: string; forMs: number; enough: number }

function comesFromPeer({ selector }: { selector: string }): boolean {
  const element = document.querySelector(selector)
  if (!(element instanceof HTMLMediaElement)) throw new Error(`There is no ${selector}`)
  if (!(element.srcObject instanceof MediaStream)) throw new Error(`${selector} plays no stream`)
  const tracks = element.srcObject.getAudioTracks()
  if (tracks.length === 0) throw new Error(`The stream of ${selector} has no sound track`)
  const { alcovePeers } = globalThis as { alcovePeers?: readonly RTCPeerConnection[] }
  return (alcovePeers ?? []).some((peer) => peer.getReceivers().some(({ track }) => tracks.includes(track)))
}

async function listenToPeer({ selector, forMs, enough }: Listening): Promise<Loudness> {
  const element = document.querySelector<HTMLMediaElement>(selector)
  const tracks = element?.srcObject instanceof MediaStream ? element.srcObject.getAudioTracks() : []
  const { alcovePeers } = globalThis as { alcovePeers?: readonly RTCPeerConnection[] }
  const receivers = (alcovePeers ?? []).flatMap((peer) => peer.getReceivers()).filter(({ track }) => tracks.includes(track))
  const until = performance.now() + forMs
  let [energy, duration] = [Number.NaN, Number.NaN]
  let [loudest, sounding, all] = [0, 0, 0]
  while (performance.now() < until && loudest < enough) {
    let [nextEnergy, nextDuration] = [0, 0]
    for (const receiver of receivers) {
      for (const entry of (await receiver.getStats()).values()) {
        if (entry.type !== 'inbound-rtp') continue
        nextEnergy += entry.totalAudioEnergy ?? 0
        nextDuration += entry.totalSamplesDuration ?? 0
      }
    }
    if (nextDuration > duration) {
      const level = Math.sqrt(Math.max(0, nextEnergy - energy) / (nextDuration - duration))
      loudest = Math.max(loudest, level)
      all += 1
      if (level > 0.005) sounding += 1
    }
    ;[energy, duration] = [nextEnergy, nextDuration]
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return { loudest, soundingPart: all === 0 ? 0 : sounding / all }
}

async function listen({ selector, forMs, enough }: Listening): Promise<Loudness> {
  const element = document.querySelector<HTMLMediaElement>(selector)
  if (!(element?.srcObject instanceof MediaStream)) throw new Error(`${selector} plays no stream`)
  const context = new AudioContext()
  await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 2000))])
  if (context.state !== 'running') throw new Error('The page may not open an AudioContext, so nothing was measured')
  const analyser = context.createAnalyser()
  analyser.fftSize = 8192
  context.createMediaStreamSource(element.srcObject).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const until = performance.now() + forMs
  let [loudest, sounding, all] = [0, 0, 0]
  while (performance.now() < until && loudest < enough) {
    await new Promise((resolve) => setTimeout(resolve, 150))
    analyser.getFloatTimeDomainData(samples)
    const level = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length)
    loudest = Math.max(loudest, level)
    all += 1
    if (level > 0.005) sounding += 1
  }
  await context.close()
  return { loudest, soundingPart: all === 0 ? 0 : sounding / all }
}
