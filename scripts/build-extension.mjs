import './node-version.mjs'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { config, ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { main, root } from './run.mjs'

const targets = ['chromium', 'firefox', 'safari']

/** What only Chromium uses. */
const ofChromium = /^(?:offscreen\.html|assets\/offscreen-.*)$/

/** So that the same sources make the same bytes. */
const mtime = '2026-01-01T00:00:00Z'

/**
 * `dist/extension/{chromium,firefox,safari}` and a zip of each. `development`: with localhost among the sites it may see, in
 * `dist/extension-development`.
 */
export async function ensureExtensionBuilt(variant = 'shipped') {
  process.env.ALCOVE_EXTENSION = variant
  await ensureBuilt([
    {
      name: 'the extension',
      folder: variant === 'shipped' ? 'extension' : `extension-${variant}`,
      modes: ['extension', 'extension-background', 'extension-content'],
      sources: ['extension', 'shared/src', ...config],
      finish: dealOut,
    },
  ])
}

async function dealOut(folder) {
  // Not before everything is installed: this file is read by a fresh clone's first command.
  const { zipSync } = await import('fflate')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
  const shared = files.filter((path) => !path.startsWith('manifest.'))
  const { version } = JSON.parse(readFileSync(join(root, 'extension/package.json'), 'utf8'))
  for (const target of targets) {
    const own = join(folder, target)
    mkdirSync(own)
    for (const path of shared.filter((one) => target === 'chromium' || !ofChromium.test(one))) {
      cpSync(join(folder, path), join(own, path), { recursive: true })
    }
    renameSync(join(folder, `manifest.${target}.json`), join(own, 'manifest.json'))
    const packed = ['manifest.json', ...shared].filter((path) => target === 'chromium' || !ofChromium.test(path))
    const contents = Object.fromEntries(packed.map((path) => [path, new Uint8Array(readFileSync(join(own, path)))]))
    writeFileSync(join(folder, `alcove-${target}-${version}.zip`), zipSync(contents, { level: 9, mtime }))
  }
  for (const path of shared) rmSync(join(folder, path), { force: true })
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    if (!targets.includes(name)) rmSync(join(folder, name), { recursive: true })
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await ensureInstalled()
    await ensureExtensionBuilt(argv.includes('--development') ? 'development' : 'shipped')
  })
}
