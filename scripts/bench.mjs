import './node-version.mjs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowsers } from './browsers.mjs'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { Failure, main, root, tools } from './run.mjs'

await main(async () => {
  const [name, ...args] = process.argv.slice(2)
  const folder = join(root, 'tests/bench')
  if (!name || !existsSync(join(folder, `${name}.ts`))) {
    const known = existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.endsWith('.ts'))
          .map((file) => file.slice(0, -3))
      : []
    throw new Failure(`Usage: npm run bench -- <name>, one of: ${known.join(', ') || '(none yet)'}`)
  }
  await ensureInstalled()
  await ensureBuilt()
  await ensureBrowsers(name.endsWith('-firefox') ? ['firefox', 'virtualScreen'] : ['chromium'])
  const child = spawn(process.execPath, [tools.tsx, `tests/bench/${name}.ts`, ...args], { cwd: root, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  process.exitCode = code ?? 1
})
