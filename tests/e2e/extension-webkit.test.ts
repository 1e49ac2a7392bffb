import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { contentSays, decodeScreenAnswer, type ScreenToBackground, screenSays } from '@alcove/shared/protocol/extension-inside'
import type { PageToExtension } from '@alcove/shared/protocol/extension-messages'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { words } from '../../extension/src/words/screens.en.ts'
import { builtExtension, goodReport, soon } from '../support/extension/installed.ts'
import { type SafariStub, safariStub } from '../support/extension/safari-stub.ts'
import { openWebKit, type WebKit } from '../support/webkit.ts'

/**
 * The extension built for Safari, its pages and its background, in WebKitGTK: Safari's engine, with a stub in the place of
 * Safari's extension interfaces. Safari itself was not tried.
 */
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png' }
const site = 'https://clinic.example'
let server: Server
let webkit: WebKit

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const type = { 'content-type': types[extname(path)] ?? 'text/plain' }
    try {
      if (path === '/stub.js') return response.writeHead(200, type).end(`globalThis.__name ??= (one) => one;(${safariStub.toString()})()`)
      const file = await readFile(join(builtExtension('safari'), path))
      const isPage = path.endsWith('.html')
      const begin = '<head><script src="/stub.js"></script><script src="/background.js"></script>'
      return response.writeHead(200, type).end(isPage ? file.toString().replace('<head>', begin) : file)
    } catch {
      return response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  webkit = await openWebKit()
  await webkit.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/popup.html`)
}, 60_000)
afterAll(async () => {
  await webkit?.close()
  server?.close()
})

async function press(message: ScreenToBackground) {
  const answer = await webkit.evaluate(
    (text) =>
      (
        globalThis as unknown as { stub: SafariStub; browser: { runtime: { sendMessage(text: string): unknown } } }
      ).browser.runtime.sendMessage(text),
    screenSays(message),
  )
  const decoded = decodeScreenAnswer(answer)
  if (!decoded.ok) throw new Error(`No answer to ${message.type}`)
  return decoded.value
}

const says = (message: PageToExtension) =>
  webkit.evaluate(
    ({ text, url }) => {
      const { stub } = globalThis as unknown as { stub: SafariStub }
      return stub.send(text, { id: stub.id, url, frameId: 0, tab: { id: 1 } })
    },
    { text: contentSays({ type: 'page', message }), url: `${site}/` },
  )
const stub = () =>
  webkit.evaluate(() => {
    const { badge, errors, told } = (globalThis as unknown as { stub: SafariStub }).stub
    return { badge, errors, told }
  })
const text = () => webkit.evaluate(() => document.body.innerText)

describe("in Safari's engine", () => {
  it('the popup asks for a site, shows the check of the site that was added, and who waits', async () => {
    await soon(text).toContain(words.noSite.title)
    expect(await press({ type: 'add-site', origin: site })).toMatchObject({ state: { browser: 'safari', canSet: 'no', notifies: 'no' } })
    await webkit.evaluate((url) => {
      ;(globalThis as unknown as { stub: SafariStub }).stub.tabs.push({ id: 1, url, active: false, windowId: 1 })
    }, `${site}/`)
    expect(await says({ type: 'hello' })).toContain('"canRing":false,"notifies":false')
    await says({ type: 'check', report: goodReport(Date.now()) })
    await soon(text).toContain(words.lines.camera.name)
    await says({ type: 'waiting', people: 2, ring: 'needed' })
    await soon(async () => (await stub()).badge).toBe('2')
    await soon(text).toContain(words.waiting.title(2))
    // Nobody of ours rings, so no page is told to be silent.
    expect((await stub()).told.filter((one) => one.includes('"isQuiet":true'))).toEqual([])
    expect((await stub()).errors).toEqual([])
  })

  it('what Safari cannot do is answered so, and nothing is pretended', async () => {
    expect(await press({ type: 'set-permissions', origin: site, permissions: ['camera'] })).toEqual({
      type: 'failed',
      reason: 'not-possible',
    })
    expect(await press({ type: 'test-ring' })).toMatchObject({ state: { ring: { how: 'notification', wasPlaying: false } } })
    expect((await stub()).errors).toEqual([])
  })
})
