import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/**
 * The built pages, read into memory once: some 20 megabytes that no request can turn into open files, half-read streams or
 * paths outside the folder, and that stay whole when the folder is built anew. The build leaves what it compressed beside each
 * file, as `x.gz`; what has none is compressed here.
 */
export type StaticFiles = {
  /** @param path of the URL, without the query. @returns null when there is nothing at it. */
  find(path: string): StaticFile | null
}

export type StaticFile = {
  readonly type: string
  readonly cacheControl: string
  /** From the content; weak, because the compressed form shares it (RFC 9110, 8.8.3). */
  readonly etag: string
  readonly body: Buffer
  /** Null where it would not be smaller. */
  readonly gzipped: Buffer | null
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.tflite': 'application/octet-stream',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
const packed = new Set(['.mp3', '.png', '.webp', '.woff2'])

const compress = promisify(gzip)

export async function loadStaticFiles(folder: string): Promise<StaticFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = new Map<string, StaticFile>()
  await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name)
        const url = `/${relative(folder, path).split(sep).join('/')}`
        if (!url.includes('/.') && extname(url) in types) files.set(url, await loadFile(path, url))
      }),
  )
  return {
    find(path) {
      if (path === '/join' || path === '/check') return files.get(`${path}.html`) ?? null
      const file = files.get(path)
      if (file !== undefined) return file
      // Routes of the app have no dot; what has one is a file, and it is not there.
      return path.includes('.') ? null : (files.get('/index.html') ?? null)
    },
  }
}

async function loadFile(path: string, url: string): Promise<StaticFile> {
  const body = await readFile(path)
  const extension = extname(url)
  const small = packed.has(extension) ? null : await readCompressed(path, body)
  return {
    type: types[extension] ?? 'application/octet-stream',
    // Names under /assets carry a hash of their content.
    cacheControl: url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    body,
    gzipped: small !== null && small.length < body.length ? small : null,
  }
}

async function readCompressed(path: string, body: Buffer): Promise<Buffer> {
  try {
    return await readFile(`${path}.gz`)
  } catch {
    return compress(body, { level: 9 })
  }
}
