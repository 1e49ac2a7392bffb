import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { findProgram } from '../../scripts/browsers.mjs'
import { keepPeers } from './video.ts'

/** `all`: fake camera (with a running clock) and microphone (beeps). The others are missing as on a real computer. */
export type Devices = 'all' | 'microphone only' | 'camera only' | 'none'
/** What happens when the page asks for camera and microphone. `ask`: the question stands and nobody answers. */
export type Answer = 'allow' | 'deny' | 'ask'

export type ProfileOptions = {
  readonly devices?: Devices
  readonly answer?: Answer
  /** Of the fake camera, 5 to 60: as few as will do, since the same processors encode and draw them for everybody. */
  readonly framesPerSecond?: number
  /** A profile's folder that outlives the browser; left out, the profile is new and wiped at `close`. */
  readonly folder?: string
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly locale?: string
  readonly colorScheme?: 'light' | 'dark'
  readonly reducedMotion?: 'reduce' | 'no-preference'
  readonly hasTouch?: boolean
  readonly ignoreHTTPSErrors?: boolean
  readonly args?: readonly string[]
}

export type Profile = {
  readonly context: BrowserContext
  /** The page that the browser opens with. */
  readonly page: Page
  readonly folder: string
  /** Of the browser's main process: `process.kill(pid, 'SIGKILL')` is a crash. */
  readonly pid: number
  close(): Promise<void>
}

/** Quiet, with nothing loaded but what the tests open. */
export const quietFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

/**
 * A page that was not allowed a camera names its own addresses by made-up names, which only a network with multicast
 * resolves. With this they are plain, wherever the tests run.
 */
export const plainAddresses: readonly string[] = ['--disable-features=WebRtcHideLocalIpsWithMdns']

export function mediaFlags(devices: Devices, answer: Answer, framesPerSecond = 10): readonly string[] {
  const fake = '--use-fake-device-for-media-stream'
  return [
    ...(devices === 'none' ? [] : [devices === 'microphone only' ? `${fake}=device-count=0` : `${fake}=fps=${framesPerSecond}`]),
    ...(answer === 'ask' ? [] : [answer === 'allow' ? '--use-fake-ui-for-media-stream' : '--use-fake-ui-for-media-stream=deny']),
  ]
}

export function chromiumPath(): string {
  const path = findProgram('chromium')
  if (path === null) throw new Error('Chromium is not installed; `npm test` installs it, or says how')
  return path
}

/** A Chromium of its own with a profile of its own: what two people's computers share, two profiles share, and no more. */
export async function openProfile(options: ProfileOptions = {}): Promise<Profile> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'alcove-chromium-')))
  const devices = options.devices ?? 'all'
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: chromiumPath(),
    headless: true,
    viewport: options.viewport ?? { width: 1280, height: 800 },
    locale: options.locale ?? 'en-US',
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: options.reducedMotion ?? 'no-preference',
    hasTouch: options.hasTouch ?? false,
    ignoreHTTPSErrors: options.ignoreHTTPSErrors ?? false,
    args: [...quietFlags, ...mediaFlags(devices, options.answer ?? 'allow', options.framesPerSecond), ...(options.args ?? [])],
  })
  await context.addInitScript(keepPeers)
  if (devices === 'camera only') await context.addInitScript(withoutMicrophone)
  const pid = await pidOf(context)
  return {
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    folder,
    pid,
    async close() {
      await context.close()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

/**
 * Runs before the scripts of a page. Several people on two processors: everybody has a small picture, as the cameras of cheap
 * phones do.
 */
export function withSmallCamera(): void {
  const { mediaDevices } = navigator
  if (!mediaDevices) return
  const open = mediaDevices.getUserMedia.bind(mediaDevices)
  mediaDevices.getUserMedia = (constraints) => {
    if (!constraints?.video) return open(constraints)
    const wanted = constraints.video === true ? {} : constraints.video
    return open({ ...constraints, video: { ...wanted, width: 320, height: 180, frameRate: 10 } })
  }
}

async function pidOf(context: BrowserContext): Promise<number> {
  const session = await context.browser()?.newBrowserCDPSession()
  const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] }
  const pid = processInfo.find((one) => one.type === 'browser')?.id
  if (pid === undefined) throw new Error('Chromium did not tell its process')
  return pid
}

/** Chromium has no flag for a camera without a microphone, so the page sees devices and errors as it would then. */
function withoutMicrophone(): void {
  const { mediaDevices } = navigator
  if (!mediaDevices) return
  const list = mediaDevices.enumerateDevices.bind(mediaDevices)
  const open = mediaDevices.getUserMedia.bind(mediaDevices)
  mediaDevices.enumerateDevices = async () => (await list()).filter((device) => device.kind !== 'audioinput')
  mediaDevices.getUserMedia = async (constraints) => {
    if (constraints?.audio) throw new DOMException('Requested device not found', 'NotFoundError')
    return open(constraints)
  }
}
