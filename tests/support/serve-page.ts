import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import solid from 'vite-plugin-solid'

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

export type ServedPage = { readonly url: string; close(): Promise<void> }

/** Where the processes of one run find what one of them has built (tests/support/build-first.ts). */
const folder = process.env.ALCOVE_PAGES ?? mkdtempSync(join(tmpdir(), 'alcove-pages-'))
if (folder !== process.env.ALCOVE_PAGES) process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** The folder of the built page. Whoever comes first builds it; the others wait. */
async function builtPage(name: string): Promise<string> {
  const [target, lock] = [join(folder, name), join(folder, `${name}.lock`)]
  for (let waits = 0; !existsSync(target); waits += 1) {
    const isMine = await mkdir(lock).then(
      () => true,
      () => false,
    )
    if (isMine) {
      const building = existsSync(target) ? Promise.resolve() : buildPage(name, target)
      await building.finally(() => rm(lock, { recursive: true }))
      break
    }
    if (waits > 600) throw new Error(`${name} was not built within a minute`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return target
}

async function buildPage(name: string, target: string): Promise<void> {
  const outDir = `${target}.new`
  await build({
    configFile: false,
    root: fileURLToPath(new URL(`./pages/${name}`, import.meta.url)),
    plugins: [solid()],
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, minify: false, target: 'es2022', reportCompressedSize: false },
  })
  await rename(outDir, target)
}

/** Builds a page of tests/support/pages and serves it at an address of its own. */
export async function servePage(name: string): Promise<ServedPage> {
  const outDir = await builtPage(name)
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
