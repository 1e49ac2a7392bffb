import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBrowsers, findMiniBrowser, findProgram } from '../../scripts/browsers.mjs'
import { startScreen, stopProgram } from './virtual-screen.ts'

/** WebKitGTK's MiniBrowser over plain WebDriver (W3C). It has mock capture devices, and no RTCPeerConnection. */
export type WebKit = {
  goto(url: string): Promise<void>
  /** Runs in the page; what it returns or resolves to comes back as JSON. It sees nothing but its argument. */
  evaluate<R, A = undefined>(run: (argument: A) => R | Promise<R>, argument?: A): Promise<R>
  /** Polls until the condition holds in the page. */
  waitFor<A = undefined>(condition: (argument: A) => boolean, argument?: A, timeoutMs?: number): Promise<void>
  /** By CSS selector: scrolled into view, clicked as a person would. */
  click(selector: string): Promise<void>
  /** Replaces what stands in the field. */
  fill(selector: string, text: string): Promise<void>
  press(key: string): Promise<void>
  resize(width: number, height: number): Promise<void>
  /** PNG. */
  screenshot(): Promise<Buffer>
  close(): Promise<void>
}

export type WebKitOptions = {
  /** `none`: no mock devices. */
  readonly devices?: 'all' | 'none'
  readonly language?: string
}

const elementKey = 'element-6066-11e4-a52e-4f735466cecf'

export async function openWebKit(options: WebKitOptions = {}): Promise<WebKit> {
  await ensureBrowsers(['webkitDriver', 'virtualScreen'])
  const binary = findMiniBrowser()
  if (binary === null) throw new Error('MiniBrowser of WebKitGTK was not found; the Debian package is webkit2gtk-driver')
  const home = await mkdtemp(join(tmpdir(), 'alcove-webkit-'))
  const screen = await startScreen()
  const driver = await startDriver(screen.display, home, options.language ?? 'en_US')

  async function close(): Promise<void> {
    await driver.stop()
    await screen.stop()
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }

  try {
    const session = await openSession(driver.port, binary, options.devices ?? 'all')
    return pageOf(session, close)
  } catch (error) {
    await close()
    throw error
  }
}

type Session = <T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<T>

async function openSession(port: number, binary: string, devices: 'all' | 'none'): Promise<Session> {
  const mocks = devices === 'all' ? '+MockCaptureDevices,-MockCaptureDevicesPrompt' : '-MockCaptureDevices'
  const browserOptions = { binary, args: ['--automation', `--features=${mocks}`] }
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': browserOptions } }
  const base = `http://127.0.0.1:${port}/session`
  const { sessionId } = await command<{ sessionId: string }>('POST', base, { capabilities })
  return (method, path, body) => command(method, `${base}/${sessionId}${path}`, body)
}

async function command<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } }
  if (!response.ok) throw new Error(`WebDriver: ${value.error}: ${value.message}`)
  return value
}

function pageOf(session: Session, close: () => Promise<void>): WebKit {
  async function evaluate<R, A>(run: (argument: A) => R | Promise<R>, argument?: A): Promise<R> {
    // A compiler may have named the inner functions with a helper of its own; the page gets one that does nothing.
    const script = `globalThis.__name ??= (one) => one
      const done = arguments[arguments.length - 1]
      Promise.resolve().then(() => (${run.toString()})(arguments[0]))
        .then((value) => done({ value }), (error) => done({ error: String(error) }))`
    const outcome = await session<{ value?: R; error?: string }>('POST', '/execute/async', { script, args: [argument ?? null] })
    if (outcome.error !== undefined) throw new Error(outcome.error)
    return outcome.value as R
  }
  async function element(selector: string): Promise<string> {
    const found = await session<Record<string, string>>('POST', '/element', { using: 'css selector', value: selector })
    return `/element/${found[elementKey]}`
  }
  return {
    goto: async (url) => void (await session('POST', '/url', { url })),
    evaluate,
    async waitFor(condition, argument, timeoutMs = 10_000) {
      const until = Date.now() + timeoutMs
      while (!(await evaluate(condition, argument))) {
        if (Date.now() > until) throw new Error(`Not so within ${timeoutMs} ms: ${condition.toString()}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    click: async (selector) => void (await session('POST', `${await element(selector)}/click`, {})),
    async fill(selector, text) {
      const field = await element(selector)
      await session('POST', `${field}/clear`, {})
      await session('POST', `${field}/value`, { text })
    },
    async press(key) {
      const strokes = ['keyDown', 'keyUp'].map((type) => ({ type, value: key }))
      await session('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions: strokes }] })
    },
    resize: async (width, height) => void (await session('POST', '/window/rect', { width, height })),
    screenshot: async () => Buffer.from(await session<string>('GET', '/screenshot'), 'base64'),
    async close() {
      await session('DELETE', '').catch(() => undefined)
      await close()
    },
  }
}

async function startDriver(display: string, home: string, language: string) {
  const path = findProgram('webkitDriver')
  if (path === null) throw new Error('WebKitWebDriver is not installed')
  const port = await freePort()
  const driver = spawn(path, [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    // A group of its own: the browsers that it starts end with it.
    detached: true,
    env: {
      PATH: process.env.PATH,
      DISPLAY: display,
      HOME: home,
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_DATA_HOME: join(home, 'data'),
      XDG_RUNTIME_DIR: home,
      LANGUAGE: language,
      LC_ALL: `${language}.UTF-8`,
      // Containers seldom allow WebKit's own sandbox; the pages under test are ours.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
  })
  const deadline = Date.now() + 10_000
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/status`).then(
      (response) => response.ok,
      () => false,
    )
  while (!(await isReady())) {
    if (Date.now() > deadline || driver.exitCode !== null) throw new Error('WebKitWebDriver did not start')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { port, stop: () => stopProgram(driver, true) }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === 'string') throw new Error('No port was given')
  return address.port
}
