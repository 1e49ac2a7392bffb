import './node-version.mjs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ensureInstalled } from './install.mjs'
import { main, root, tools } from './run.mjs'

/** `npm run simulate -- <seed>` repeats one run of the simulation; `npm run simulate -- <seed> <count>` that many from there. */
await main(async () => {
  await ensureInstalled()
  const args = [tools.tsx, 'tests/support/simulation/main.ts', ...process.argv.slice(2)]
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  process.exitCode = code ?? 1
})
