import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const compress = promisify(gzip)
/** Compressed already. */
const packed = new Set(['.gz', '.mp3', '.png', '.webp', '.woff2'])

/** Puts `x.gz` beside every x that becomes smaller by it, once, so that no server has to at every start. */
export async function precompress(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  await Promise.all(
    entries
      .filter((entry) => entry.isFile() && !packed.has(extname(entry.name)))
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name)
        const body = await readFile(path)
        const small = await compress(body, { level: 9 })
        if (small.length < body.length) await writeFile(`${path}.gz`, small)
      }),
  )
}
