import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { doAloud, root, runQuietly } from './run.mjs'

/** Installs npm packages if, and only if, what lies in node_modules is not what package-lock.json says. */
export async function ensureInstalled() {
  const missing = missingPackages()
  if (missing.length === 0) return
  const fresh = !existsSync(join(root, 'node_modules'))
  const what = fresh ? 'Installing npm packages (once, about a minute)' : `Updating npm packages (${some(missing)})`
  // Not `npm ci`: it refuses a lockfile that lacks the optional packages of other platforms, which a registry mirror may not carry.
  await doAloud(what, [() => runQuietly('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'])])
}

function missingPackages() {
  const wanted = packagesOf('package-lock.json')
  const present = packagesOf('node_modules/.package-lock.json')
  return Object.entries(wanted)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.optional && !entry.devOptional)
    .filter(([path, entry]) => present[path]?.version !== entry.version || !existsSync(join(root, path)))
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
}

function packagesOf(lockfile) {
  const path = join(root, lockfile)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {}
}

function some(names) {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}
