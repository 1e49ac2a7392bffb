import './node-version.mjs'
import { argv, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { main, runQuietly, seconds, tools } from './run.mjs'

/** One per island of types: what a folder's tsconfig leaves out, its code cannot name. */
const islands = ['.', 'shared', 'shared/src/crypto', 'signaling', 'pwa', 'pwa/src/sw', 'extension', 'tests']

const typesAndLint = [
  ...islands.map((folder) => ({ name: `types of ${folder === '.' ? 'vite.config.ts' : folder}`, args: [tools.tsc, '-p', folder] })),
  { name: 'lint and format', args: [tools.biome, 'check', '--error-on-warnings', '--max-diagnostics=50'] },
]
const architecture = { name: 'architecture', args: [tools.vitest, 'run', '--project', 'unit', 'tests/architecture.test.ts'] }

/** @returns how many of the checks of types, lint and format passed and failed, and which failed; says what failed. */
export async function checkTypesAndLint() {
  return runChecks(typesAndLint)
}

async function runChecks(checks) {
  const queue = [...checks]
  const failed = []
  async function worker() {
    for (let check = queue.shift(); check; check = queue.shift()) {
      const { ok, output, tookMs } = await runQuietly(execPath, check.args, { NO_COLOR: '1' })
      console.log(`${ok ? 'ok    ' : 'FAILED'} ${check.name} (${seconds(tookMs)})`)
      if (!ok) failed.push({ name: check.name, output })
    }
  }
  await Promise.all([worker(), worker()])
  for (const { name, output } of failed) console.log(`\n--- ${name}\n${output.trim()}\n`)
  return { passed: checks.length - failed.length, failed: failed.length, names: failed.map(({ name }) => name) }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await ensureInstalled()
    const { passed, failed } = await runChecks([...typesAndLint, architecture])
    console.log(failed === 0 ? `All ${passed} checks passed.` : `${failed} of ${passed + failed} checks failed.`)
    process.exitCode = failed === 0 ? 0 : 1
  })
}
