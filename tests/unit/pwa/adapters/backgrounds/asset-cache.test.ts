import { describe, expect, it } from 'vitest'
import { type AssetDoors, loadAssets } from '../../../../../pwa/src/adapters/backgrounds/asset-cache.ts'
import type { AssetFiles } from '../../../../../pwa/src/adapters/backgrounds/asset-files.ts'
import { keepToOwnServer } from '../../../../../pwa/src/adapters/backgrounds/worker/segmenter.ts'

const files: AssetFiles = {
  folder: '/assets/app/backgrounds/0123',
  files: [
    { name: 'compositor.wasm', bytes: 10 },
    { name: 'selfie-landscape.tflite', bytes: 30 },
  ],
}
const names = ['compositor.wasm', 'selfie-landscape.tflite'] as const

/** A cache in memory, with as much of the interface as is used. */
function fakeCache(full = false, broken = false) {
  const kept = new Map<string, Response>()
  const at = (url: string) => new URL(url, 'https://alcove.test').href
  const cache = {
    match: async (url: string) => {
      if (broken) throw new DOMException('The disk is broken', 'UnknownError')
      return kept.get(at(url))?.clone()
    },
    put: async (url: string, response: Response) => {
      if (full) throw new DOMException('The disk is full', 'QuotaExceededError')
      kept.set(at(url), response)
    },
    keys: async () => {
      if (broken) throw new DOMException('The disk is broken', 'UnknownError')
      return [...kept.keys()].map((url) => ({ url }))
    },
    delete: async (request: string | { url: string }) => kept.delete(typeof request === 'string' ? at(request) : request.url),
  }
  return { kept, cache: cache as unknown as Cache }
}

function world(options: { readonly status?: number; readonly full?: boolean; readonly broken?: boolean; readonly cut?: number } = {}) {
  const asked: string[] = []
  const { kept, cache } = fakeCache(options.full, options.broken)
  const doors: AssetDoors = {
    fetch: async (url, { signal }) => {
      signal.throwIfAborted()
      asked.push(url)
      const bytes = files.files.find((file) => url.endsWith(file.name))?.bytes ?? 0
      const sent = bytes - (options.cut ?? 0)
      return new Response(new Uint8Array(sent).fill(7), { status: options.status ?? 200, headers: { 'content-type': 'application/wasm' } })
    },
    openCache: async () => cache,
  }
  const progress: number[] = []
  const load = (signal = new AbortController().signal) =>
    loadAssets(doors, files, names, signal, ({ loadedBytes, totalBytes }) => progress.push(loadedBytes / totalBytes))
  return { asked, kept, progress, load }
}

describe('what backgrounds are made of', () => {
  it('is fetched once, with its progress, and kept', async () => {
    const { asked, progress, load } = world()
    const first = await load()
    expect((await first.get('selfie-landscape.tflite')?.arrayBuffer())?.byteLength).toBe(30)
    expect(first.get('compositor.wasm')?.headers.get('content-type')).toBe('application/wasm')
    expect(progress.at(-1)).toBe(1)
    expect([...progress].sort((a, b) => a - b)).toEqual(progress)
    const second = await load()
    expect((await second.get('compositor.wasm')?.arrayBuffer())?.byteLength).toBe(10)
    expect(asked).toHaveLength(2)
  })

  it('is fetched each time when the disk is full, and works all the same', async () => {
    const { asked, load } = world({ full: true })
    for (let i = 0; i < 2; i++) expect((await load()).size).toBe(2)
    expect(asked).toHaveLength(4)
  })

  it('is fetched each time when the cache itself is broken', async () => {
    const { asked, load } = world({ broken: true })
    for (let i = 0; i < 2; i++) expect((await load()).size).toBe(2)
    expect(asked).toHaveLength(4)
  })

  it('is not kept when it is not whole, and fetched again when what was kept is not', async () => {
    const halved = world({ cut: 3 })
    await expect(halved.load()).rejects.toThrow('compositor.wasm has 7 bytes, not 10')
    expect(halved.kept.size).toBe(0)
    const { asked, kept, load } = world()
    const url = 'https://alcove.test/assets/app/backgrounds/0123/compositor.wasm'
    kept.set(url, new Response('<!doctype html>Please sign in'))
    expect((await (await load()).get('compositor.wasm')?.arrayBuffer())?.byteLength).toBe(10)
    expect(asked).toHaveLength(2)
    expect(kept.get(url)?.headers.get('content-length')).toBe('10')
  })

  it('leaves nothing of an older version', async () => {
    const { kept, load } = world()
    kept.set('https://alcove.test/assets/app/backgrounds/older/compositor.wasm', new Response('old'))
    // The service worker sees to these.
    for (const name of ['frame-worker-a1B2c3D4.js', 'images/forest-small-a1B-_3D4.webp']) {
      kept.set(`https://alcove.test/assets/app/backgrounds/${name}`, new Response(name))
    }
    await load()
    expect([...kept.keys()].filter((url) => url.includes('older'))).toEqual([])
    expect(kept.size).toBe(4)
  })

  it('can be cancelled, and keeps what no server gave', async () => {
    const cancelled = world()
    const abort = new AbortController()
    abort.abort()
    await expect(cancelled.load(abort.signal)).rejects.toThrow()
    expect(cancelled.asked).toEqual([])
    const missing = world({ status: 404 })
    await expect(missing.load()).rejects.toThrow('not served (404)')
    expect(missing.kept.size).toBe(0)
  })
})

describe('the worker', () => {
  it('asks no server but ours, whatever its libraries want', async () => {
    const asked: string[] = []
    const scope = {
      location: { origin: 'https://alcove.test', href: 'https://alcove.test/assets/app/backgrounds/worker.js' },
      fetch: (async (input: RequestInfo | URL) => {
        asked.push(String(input))
        return new Response('ours')
      }) as typeof fetch,
    }
    keepToOwnServer(scope)
    await scope.fetch('/assets/app/backgrounds/0123/compositor.wasm')
    await scope.fetch(new URL('https://alcove.test/x'))
    await expect(scope.fetch('https://odml.pa.googleapis.com/v1/log', { method: 'POST' })).rejects.toThrow('Only our own server')
    await expect(scope.fetch(new Request('https://example.org/'))).rejects.toThrow('Only our own server')
    expect(asked).toEqual(['/assets/app/backgrounds/0123/compositor.wasm', 'https://alcove.test/x'])
  })
})
