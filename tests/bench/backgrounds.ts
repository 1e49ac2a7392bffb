import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { prepareModel } from '../../scripts/prepare-model.mjs'
import { filmPerson } from '../support/backgrounds/person-film.ts'
import { type ServedLab, serveLab } from '../support/backgrounds/serve-lab.ts'
import { openProfile, type Profile } from '../support/chromium.ts'

/**
 * Blur of a 1280x720 camera at 30 fps, ours against @livekit/track-processors 0.8.1 with the same kind of model, in turn, each in a fresh
 * Chromium on the same film: distinct frames a second, processor time of all browser processes for each of them, how long the
 * main thread stood still at most, from the click to the first processed frame, and frames that leaked before it. Medians.
 *
 * `npm run bench -- backgrounds [rounds] [seconds]`
 */
const rounds = Number(process.argv[2] ?? 5)
const seconds = Number(process.argv[3] ?? 10)
const size = { width: 1280, height: 720 }

type Round = { fps: number; cpuMsPerFrame: number; cores: number; longestGapMs: number; firstMs: number; leaked: number }

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'alcove-bench-'))
  const film = join(folder, 'person.y4m')
  const ours = await serveLab()
  const peer = await serveLab({ page: 'backgrounds-peer', files: peerFiles(), policy: false })
  try {
    const studio = await openProfile()
    // tsx wraps named functions in a helper that pages do not have.
    await studio.page.evaluate('globalThis.__name = (value) => value')
    await filmPerson(studio.page, film, { ...size, frames: 60, sway: 80, grain: 6 })
    await studio.close()
    const results = { ours: [] as Round[], peer: [] as Round[] }
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const)
      for (const who of order) {
        const measured = await measure(who, who === 'ours' ? ours : peer, film)
        results[who].push(measured)
        console.log(`round ${round + 1}, ${who}: ${describe(measured)}`)
      }
    }
    report(middle(results.ours), middle(results.peer))
  } finally {
    await ours.close()
    await peer.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The peer pins a runtime of its own, which loads a model with our metadata as well. */
function peerFiles(): ReadonlyMap<string, Uint8Array> {
  const require = createRequire(import.meta.url)
  const processors = createRequire(require.resolve('@livekit/track-processors'))
  const wasm = join(dirname(processors.resolve('@mediapipe/tasks-vision')), 'wasm')
  const files = new Map<string, Uint8Array>()
  for (const name of readdirSync(wasm)) files.set(`/peer/${name}`, readFileSync(join(wasm, name)))
  files.set('/peer/model.tflite', prepareModel(readFileSync(require.resolve('@mediapipe/selfie_segmentation/selfie_segmentation.tflite'))))
  return files
}

async function measure(who: 'ours' | 'peer', site: ServedLab, film: string): Promise<Round> {
  const profile = await openProfile({ args: [`--use-file-for-fake-video-capture=${film}`] })
  try {
    const { page } = profile
    await page.goto(site.url)
    const { width, height } = size
    const begin = await page.evaluate(
      async ({ who, width, height }) => {
        if (who === 'peer') return window.peer.start(width, height)
        const begin = performance.now()
        await window.lab.start('blur', width, height)
        return begin
      },
      { who, width, height },
    )
    const seen = () => page.evaluate((name) => (name === 'peer' ? window.peer : window.lab).seen(), who)
    await page.waitForFunction((name) => (name === 'peer' ? window.peer : window.lab).seen().processedAt !== null, who, { timeout: 60_000 })
    await page.waitForTimeout(3000)
    const { processedAt, leaked } = await seen()
    const cpuBefore = cpuMs(profile)
    const counted = await page.evaluate(({ who, ms }) => (who === 'peer' ? window.peer : window.lab).count(ms), { who, ms: seconds * 1000 })
    const cpu = cpuMs(profile) - cpuBefore
    return {
      fps: (counted.distinct * 1000) / counted.lengthMs,
      cpuMsPerFrame: cpu / Math.max(counted.distinct, 1),
      cores: cpu / counted.lengthMs,
      longestGapMs: counted.longestGapMs,
      firstMs: (processedAt ?? Number.NaN) - begin,
      leaked,
    }
  } finally {
    await profile.close()
  }
}

/** User and system time of the browser and all its children. Linux: proc(5), in ticks of 10 ms. */
function cpuMs({ pid }: Profile): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8')
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
        return [{ pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }]
      } catch {
        return []
      }
    })
  const family = new Set([pid])
  for (let grew = true; grew; ) {
    grew = false
    for (const one of stats) {
      if (family.has(one.parent) && !family.has(one.pid)) {
        family.add(one.pid)
        grew = true
      }
    }
  }
  return stats.filter((one) => family.has(one.pid)).reduce((sum, one) => sum + one.ticks * 10, 0)
}

function middle(all: readonly Round[]): Round {
  const median = (name: keyof Round) => {
    const sorted = all.map((round) => round[name]).sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  }
  return {
    fps: median('fps'),
    cpuMsPerFrame: median('cpuMsPerFrame'),
    cores: median('cores'),
    longestGapMs: median('longestGapMs'),
    firstMs: median('firstMs'),
    leaked: median('leaked'),
  }
}

const describe = (one: Round) =>
  `${one.fps.toFixed(1)} distinct fps, ${one.cpuMsPerFrame.toFixed(1)} CPU-ms a frame (${one.cores.toFixed(2)} cores), ` +
  `main thread ${one.longestGapMs.toFixed(0)} ms at most, first frame after ${one.firstMs.toFixed(0)} ms, ${one.leaked} leaked`

function report(ours: Round, peer: Round): void {
  const line = (what: string, met: boolean, figure: string) => console.log(`${met ? 'met   ' : 'MISSED'} ${what}: ${figure}`)
  console.log(`\nours: ${describe(ours)}\npeer: ${describe(peer)}\n`)
  line('at least 28.5 distinct frames a second', ours.fps >= 28.5, ours.fps.toFixed(1))
  const ratio = peer.cpuMsPerFrame / ours.cpuMsPerFrame
  line("at most 1/14 of the peer's processor time a frame", ratio >= 14, `1/${ratio.toFixed(1)}`)
  line('no task of more than 20 ms on the main thread', ours.longestGapMs <= 20, `${ours.longestGapMs.toFixed(0)} ms`)
  line("first processed frame in half the peer's time", ours.firstMs <= peer.firstMs / 2, `${(ours.firstMs / peer.firstMs).toFixed(2)}`)
  line('nothing leaks at the start', ours.leaked === 0, `${ours.leaked}, the peer ${peer.leaked}`)
}

await main()
