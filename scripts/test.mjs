import './node-version.mjs'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { argv, execPath } from 'node:process'
import { stripVTControlCharacters } from 'node:util'
import { ensureBrowsers } from './browsers.mjs'
import { ensureBuilt } from './build.mjs'
import { ensureExtensionBuilt } from './build-extension.mjs'
import { checkTypesAndLint } from './check.mjs'
import { ensureInstalled } from './install.mjs'
import { Failure, root, tools } from './run.mjs'

/**
 * `npm test`, all of it; `npm test -- hostile` one part; `npm run test:e2e -- waiting` the files of a part whose path has
 * the word. Minutes are budgets, said beside what was used. The last line is always `N passed, N failed`.
 */
const parts = [
  {
    key: 'code',
    title: 'unit, contract and integration',
    projects: ['unit', 'contract', 'integration'],
    minutes: 3,
    needsBrowsers: false,
  },
  { key: 'hostile', title: 'hostile bytes and kills', projects: ['hostile'], minutes: 2, needsBrowsers: true },
  { key: 'e2e', title: 'browsers', projects: ['e2e'], minutes: 9, needsBrowsers: true },
]

const words = argv.slice(2).filter((word) => word !== '--long')
const isLong = argv.includes('--long')
const chosen = parts.filter((part) => words.includes(part.key))
const filters = words.filter((word) => !parts.some((part) => part.key === word))

const total = { passed: 0, failed: 0 }
const report = []
/** What failed, with the first words of why: said once more at the very end, where it is found. */
const failures = []

function count({ passed, failed }) {
  total.passed += passed
  total.failed += failed
}

/** Something the tests stand on: when it fails, that is one failed test, and what needs it is not run. */
async function prepare(what, step) {
  try {
    await step()
    return true
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error)
    failures.push(`${what}: ${firstLineOf(error instanceof Error ? error.message : String(error))}`)
    report.push(`${what}: FAILED`)
    count({ passed: 0, failed: 1 })
    return false
  }
}

async function runPart(part) {
  console.log(`\n=== ${part.title}`)
  const startedAt = Date.now()
  const folder = mkdtempSync(join(tmpdir(), 'alcove-test-'))
  const results = join(folder, 'results.json')
  const projects = part.projects.flatMap((name) => ['--project', name])
  const args = [tools.vitest, 'run', ...projects, '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...filters]
  const limitMs = isLong ? 0 : part.minutes * 3 * 60_000
  const exit = await spawnAloud(args, limitMs)
  const outcome = read(results, exit.ok, part.title)
  rmSync(folder, { recursive: true, force: true })
  count(outcome)
  const minutes = (Date.now() - startedAt) / 60_000
  const remarks = [minutes > part.minutes ? 'over its budget' : '', exit.timedOut ? 'stopped: it did not end' : ''].filter(Boolean)
  report.push(
    `${part.title}: ${outcome.passed} passed, ${outcome.failed} failed, ${minutes.toFixed(1)} of ${part.minutes} minutes` +
      (remarks.length > 0 && !isLong ? ` (${remarks.join('; ')})` : ''),
  )
}

/** In a process group of its own, so that a part that hangs is stopped with all its browsers. */
function spawnAloud(args, limitMs) {
  return new Promise((resolve) => {
    const env = { ...process.env, ALCOVE_LONG: isLong ? '1' : '', ALCOVE_BUILT: '1' }
    const child = spawn(execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true })
    const killAll = () => {
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has ended already.
      }
    }
    let timedOut = false
    const timer = limitMs
      ? setTimeout(() => {
          timedOut = true
          killAll()
        }, limitMs)
      : undefined
    const interrupted = (signal) => {
      killAll()
      process.kill(process.pid, signal)
    }
    process.once('SIGINT', interrupted)
    process.once('SIGTERM', interrupted)
    child.on('close', (code) => {
      clearTimeout(timer)
      process.off('SIGINT', interrupted)
      process.off('SIGTERM', interrupted)
      resolve({ ok: code === 0 && !timedOut, timedOut })
    })
  })
}

/**
 * A test that was skipped shows nothing, so it counts as failed; so does a file that could not be loaded, a run that ended
 * badly though every test passed (an unhandled error), and a run without results.
 */
function read(results, endedWell, title) {
  let found
  try {
    found = JSON.parse(readFileSync(results, 'utf8'))
  } catch {
    failures.push(`${title}: left no results`)
    return { passed: 0, failed: 1 }
  }
  const unrun = found.numPendingTests + found.numTodoTests
  let broken = 0
  for (const file of found.testResults) {
    const path = relative(root, file.name)
    const notPassed = file.assertionResults.filter((test) => test.status !== 'passed')
    for (const test of notPassed) {
      const why = test.status === 'failed' ? firstLineOf(test.failureMessages[0] ?? '') : 'it was not run, which counts as failed'
      failures.push(`${path} > ${test.fullName}\n  ${why}`)
    }
    if (file.status !== 'failed' || notPassed.some((test) => test.status === 'failed')) continue
    broken += 1
    failures.push(`${path}\n  ${firstLineOf(file.message ?? '')}`)
  }
  const failed = found.numFailedTests + unrun + broken
  if (failed > 0 || endedWell) return { passed: found.numPassedTests, failed }
  failures.push(`${title}: every test passed, but the run ended badly`)
  return { passed: found.numPassedTests, failed: 1 }
}

function firstLineOf(text) {
  return stripVTControlCharacters(text).split('\n')[0]?.slice(0, 300) ?? ''
}

async function runAll() {
  if (!(await prepare('npm packages', ensureInstalled))) return
  if (chosen.length === 0 && filters.length === 0) {
    console.log('\n=== types, lint and format')
    const outcome = await checkTypesAndLint()
    count(outcome)
    failures.push(...outcome.names)
    report.push(`types, lint and format: ${outcome.passed} passed, ${outcome.failed} failed`)
  }
  const wanted = chosen.length > 0 ? chosen : parts
  const hasBuild = await prepare('the build', async () => {
    await ensureBuilt()
    await ensureExtensionBuilt()
  })
  const hasBrowsers = !wanted.some((part) => part.needsBrowsers) || (await prepare('the browsers', ensureBrowsers))
  for (const part of wanted) {
    if (hasBuild && (hasBrowsers || !part.needsBrowsers)) await runPart(part)
    else report.push(`${part.title}: not run`)
  }
}

await runAll()
if (failures.length > 0) console.log(`\nFailed:\n${failures.join('\n')}`)
console.log(`\n${report.join('\n')}`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
