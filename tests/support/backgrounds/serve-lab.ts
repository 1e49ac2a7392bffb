import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { build } from 'vite'
import { backgrounds, backgroundsWorker } from '../../../scripts/backgrounds-plugin.mjs'
import { contentSecurityPolicy } from '../../../signaling/src/security-headers.ts'

export type ServedLab = {
  readonly url: string
  /** Paths that were asked for, with the bytes that were sent. */
  readonly requests: { readonly path: string; readonly bytes: number }[]
  close(): Promise<void>
}

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }

export type LabOptions = {
  readonly page?: 'backgrounds-lab' | 'backgrounds-ours' | 'backgrounds-peer'
  /** Files beside the page, by their path. */
  readonly files?: ReadonlyMap<string, Uint8Array>
  /** Off for the peer, which needs more than ours allows. */
  readonly policy?: boolean
  /** As the server does it: minified by the build, compressed on the way. Costs seconds. */
  readonly asServed?: boolean
}

const compress = promisify(gzip)

/** A page around the processor, built as the app is, under the app's content security policy. */
export async function serveLab(options: LabOptions = {}): Promise<ServedLab> {
  const { page: name = 'backgrounds-lab', files, policy: withPolicy = true, asServed = false } = options
  const outDir = await mkdtemp(join(tmpdir(), 'alcove-lab-'))
  await build({
    configFile: false,
    root: fileURLToPath(new URL(`../pages/${name}`, import.meta.url)),
    plugins: [backgrounds()],
    worker: backgroundsWorker,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, minify: asServed, target: 'es2022', reportCompressedSize: false, assetsInlineLimit: 0 },
  })
  const requests: { path: string; bytes: number }[] = []
  const bodies = new Map<string, Promise<Buffer>>()
  async function bodyOf(path: string, file: string): Promise<Buffer> {
    const body = Buffer.from(files?.get(path) ?? (await readFile(file)))
    return asServed ? compress(body, { level: 9 }) : body
  }
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = join(outDir, normalize(path === '/' ? '/index.html' : path))
    try {
      const kept = bodies.get(path) ?? bodyOf(path, file)
      bodies.set(path, kept)
      const body = await kept
      requests.push({ path, bytes: body.length })
      response
        .writeHead(200, {
          'content-type': types[extname(file)] ?? 'application/octet-stream',
          'cache-control': path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
          ...(asServed && { 'content-encoding': 'gzip' }),
          // Only the worker compiles.
          ...(withPolicy && { 'content-security-policy': contentSecurityPolicy([], path) }),
        })
        .end(body)
    } catch {
      requests.push({ path, bytes: 0 })
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
