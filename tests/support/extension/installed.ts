import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  decodeScreenAnswer,
  type ScreenAnswer,
  type ScreenState,
  type ScreenToBackground,
  screenSays,
} from '@alcove/shared/protocol/extension-inside'
import {
  type CheckReport,
  decodeFromExtension,
  type ExtensionToPage,
  type PageToExtension,
  pageSays,
} from '@alcove/shared/protocol/extension-messages'
import { type Page, type WebWorker, TargetType, type Browser } from 'puppeteer-core'
import { expect } from 'vitest'
import { manifestOf, type Target, type Variant } from '../../../extension/src/manifest.ts'
import { root } from '../source-graph.ts'

export const builtExtension = (target: Target) => join(root, 'dist/extension', target)

export const extensionVersion: string = JSON.parse(readFileSync(join(root, 'extension/package.json'), 'utf8')).version

/** The built extension with another manifest, in a folder of its own that goes with the process. */
export function extensionAs(target: Target, variant: Variant, more: Readonly<Record<string, unknown>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), `alcove-extension-${target}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  cpSync(builtExtension(target), folder, { recursive: true })
  const manifest = { ...manifestOf(target, variant, extensionVersion), ...more }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  return folder
}

export type PlainSite = { readonly origin: string; readonly port: number; isUp: boolean; close(): Promise<void> }

/** A site that says only what the test lets it say. It keeps what the extension told it in `window.heard`. */
export async function servePlainSite(): Promise<PlainSite> {
  const page = `<!doctype html><title>Site</title><p>Site</p><script>
    window.heard = []
    window.addEventListener('message', (event) => {
      if (typeof event.data === 'string' && event.data.startsWith('alcove/extension/1 ')) window.heard.push(event.data)
    })
  </script>`
  const server = createServer((request, response) => {
    if (request.url === '/healthz') response.writeHead(site.isUp ? 200 : 503).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const site = {
    origin: `http://localhost:${port}`,
    port,
    isUp: true,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return site
}

/** Within 20 s: longer than any machine needs. */
export const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 20_000 })

type Evaluates = Pick<Page, 'evaluate'>

/** Says something as the page, to its own window. */
export async function say(page: Evaluates, message: PageToExtension): Promise<void> {
  await page.evaluate((text) => window.postMessage(text, location.origin), pageSays(message))
}

/** What the extension has told the page until now, oldest first. */
export async function heard(page: Evaluates): Promise<ExtensionToPage[]> {
  const texts = await page.evaluate(() => (window as unknown as { heard: string[] }).heard)
  return texts.flatMap((text) => {
    const decoded = decodeFromExtension(text)
    return decoded.ok ? [decoded.value] : []
  })
}

/** Tells the background something from one of the extension's own pages. */
export async function command(screen: Evaluates, message: ScreenToBackground): Promise<ScreenAnswer> {
  const answer = await screen.evaluate(async (text) => {
    const { runtime } =
      (globalThis as unknown as { browser?: Sends; chrome: Sends }).browser ?? (globalThis as unknown as { chrome: Sends }).chrome
    return runtime.sendMessage(text)
  }, screenSays(message))
  const decoded = decodeScreenAnswer(answer)
  if (!decoded.ok) throw new Error(`The background answered ${JSON.stringify(answer)} to ${message.type}`)
  return decoded.value
}

type Sends = { readonly runtime: { sendMessage(text: string): Promise<unknown> } }

export async function stateOf(screen: Evaluates): Promise<ScreenState> {
  const answer = await command(screen, { type: 'get-state' })
  if (answer.type !== 'state') throw new Error(`No state: ${JSON.stringify(answer)}`)
  return answer.state
}

/** Everything found well, at that time. */
export function goodReport(at: number): CheckReport {
  const line = <Line extends CheckReport['lines'][number]['line']>(name: Line, finding: string) => ({ line: name, finding, foundAt: at })
  return {
    at,
    lines: [
      line('browser', 'ready'),
      line('camera', 'ready'),
      line('microphone', 'heard'),
      line('speaker', 'heard'),
      line('sound', 'ready'),
      line('notifications', 'ready'),
      line('network', 'ready'),
    ] as CheckReport['lines'],
    roundTripMs: 12,
  }
}

/** Chromium's service worker of the extension, started if it sleeps not. */
export async function workerOf(browser: Browser): Promise<WebWorker> {
  const target = await browser.waitForTarget((one) => one.type() === TargetType.SERVICE_WORKER && one.url().endsWith('/background.js'))
  const worker = await target.worker()
  if (!worker) throw new Error('The extension has no worker')
  return worker
}

/** Chromium's options page, which the extension opens when it is new: it then covers every other tab. */
export async function optionsOf(browser: Browser): Promise<Page> {
  const target = await browser.waitForTarget((one) => one.type() === TargetType.PAGE && one.url().endsWith('/options.html'))
  const page = await target.page()
  if (!page) throw new Error('The options page is no page')
  return page
}

/** What the page was told last about being quiet; null for nothing yet. */
export async function lastQuiet(page: Page): Promise<boolean | null> {
  return (await heard(page)).flatMap((one) => (one.type === 'quiet' ? [one.isQuiet] : [])).at(-1) ?? null
}
