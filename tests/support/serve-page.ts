import { rmSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import solid from 'vite-plugin-solid'

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

export type ServedPage = { readonly url: string; close(): Promise<void> }

/** By name. The test files of one process build each page once. */
const built = new Map<string, Promise<string>>()

async function buildPage(name: string): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), `alcove-${name}-`))
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
  await build({
    configFile: false,
    root: fileURLToPath(new URL(`./pages/${name}`, import.meta.url)),
    plugins: [solid()],
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, minify: false, target: 'es2022', reportCompressedSize: false },
  })
  return outDir
}

/** Builds a page of tests/support/pages and serves it at an address of its own. */
export async function servePage(name: string): Promise<ServedPage> {
  const building = built.get(name) ?? buildPage(name)
  built.set(name, building)
  const outDir = await building
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = join(outDir, normalize(path === '/' ? '/index.html' : path))
    try {
      const body = await readFile(file)
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body)
    } catch {
      response.writeHead(extname(path) === '' || path === '/favicon.ico' ? 204 : 404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
