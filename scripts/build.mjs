import './node-version.mjs'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { argv, execPath, pid } from 'node:process'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { precompress } from './precompress.mjs'
import { doAloud, main, root, runQuietly, tools } from './run.mjs'

/** What has a part in making the pages. */
const making = ['scripts/backgrounds-plugin.mjs', 'scripts/build-compositor.mjs', 'scripts/prepare-model.mjs', 'scripts/precompress.mjs']
export const config = ['vite.config.ts', 'tsconfig.base.json', 'package-lock.json']
const parts = [
  {
    name: 'the pages',
    folder: 'pwa',
    modes: ['app', 'join', 'check'],
    sources: ['pwa', 'shared/src', ...making, ...config],
    finish: precompress,
  },
  { name: 'the server', folder: 'signaling', modes: ['signaling'], sources: ['signaling/src', 'shared/src', ...config] },
]

/**
 * Builds the parts whose sources are not those of the last build. A part's `finish`, if it has one, is given the folder of what
 * was built, before that takes the place of the last one.
 */
export async function ensureBuilt(wanted = parts) {
  for (const part of wanted) {
    const hash = hashOf(part.sources)
    const stamp = join(root, 'dist', `${part.folder}.stamp`)
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) continue
    await build(part)
    writeFileSync(stamp, hash)
  }
}

/** Also when a test run, whose NODE_ENV is another, finds nothing built: pages for development are larger and slower. */
const production = { NODE_ENV: 'production' }

/** Into a folder of its own first, so that a failed build leaves the last good one in its place. */
async function build(part) {
  const fresh = join(root, 'dist', `.${part.folder}-${pid}`)
  const target = join(root, 'dist', part.folder)
  mkdirSync(fresh, { recursive: true })
  sweep(part.folder)
  try {
    const steps = part.modes.map((mode) => () => runQuietly(execPath, [tools.vite, 'build', '--mode', mode, '--outDir', fresh], production))
    await doAloud(`Building ${part.name}`, steps)
    await part.finish?.(fresh)
    rmSync(target, { recursive: true, force: true })
    renameSync(fresh, target)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** What builds that were interrupted left behind. */
function sweep(folder) {
  for (const name of readdirSync(join(root, 'dist'))) {
    const builder = new RegExp(`^\\.${folder}-(\\d+)$`).exec(name)?.[1]
    if (builder && !isRunning(Number(builder))) rmSync(join(root, 'dist', name), { recursive: true, force: true })
  }
}

function isRunning(builder) {
  try {
    process.kill(builder, 0)
    return true
  } catch {
    return false
  }
}

function hashOf(sources) {
  const hash = createHash('sha256')
  for (const path of sources.flatMap((source) => filesUnder(join(root, source)))) {
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesUnder(path) {
  if (!existsSync(path)) return []
  const entries = readdirSync(dirname(path), { withFileTypes: true })
  if (entries.find((entry) => join(dirname(path), entry.name) === path)?.isFile()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]))
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await ensureInstalled()
    await ensureBuilt()
  })
}
