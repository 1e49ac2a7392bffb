import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPages } from '../../../signaling/src/pages.ts'
import { loadStaticFiles, type StaticFiles } from '../../../signaling/src/static-files.ts'
import { openRaw } from '../../support/signaling/raw-socket.ts'
import { until } from '../../support/wire-client.ts'

const script = `export const words = '${'calm '.repeat(500)}'\n`
const large = Buffer.from('wasm '.repeat(500))
const built: Record<string, string> = {
  'index.html': '<!doctype html><title>App</title>',
  'join.html': '<!doctype html><title>Join</title>',
  'check.html': '<!doctype html><title>Check</title>',
  'service-worker.js': '/* worker */',
  'manifest.webmanifest': '{}',
  'assets/app-1a2b3c.js': script,
  'assets/icon.svg': '<svg/>',
  'notes.bin': 'of no known type',
  '.secret/key.txt': 'hidden',
}

let folder: string
let files: StaticFiles
let server: Server
let base: string
let ready = true
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alcove-pages-'))
  for (const [path, text] of Object.entries(built)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  await writeFile(join(folder, 'assets/large-4d5e6f.wasm'), large)
  await writeFile(join(folder, 'assets/large-4d5e6f.wasm.gz'), gzipSync(large, { level: 1 }))
  files = await loadStaticFiles(folder)
  server = createServer(createPages({ files, headers: () => ({ 'X-Safe': 'yes' }), isReady: () => ready }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

describe('the pages', () => {
  const routes: [path: string, title: string | null][] = [
    ['/', 'App'],
    ['/index.html', 'App'],
    ['/schedule/day/2026-11-23', 'App'],
    ['/patients', 'App'],
    ['/join', 'Join'],
    ['/join.html', 'Join'],
    ['/join?x=1', 'Join'],
    ['/check', 'Check'],
    ['/missing.js', null],
    ['/assets/missing-9.js', null],
    ['/notes.bin', null],
    ['/.secret/key.txt', null],
    ['/../package.json', null],
    ['/..%2f..%2fetc%2fpasswd', null],
  ]
  for (const [path, title] of routes) {
    it(`${path} is ${title === null ? 'not there' : `the page "${title}"`}`, async () => {
      const response = await fetch(base + path)
      expect(response.status).toBe(title === null ? 404 : 200)
      if (title !== null) expect(await response.text()).toContain(`<title>${title}</title>`)
      expect(response.headers.get('X-Safe')).toBe('yes')
    })
  }

  it('are asked for anew each time, while what carries a hash in its name is kept for good', async () => {
    const cacheOf = async (path: string) => (await fetch(base + path)).headers.get('Cache-Control')
    for (const path of ['/', '/join', '/service-worker.js', '/manifest.webmanifest']) expect(await cacheOf(path)).toBe('no-cache')
    expect(await cacheOf('/assets/app-1a2b3c.js')).toBe('public, max-age=31536000, immutable')
  })

  it('have their types, and those alone that are known are served', async () => {
    const typeOf = async (path: string) => (await fetch(base + path)).headers.get('Content-Type')
    expect(await typeOf('/')).toBe('text/html; charset=utf-8')
    expect(await typeOf('/assets/app-1a2b3c.js')).toBe('text/javascript; charset=utf-8')
    expect(await typeOf('/manifest.webmanifest')).toBe('application/manifest+json; charset=utf-8')
    expect(await typeOf('/assets/icon.svg')).toBe('image/svg+xml')
  })

  it('are compressed for who takes it', async () => {
    const port = Number(new URL(base).port)
    const raw = await openRaw(port)
    raw.write('GET /assets/app-1a2b3c.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n')
    await until(() => raw.closed(0), 'the end')
    const [head = '', ...body] = raw.read().toString('latin1').split('\r\n\r\n')
    expect(head).toContain('Content-Encoding: gzip')
    expect(head).toContain('Vary: Accept-Encoding')
    expect(gunzipSync(Buffer.from(body.join('\r\n\r\n'), 'latin1')).toString()).toBe(script)
    const plain = await fetch(`${base}/assets/app-1a2b3c.js`, { headers: { 'Accept-Encoding': 'identity' } })
    expect(plain.headers.get('Content-Encoding')).toBeNull()
    expect(await plain.text()).toBe(script)
  })

  it('are sent as the build has compressed them, which is no file of its own', async () => {
    expect(files.find('/assets/large-4d5e6f.wasm')?.gzipped).toEqual(gzipSync(large, { level: 1 }))
    expect((await fetch(`${base}/assets/large-4d5e6f.wasm`)).headers.get('Content-Type')).toBe('application/wasm')
    expect((await fetch(`${base}/assets/large-4d5e6f.wasm.gz`)).status).toBe(404)
  })

  it('are not sent again to who has them', async () => {
    const etag = (await fetch(`${base}/join`)).headers.get('ETag') ?? ''
    const again = await fetch(`${base}/join`, { headers: { 'If-None-Match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  it('stay whole when the folder is built anew under them', async () => {
    await rm(join(folder, 'join.html'))
    expect(await (await fetch(`${base}/join`)).text()).toContain('Join')
  })

  it('give their head alone to HEAD, and nothing to other methods', async () => {
    const head = await fetch(`${base}/join`, { method: 'HEAD' })
    expect([head.status, head.headers.get('Content-Length'), await head.text()]).toEqual([200, String(built['join.html']?.length), ''])
    const post = await fetch(`${base}/join`, { method: 'POST', body: 'x' })
    expect([post.status, post.headers.get('Allow')]).toEqual([405, 'GET, HEAD'])
  })
})

describe('/healthz', () => {
  it('is well until the server is going away', async () => {
    const healthy = await fetch(`${base}/healthz`)
    expect([healthy.status, await healthy.json(), healthy.headers.get('Cache-Control')]).toEqual([200, { status: 'ok' }, 'no-store'])
    ready = false
    const draining = await fetch(`${base}/healthz`)
    expect([draining.status, await draining.json()]).toEqual([503, { status: 'draining' }])
    ready = true
  })
})

it('/session without an upgrade says what it is', async () => {
  const response = await fetch(`${base}/session`)
  expect([response.status, response.headers.get('Upgrade')]).toEqual([426, 'websocket'])
})
