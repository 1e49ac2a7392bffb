import { type AssetFiles, type AssetName, assetUrl } from './asset-files.ts'

/** Also known to the service worker (sw/service-worker.ts), which answers with what is in it. */
export const assetCacheName = 'alcove-backgrounds'

export type AssetDoors = {
  readonly fetch: (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>
  /** Null where there is none: then the browser's own cache has to do. */
  readonly openCache: () => Promise<Cache | null>
}

export type AssetProgress = { readonly loadedBytes: number; readonly totalBytes: number }

/**
 * Fetches files once and keeps them: from the cache when they are there. Progress counts bytes of all of them together, those in the
 * cache too. Files of older versions are deleted. Rejects when one cannot be had, or when the signal says so.
 */
export async function loadAssets(
  doors: AssetDoors,
  files: AssetFiles,
  names: readonly AssetName[],
  signal: AbortSignal,
  progress: (progress: AssetProgress) => void,
): Promise<ReadonlyMap<AssetName, Response>> {
  const sizeOf = (name: AssetName) => files.files.find((file) => file.name === name)?.bytes ?? 0
  const totalBytes = names.reduce((sum, name) => sum + sizeOf(name), 0)
  let loadedBytes = 0
  const count = (bytes: number) => {
    loadedBytes += bytes
    progress({ loadedBytes: Math.min(loadedBytes, totalBytes), totalBytes })
  }
  const cache = await doors.openCache()
  const loaded = new Map<AssetName, Response>()
  for (const name of names) {
    signal.throwIfAborted()
    const url = assetUrl(files, name)
    const kept = await keptWhole(cache, url, sizeOf(name))
    if (kept) {
      loaded.set(name, kept)
      count(sizeOf(name))
      continue
    }
    const response = await doors.fetch(url, { signal })
    if (!response.ok || !response.body) throw new Error(`${name} was not served (${response.status})`)
    const body = await readAll(response.body, count)
    // Half a file, or another network's page that asks for a password, would be kept for good.
    if (body.size !== sizeOf(name)) throw new Error(`${name} has ${body.size} bytes, not ${sizeOf(name)}`)
    const headers = { 'content-type': response.headers.get('content-type') ?? '', 'content-length': String(body.size) }
    const whole = () => new Response(body, { headers })
    await keep(cache, url, whole())
    loaded.set(name, whole())
  }
  await forgetOthers(cache, files)
  return loaded
}

/** Null when it is not kept, not whole, or cannot be read: then it is fetched. */
async function keptWhole(cache: Cache | null, url: string, bytes: number): Promise<Response | null> {
  try {
    const kept = await cache?.match(url)
    if (kept?.headers.get('content-length') === String(bytes)) return kept
    // Else the service worker would answer with it again.
    if (kept) await cache?.delete(url)
    return null
  } catch {
    return null
  }
}

async function readAll(body: ReadableStream<Uint8Array>, count: (bytes: number) => void): Promise<Blob> {
  const parts: BlobPart[] = []
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new Blob(parts)
    parts.push(value as Uint8Array<ArrayBuffer>)
    count(value.length)
  }
}

/** A full disk makes it slower the next time, and nothing worse. */
async function keep(cache: Cache | null, url: string, response: Response): Promise<void> {
  try {
    await cache?.put(url, response)
  } catch {
    // Fetched again next time.
  }
}

/** What carries a hash in its own name (the worker's script, images) is the service worker's. */
async function forgetOthers(cache: Cache | null, files: AssetFiles): Promise<void> {
  try {
    for (const request of (await cache?.keys()) ?? []) {
      const { pathname } = new URL(request.url)
      if (!pathname.startsWith(`${files.folder}/`) && !/-[\w-]{8}\.\w+$/.test(pathname)) await cache?.delete(request)
    }
  } catch {
    // It is in nobody's way.
  }
}
