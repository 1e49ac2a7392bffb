import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveContenders } from '../support/backgrounds/bench/contenders.ts'
import { cameraSize } from '../support/backgrounds/bench/round.ts'
import { soak } from '../support/backgrounds/bench/scenes.ts'
import { filmPerson } from '../support/backgrounds/person-film.ts'
import { openProfile } from '../support/chromium.ts'

/**
 * A blurred 720p camera for a long time: memory of all processes of the browser (each one's share), and frames that were not closed.
 * `npm run bench -- backgrounds-soak [minutes]`, 20 by default.
 */
const minutes = Number(process.argv[2] ?? 20)
const goal = 0.05

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'alcove-films-'))
  const contenders = await serveContenders()
  try {
    const film = join(folder, 'moving.y4m')
    const studio = await openProfile()
    await studio.page.evaluate('globalThis.__name = (value) => value')
    await filmPerson(studio.page, film, { ...cameraSize, frames: 60, sway: 80, grain: 6 })
    await studio.close()
    const { firstMiB, lastMiB, growth, open, fps } = await soak(contenders.ours, { film }, minutes, (line) =>
      process.stdout.write(`${line}\n`),
    )
    process.stdout.write(
      `\n${minutes} minutes: ${firstMiB.toFixed(0)} MiB near the beginning, ${lastMiB.toFixed(0)} MiB at the end, ${open} unclosed frames, ${fps.toFixed(1)} distinct fps at the end\n`,
    )
    const pass = growth <= goal && open === 0
    const line = {
      name: 'backgrounds-soak',
      ours: Math.round(lastMiB),
      peer: Math.round(firstMiB),
      ratio: Number((growth + 1).toFixed(3)),
      goal: 1 + goal,
      pass,
    }
    process.stdout.write(`\n${JSON.stringify(line)}\n`)
    if (!pass) process.exitCode = 1
  } finally {
    await contenders.close()
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
process.exit()
