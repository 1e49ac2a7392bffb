import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { openProfile, type ProfileOptions } from '../support/chromium.ts'
import { openFirefox } from '../support/firefox.ts'
import { openTabbed } from '../support/hidden-tab.ts'
import { photograph, takesPictures } from '../support/screenshots.ts'
import { startServer } from '../support/server.ts'
import { countFrames, measureSound } from '../support/video.ts'
import { openWebKit } from '../support/webkit.ts'

/** The instruments, held against a page whose content is known: what they would miss, no other test would see. */

const page = `<!doctype html><html lang="en"><head><title>Harness</title></head><body><main><h1>Harness</h1>
<video id="far" aria-label="far" autoplay playsinline></video><video id="still" aria-label="still" muted></video>
</main></body></html>`

/** What other stories would show at once if it were not so, is looked at by itself in the long suite alone. */
const long = process.env.ALCOVE_LONG === '1'

const server = createServer((_request, response) => {
  response.writeHead(200, {
    'content-type': 'text/html',
    'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self' blob: mediastream:",
  })
  response.end(page)
})
let url = ''
const cleanUp: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  server.listen(0, 'localhost')
  await once(server, 'listening')
  url = `http://localhost:${(server.address() as AddressInfo).port}/`
})
afterAll(() => server.close())
afterEach(async () => {
  for (const close of cleanUp.splice(0)) await close()
})

/** Runs in the page: camera and microphone through two peer connections into #far; a picture that stands still in #still. */
async function loop(): Promise<void> {
  const own = await navigator.mediaDevices.getUserMedia({ video: true, audio: true })
  const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()]
  near.onicecandidate = ({ candidate }) => void (candidate && far.addIceCandidate(candidate))
  far.onicecandidate = ({ candidate }) => void (candidate && near.addIceCandidate(candidate))
  const received = new MediaStream()
  far.ontrack = ({ track }) => received.addTrack(track)
  for (const track of own.getTracks()) near.addTrack(track, own)
  await near.setLocalDescription()
  if (near.localDescription) await far.setRemoteDescription(near.localDescription)
  await far.setLocalDescription()
  if (far.localDescription) await near.setRemoteDescription(far.localDescription)
  const canvas = document.createElement('canvas')
  canvas.getContext('2d')?.fillRect(0, 0, 8, 8)
  const still = canvas.captureStream(10)
  for (const [id, stream] of [
    ['far', received],
    ['still', still],
  ] as const) {
    const video = document.querySelector<HTMLVideoElement>(`#${id}`)
    if (!video) throw new Error('The page has no video')
    video.srcObject = stream
    void video.play()
  }
}

async function chromium(options: ProfileOptions = {}) {
  const profile = await openProfile(options)
  cleanUp.push(profile.close)
  await profile.page.goto(url)
  return profile
}

function askForDevices(): Promise<string> {
  return navigator.mediaDevices.getUserMedia({ video: true, audio: true }).then(
    (stream) =>
      stream
        .getTracks()
        .map((track) => track.kind)
        .sort()
        .join(' '),
    (error: DOMException) => error.name,
  )
}

describe('Chromium', () => {
  it('shows moving pictures and sound of a call, and tells a picture that stands still', async () => {
    const { page } = await chromium()
    expect(await page.evaluate(askForDevices)).toBe('audio video')
    await page.evaluate(loop)
    const far = await countFrames(page, '#far', { enough: 20 })
    expect(far.distinct).toBeGreaterThanOrEqual(20)
    expect(far.width).toBeGreaterThan(100)
    expect((await measureSound(page, '#far', { enough: 0.01 })).loudest).toBeGreaterThan(0.01)
    await page.evaluate(async () => {
      const video = document.querySelector<HTMLVideoElement>('#far')
      if (video) video.srcObject = await navigator.mediaDevices.getUserMedia({ audio: true })
    })
    expect((await measureSound(page, '#far', { enough: 0.01 })).loudest).toBeGreaterThan(0.01)
    expect((await countFrames(page, '#still', { forMs: 1000 })).distinct).toBe(1)
    await expect(countFrames(page, '#absent', { firstWithinMs: 100 })).rejects.toThrow('There is no #absent')
    await expect(measureSound(page, '#still')).rejects.toThrow('no sound track')
  })

  const computers = [
    [{ devices: 'camera only', answer: 'allow' }, 'NotFoundError'],
    [{ devices: 'all', answer: 'deny' }, 'NotAllowedError'],
    [{ devices: 'none', answer: 'allow' }, 'NotFoundError'],
    [{ devices: 'microphone only', answer: 'allow' }, 'NotFoundError'],
  ] as const
  it.each(long ? computers : computers.slice(0, 1))('asked for camera and microphone with %o, it says %s', async (options, expected) => {
    const { page } = await chromium(options)
    expect(await page.evaluate(askForDevices)).toBe(expected)
    const kinds = await page.evaluate(async () => (await navigator.mediaDevices.enumerateDevices()).map((device) => device.kind))
    expect(kinds.includes('videoinput')).toBe(options.devices === 'all' || options.devices === 'camera only')
    expect(kinds.includes('audioinput')).toBe(options.devices === 'all' || options.devices === 'microphone only')
  })

  it('gives each person a profile of their own, and can be killed', async () => {
    const [one, other] = [await chromium(), await chromium()]
    await one.page.evaluate(() => localStorage.setItem('whose', 'one'))
    expect(await other.page.evaluate(() => localStorage.getItem('whose'))).toBeNull()
    const closed = one.context.waitForEvent('close')
    process.kill(one.pid, 'SIGKILL')
    await closed
    expect(await other.page.title()).toBe('Harness')
  })

  it('hides a tab behind another, and shows it again', async () => {
    const tabbed = await openTabbed()
    cleanUp.push(tabbed.close)
    await tabbed.page.goto(url)
    const state = () => tabbed.page.evaluate(() => document.visibilityState)
    expect(await state()).toBe('visible')
    await tabbed.hide()
    expect(await state()).toBe('hidden')
    await tabbed.show()
    expect(await state()).toBe('visible')
  })

  it('is searched by axe under a strict policy, and photographed where pictures are taken', async () => {
    const { page } = await chromium()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')))
    expect(await accessibilityProblems(page)).toEqual([expect.stringMatching(/^button-name: /)])
    const paths = await photograph(page, 'harness')
    expect(paths).toHaveLength(takesPictures ? 6 : 0)
    expect(paths.filter((path) => !existsSync(path))).toEqual([])
    if (!takesPictures) return
    const desktop = await readFile(paths[0] ?? '')
    expect([desktop.readUInt32BE(16), desktop.readUInt32BE(20)]).toEqual([1280, 800])
  })
})

const firefox = {
  'shows moving pictures and sound of a call': async () => {
    const { page, close } = await openFirefox()
    cleanUp.push(close)
    await page.goto(url)
    await page.evaluate(loop)
    expect((await countFrames(page, '#far', { enough: 10 })).distinct).toBeGreaterThanOrEqual(10)
    expect((await measureSound(page, '#far', { enough: 0.01 })).loudest).toBeGreaterThan(0.01)
  },
  'can refuse camera and microphone': async () => {
    const { page, close } = await openFirefox({ answer: 'deny' })
    cleanUp.push(close)
    await page.goto(url)
    expect(await page.evaluate(askForDevices)).toBe('NotAllowedError')
  },
}

describe.each(long ? [firefox] : [])('Firefox', (stories) => {
  it.each(Object.entries(stories))('%s', (_, story) => story())
})

describe('WebKitGTK', () => {
  it('has a mock camera and microphone, and no RTCPeerConnection', async () => {
    const webkit = await openWebKit()
    cleanUp.push(webkit.close)
    await webkit.goto(url)
    expect(await webkit.evaluate(askForDevices)).toBe('audio video')
    expect(await webkit.evaluate(() => typeof RTCPeerConnection)).toBe('undefined')
    await webkit.evaluate(async () => {
      const video = document.querySelector<HTMLVideoElement>('#far')
      if (!video) throw new Error('The page has no video')
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true })
      void video.play()
    })
    expect((await countFrames(webkit, '#far', { enough: 5 })).distinct).toBeGreaterThanOrEqual(5)
    expect((await webkit.screenshot()).subarray(1, 4).toString()).toBe('PNG')
    await expect(webkit.evaluate(() => Promise.reject(new Error('told')))).rejects.toThrow('told')
  })
})

describe('the server', () => {
  it('starts, is killed, and comes back at the same address', async () => {
    const alcove = await startServer()
    cleanUp.push(alcove.kill)
    const status = () => fetch(`${alcove.origin}/healthz`).then((response) => response.status)
    const { origin } = alcove
    expect(await status()).toBe(200)
    await alcove.kill()
    await expect(status()).rejects.toThrow()
    await alcove.restart()
    expect(alcove.origin).toBe(origin)
    expect(await status()).toBe(200)
    expect(alcove.output().split(origin)).toHaveLength(3)
    expect(await alcove.stop()).toBe(0)
  })

  it('that cannot start says why', async () => {
    await expect(startServer({ env: { HOST: 'no such host' } })).rejects.toThrow('Alcove cannot start')
  })
})
