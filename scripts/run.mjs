import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** The JavaScript behind each command line tool: run with this very Node, without a shell and without npx. */
export const tools = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  tsc: 'node_modules/typescript/bin/tsc',
  tsx: 'node_modules/tsx/dist/cli.mjs',
  vite: 'node_modules/vite/bin/vite.js',
  vitest: 'node_modules/vitest/vitest.mjs',
}

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`

/** Runs to the end and keeps what it printed. @returns {Promise<{ ok: boolean, output: string, tookMs: number }>} */
export function runQuietly(command, args, env = {}) {
  const startedAt = Date.now()
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (bytes) => (output += bytes))
    child.stderr.on('data', (bytes) => (output += bytes))
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n`, tookMs: Date.now() - startedAt }))
    child.on('close', (code) => resolve({ ok: code === 0, output, tookMs: Date.now() - startedAt }))
  })
}

/** Says what is being done, again every 15 s, and what came of it; ends the program with the output when it fails. */
export async function doAloud(what, steps) {
  console.log(`${what} ...`)
  const startedAt = Date.now()
  const ticker = setInterval(() => console.log(`  still at it after ${Math.round((Date.now() - startedAt) / 1000)} s`), 15_000)
  try {
    for (const step of steps) {
      const { ok, output } = await step()
      if (ok) continue
      console.error(output)
      throw new Failure(`${what}: failed. What it said stands above.`)
    }
  } finally {
    clearInterval(ticker)
  }
  console.log(`  done in ${seconds(Date.now() - startedAt)}`)
}

/** A failure that is already explained: only its message is shown. */
export class Failure extends Error {}

/** The body of a script: a Failure becomes a line and an exit code. */
export async function main(body) {
  try {
    await body()
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error)
    process.exitCode = 1
  }
}
