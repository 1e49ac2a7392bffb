import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { doAloud, Failure, runQuietly } from './run.mjs'

/**
 * The browsers of the tests, and the relay that they try, come from the system. Each: the names of its program, a variable that overrules them, and
 * the Debian package that has it.
 */
const programs = {
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    variable: 'CHROMIUM',
    packages: ['chromium'],
  },
  firefox: { names: ['firefox-esr', 'firefox'], variable: 'FIREFOX', packages: ['firefox-esr'] },
  webkitDriver: { names: ['WebKitWebDriver'], variable: 'WEBKIT_DRIVER', packages: ['webkit2gtk-driver'] },
  virtualScreen: { names: ['Xvfb'], variable: 'XVFB', packages: ['xvfb', 'xauth'] },
  turnServer: { names: ['turnserver'], variable: 'TURNSERVER', packages: ['coturn'] },
}

/** @returns {string | null} the path of the program, null when it is not installed. */
export function findProgram(which) {
  const { names, variable } = programs[which]
  const chosen = process.env[variable]
  if (chosen) return chosen
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name)
      if (isExecutable(path)) return path
    }
  }
  return null
}

/** WebKitGTK's own small browser lies outside PATH, beside its library. */
export function findMiniBrowser() {
  for (const library of ['/usr/lib', '/usr/libexec', '/usr/lib64']) {
    for (const folder of foldersOf(library).flatMap((one) => [one, ...foldersOf(one)])) {
      const path = join(folder, 'MiniBrowser')
      if (/webkit2?gtk-/.test(folder) && isExecutable(path)) return path
    }
  }
  return null
}

/** Installs the browsers that are missing, where it may; else says which command would. */
export async function ensureBrowsers(wanted = Object.keys(programs)) {
  const missing = wanted.filter((which) => !findProgram(which))
  if (missing.length === 0) return
  const packages = missing.flatMap((which) => programs[which].packages)
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages]
  const prefix = await rightToInstall()
  if (prefix === null) {
    throw new Failure(
      `The tests need programs that are not installed here: ${missing.join(', ')}. As an administrator, run\n` +
        `  apt-get update && ${command.join(' ')}\n` +
        `or name your own programs in ${missing.map((which) => programs[which].variable).join(', ')}.`,
    )
  }
  const apt = (args) => () => runQuietly(...withPrefix([...prefix, ...args]), { DEBIAN_FRONTEND: 'noninteractive' })
  await doAloud(`Installing ${packages.join(', ')} with apt-get`, [apt(['apt-get', 'update']), apt(command)])
}

/** The words in front of apt-get, or null when this user may not install, or there is no apt-get. */
async function rightToInstall() {
  if (!existsSync('/usr/bin/apt-get')) return null
  if (process.getuid?.() === 0) return []
  const sudo = await runQuietly('sudo', ['-n', 'true'])
  return sudo.ok ? ['sudo', '-n'] : null
}

const withPrefix = ([command, ...args]) => [command, args]

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function foldersOf(path) {
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(path, entry.name))
}
