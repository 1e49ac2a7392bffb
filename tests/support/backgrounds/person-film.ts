import { open } from 'node:fs/promises'
import type { Page } from 'playwright-core'

export type FilmOptions = {
  readonly width: number
  readonly height: number
  readonly frames: number
  /** Pixels that the person moves to each side. */
  readonly sway: number
  /** Grey levels of noise, as a camera's sensor makes. */
  readonly grain: number
}

/** Self-contained, since it travels as text: draws frame `index`. @returns I420 as base64. */
async function drawFrame(o: FilmOptions & { index: number }): Promise<string> {
  const { width: w, height: h } = o
  const canvas = new OffscreenCanvas(w, h)
  const c = canvas.getContext('2d', { willReadFrequently: true })
  if (!c) throw new Error('No canvas')
  const s = h / 512
  c.fillStyle = '#c9c2b4'
  c.fillRect(0, 0, w, h)
  for (let y = 0; y < h; y += 64 * s) {
    for (let x = 0; x < w; x += 64 * s) {
      c.fillStyle = '#8a6f52'
      c.fillRect(x, y, 30 * s, 60 * s)
      c.fillStyle = '#5d7a6a'
      c.fillRect(x + 34 * s, y, 26 * s, 40 * s)
    }
  }
  // The marker: stripes that a blur makes grey.
  for (let x = 0; x < 0.16 * w; x += 0.008 * w) {
    c.fillStyle = Math.round(x / (0.008 * w)) % 2 ? '#ffffff' : '#000000'
    c.fillRect(x, 0, 0.008 * w + 1, 0.3 * h)
  }
  const shift = o.sway * Math.sin((2 * Math.PI * o.index) / o.frames)
  c.setTransform(s, 0, 0, s, w / 2 - 256 * s + shift, 0)
  c.filter = `blur(${1.2 * s}px)`
  const shirt = c.createLinearGradient(0, 352, 0, 512)
  shirt.addColorStop(0, '#3b5b8c')
  shirt.addColorStop(1, '#22365a')
  c.fillStyle = shirt
  c.fill(new Path2D('M90 520 C95 400 140 372 205 352 L305 352 C370 372 418 400 424 520 Z'))
  c.fillStyle = '#c48f69'
  c.fill(new Path2D('M218 300 L218 365 Q256 398 294 365 L294 300 Z'))
  const face = c.createRadialGradient(240, 195, 10, 250, 215, 120)
  face.addColorStop(0, '#f3cba8')
  face.addColorStop(0.7, '#d9a27a')
  face.addColorStop(1, '#a8714c')
  c.fillStyle = face
  c.beginPath()
  c.ellipse(256, 220, 82, 108, 0, 0, 2 * Math.PI)
  c.fill()
  c.fillStyle = '#3a2618'
  c.fill(new Path2D('M172 225 C160 110 205 88 256 88 C310 88 352 112 340 225 C332 165 310 150 256 150 C205 150 182 165 172 225Z'))
  c.fillStyle = '#fff'
  for (const x of [226, 286]) {
    c.beginPath()
    c.ellipse(x, 214, 13, 7, 0, 0, 2 * Math.PI)
    c.fill()
  }
  c.fillStyle = '#3b2a1a'
  for (const x of [226, 286]) {
    c.beginPath()
    c.arc(x, 214, 6, 0, 2 * Math.PI)
    c.fill()
  }
  c.lineWidth = 5
  c.strokeStyle = '#3a2618'
  c.stroke(new Path2D('M210 196 Q226 188 242 196 M270 196 Q286 188 302 196'))
  c.strokeStyle = '#a8714c'
  c.stroke(new Path2D('M254 220 Q246 252 258 254'))
  c.fillStyle = '#a4453f'
  c.fill(new Path2D('M228 282 Q256 300 284 282 Q256 290 228 282'))

  const { data } = c.getImageData(0, 0, w, h)
  const out = new Uint8Array((w * h * 3) / 2)
  let seed = o.index * 7919 + 1
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const i = (y * w + x) * 4
      const [r, g, b] = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0]
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0
      const noise = o.grain * (((seed >>> 16) & 255) / 255 - 0.5)
      out[y * w + x] = Math.min(Math.max(16 + 0.257 * r + 0.504 * g + 0.098 * b + noise, 0), 255)
      if (y & 1 || x & 1) continue
      const at = w * h + (y >> 1) * (w >> 1) + (x >> 1)
      out[at] = 128 - 0.148 * r - 0.291 * g + 0.439 * b
      out[at + (w * h) / 4] = 128 + 0.439 * r - 0.368 * g - 0.071 * b
    }
  }
  let text = ''
  for (let i = 0; i < out.length; i += 8192) text += String.fromCharCode(...out.subarray(i, i + 8192))
  return btoa(text)
}

/** The same as text, for a page's own canvas: I420 in base64, one for each frame. */
export async function drawFilm(page: Pick<Page, 'evaluate'>, options: FilmOptions): Promise<readonly string[]> {
  const frames: string[] = []
  for (let index = 0; index < options.frames; index++) frames.push(await page.evaluate(drawFrame, { ...options, index }))
  return frames
}

/** A drawn person, which the models take for one, sways before a busy wall: a file for Chromium's fake camera, played in a loop. */
export async function filmPerson(page: Page, file: string, options: FilmOptions): Promise<void> {
  const handle = await open(file, 'w')
  try {
    await handle.write(`YUV4MPEG2 W${options.width} H${options.height} F30:1 Ip A1:1 C420jpeg\n`)
    for (const base64 of await drawFilm(page, options)) {
      await handle.write('FRAME\n')
      await handle.write(Buffer.from(base64, 'base64'))
    }
  } finally {
    await handle.close()
  }
}

/**
 * A script to run before those of a page: the film stands in for the camera, where a browser plays none as its fake one (Firefox). Few
 * pictures a second, since the same processors draw them.
 */
export function filmCameraScript(options: FilmOptions & { readonly framesPerSecond: number }): string {
  return `(() => {
    const draw = ${drawFrame.toString()}
    const options = ${JSON.stringify(options)}
    const { width, height } = options
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
    let drawn = null
    async function drawAll() {
      const pictures = []
      for (let index = 0; index < options.frames; index++) {
        const data = Uint8Array.from(atob(await draw({ ...options, index })), (char) => char.charCodeAt(0))
        pictures.push(new VideoFrame(data, { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 }))
      }
      const canvas = Object.assign(document.createElement('canvas'), { width, height })
      const context = canvas.getContext('2d')
      let shown = 0
      setInterval(() => context.drawImage(pictures[shown++ % pictures.length], 0, 0), 1000 / options.framesPerSecond)
      return canvas
    }
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      if (!constraints?.video) return open(constraints)
      drawn ??= drawAll()
      const stream = (await drawn).captureStream()
      if (constraints.audio) for (const track of (await open({ audio: constraints.audio })).getTracks()) stream.addTrack(track)
      return stream
    }
  })()`
}
