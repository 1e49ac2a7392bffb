import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from '../source-graph.ts'

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

export type ServedScreens = {
  /** `popup.html` or `options.html` there. */
  readonly url: string
  /** Bytes of every file, gzipped, by its path. */
  readonly sizes: ReadonlyMap<string, number>
  close(): Promise<void>
}

/** Popup and options as they are shipped, under the shipped content security policy, at an ordinary address. */
export async function serveScreens(): Promise<ServedScreens> {
  const folder = join(root, 'dist/extension/chromium')
  const manifest: { content_security_policy: { extension_pages: string } } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    try {
      const body = await readFile(join(folder, normalize(path)))
      const type = types[extname(path)] ?? 'application/octet-stream'
      response
        .writeHead(200, { 'content-type': type, 'content-security-policy': manifest.content_security_policy.extension_pages })
        .end(body)
    } catch {
      response.writeHead(path === '/favicon.ico' ? 204 : 404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
  const sizes = new Map<string, number>()
  for (const file of files) {
    const path = join(file.parentPath, file.name)
    sizes.set(path.slice(folder.length + 1), gzipSync(await readFile(path), { level: 9 }).length)
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    sizes,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
