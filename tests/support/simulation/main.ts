import { argv, stderr, stdout } from 'node:process'
import { inspect } from 'node:util'
import { logModes } from './sim-mode.ts'
import { simulate } from './simulate.ts'

/**
 * `npm run simulate -- <seed>` repeats one run and tells what happened; a second number runs that many seeds from there, a word
 * (none, honest, faulty, malicious) with such a server alone.
 */
const [first = '1', count = '1', word] = argv.slice(2)
const log = logModes.find((mode) => mode === word)
const failed: number[] = []
const startedAt = performance.now()

for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  try {
    const report = await simulate(seed, { ...(log && { log }) })
    if (count === '1') stdout.write(`${inspect(report)}\n`)
  } catch (error) {
    failed.push(seed)
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  }
  const done = seed - Number(first) + 1
  if (done % 100 === 0) stdout.write(`${done} runs, ${failed.length} failed\n`)
}

const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
stdout.write(`${count} runs in ${seconds} s, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(' ')}` : ''}\n`)
process.exitCode = failed.length > 0 ? 1 : 0
