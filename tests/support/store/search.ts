import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** The ways in which a text may lie in bytes: UTF-8 (and latin1), UTF-16 both ways round, base64 at each of three offsets. */
export function tracesOf(text: string): readonly { readonly form: string; readonly bytes: Buffer }[] {
  const utf16 = Buffer.from(text, 'utf16le')
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]).toString('base64')
    // Without the characters that the neighbours decide.
    return { form: `base64+${offset}`, bytes: Buffer.from(encoded.replaceAll('=', '').slice(offset === 0 ? 0 : offset + 1, -1)) }
  })
  return [
    { form: 'utf-8', bytes: Buffer.from(text) },
    { form: 'latin1', bytes: Buffer.from(text, 'latin1') },
    { form: 'utf-16le', bytes: utf16 },
    { form: 'utf-16be', bytes: Buffer.from(utf16).swap16() },
    ...base64,
  ]
}

/** Which planted texts are in the bytes, and how. */
export function findIn(bytes: Buffer, planted: readonly string[]): readonly string[] {
  return planted.flatMap((text) =>
    tracesOf(text)
      .filter((trace) => bytes.includes(trace.bytes))
      .map(({ form }) => `${text} (${form})`),
  )
}

/** Planted texts in any file below a folder. */
export async function findInFiles(folder: string, planted: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    found.push(...findIn(await readFile(path), planted).map((what) => `${what} in ${path.slice(folder.length)}`))
  }
  return found
}

/**
 * Everything that scripts of a page's origin have stored: every row and key of every IndexedDB, Cache Storage, localStorage,
 * sessionStorage and cookies. Bytes come as latin1 text, so that every encoding can be looked for in them.
 */
export async function dumpStorage(page: Page): Promise<Buffer> {
  const pieces = await page.evaluate(async () => {
    const out: string[] = []
    const latin1 = (buffer: ArrayBuffer) => Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')

    async function walk(value: unknown): Promise<void> {
      if (typeof value === 'string') out.push(value)
      else if (value instanceof ArrayBuffer) out.push(latin1(value))
      else if (ArrayBuffer.isView(value))
        out.push(latin1(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength) as ArrayBuffer))
      else if (value instanceof Blob) out.push(latin1(await value.arrayBuffer()))
      else if (value instanceof CryptoKey) out.push(value.extractable ? JSON.stringify(await crypto.subtle.exportKey('jwk', value)) : '')
      else if (value instanceof Object) {
        for (const [key, part] of value instanceof Map ? value : Object.entries(value)) {
          await walk(key)
          await walk(part)
        }
      } else out.push(String(value))
    }

    function settled<T>(request: IDBRequest<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    }

    for (const { name = '' } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name))
      out.push(name)
      for (const storeName of database.objectStoreNames) {
        const store = database.transaction(storeName).objectStore(storeName)
        const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())])
        out.push(storeName, `rows: ${values.length}`)
        await walk([keys, values])
      }
      database.close()
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const response = await cache.match(request)
        out.push(name, request.url, response ? latin1(await response.arrayBuffer()) : '')
      }
    }
    await walk([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie, location.href, document.title])
    return out
  })
  // UTF-8 for text, latin1 for what were bytes: both are searched.
  const all = pieces.join('\n')
  return Buffer.concat([Buffer.from(all), Buffer.from(all, 'latin1')])
}
