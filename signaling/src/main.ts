import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readConfig } from './config.ts'
import { createLog, errorFields } from './log.ts'
import { start } from './start.ts'
import { startupProblem } from './startup-problem.ts'
import { welcomeLines } from './welcome.ts'

const config = readConfig(process.env, process.argv.slice(2))
if (!config.ok) {
  console.error(['Alcove cannot start:', ...config.error.map((mistake) => `  ${mistake}`)].join('\n'))
  process.exit(1)
}
const log = createLog(config.value.logLevel)
// The built pages lie beside the built server; in development another process serves them.
const pages = fileURLToPath(new URL('../pwa/', import.meta.url))
const pagesFolder = existsSync(`${pages}index.html`) ? pages : null

const server = await start(config.value, log, pagesFolder).catch((error: unknown) => {
  console.error(`Alcove cannot start: ${startupProblem(error, config.value)}`)
  process.exit(1)
})
console.log(welcomeLines(config.value, server.port, server.addresses).join('\n'))

async function leave(exitCode: number): Promise<void> {
  await server.drain()
  process.exit(exitCode)
}
process.once('SIGTERM', () => void leave(0))
process.once('SIGINT', () => void leave(0))
process.once('uncaughtException', (error) => {
  log.error('crash', errorFields(error))
  void leave(1)
})
