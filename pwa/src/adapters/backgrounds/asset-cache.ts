import { type AssetFiles, type AssetName, assetUrl } from './asset-files.ts'

/** Also known to the service worker, which answers with it. */
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
    const kept = await cache?.match(url)
    if (kept) {
      loaded.set(name, kept)
      count(sizeOf(name))
      continue
    }
    const response = await doors.fetch(url, { signal })
    if (!response.ok || !response.body) throw new Error(`${name} was not served (${response.status})`)
    const body = await readAll(response.body, count)
    const whole = () => new Response(body, { headers: { 'content-type': response.headers.get('content-type') ?? '' } })
    await keep(cache, url, whole())
    loaded.set(name, whole())
  }
  await forgetOthers(cache, files)
  return loaded
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

async function forgetOthers(cache: Cache | null, files: AssetFiles): Promise<void> {
  if (!cache) return
  for (const request of await cache.keys()) {
    if (!new URL(request.url).pathname.startsWith(`${files.folder}/`)) await cache.delete(request)
  }
}
