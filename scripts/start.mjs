import './node-version.mjs'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { main } from './run.mjs'

await main(async () => {
  await ensureInstalled()
  await ensureBuilt()
  // The server runs in this very process: it reads the flags from the command line and gets the signals itself.
  process.setSourceMapsEnabled(true)
  await import('../dist/signaling/main.js')
})
