import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// Loaded into a server under test (`node --import`): at SIGUSR2 it collects garbage and prints what is left.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
let count = 0
process.on('SIGUSR2', async () => {
  for (let i = 0; i < 3; i++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  count += 1
  const { heapUsed, external, rss } = process.memoryUsage()
  process.stderr.write(`heap-probe ${count} ${heapUsed} ${external} ${rss} ${process.getActiveResourcesInfo().length}\n`)
})
