import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserOptions, openScreen, type Renderer, type Screen, within } from '../support/backgrounds/bench/browser.ts'
import { type Contenders, serveContenders } from '../support/backgrounds/bench/contenders.ts'
import { measureFlicker } from '../support/backgrounds/bench/flicker.ts'
import { countLeaks } from '../support/backgrounds/bench/leaks.ts'
import { measureMasks } from '../support/backgrounds/bench/masks.ts'
import { type Findings, report } from '../support/backgrounds/bench/report.ts'
import { cameraSize, measureRound, type Round } from '../support/backgrounds/bench/round.ts'
import { measureCall, measureHidden } from '../support/backgrounds/bench/scenes.ts'
import { filmPerson } from '../support/backgrounds/person-film.ts'
import { openProfile } from '../support/chromium.ts'

/**
 * Blur of a 1280x720 camera at 30 fps, ours against @livekit/track-processors 0.8.1 with the same kind of model, in turn, each in a fresh
 * Chromium on the same film: a person who moves before a busy wall. The peer runs with SwiftShader and, where Xvfb and Mesa are
 * installed, with llvmpipe; for each figure it is given the better one. Medians of the rounds; the rest is measured once.
 *
 * `npm run bench -- backgrounds [rounds] [seconds]`; about 13 minutes with 5 rounds. The soak is `backgrounds-soak`.
 */
const rounds = Number(process.argv[2] ?? 5)
const seconds = Number(process.argv[3] ?? 8)
const attempts = 2

const say = (line: string) => void process.stdout.write(`${line}\n`)

/** One more try where a browser did not start, say; null, and a word of why, where that fails too. Never for ever. */
async function attempt<T>(what: string, work: () => Promise<T>, ms = 180_000): Promise<T | null> {
  for (let k = 0; k < attempts; k++) {
    try {
      return await within(ms, what, work())
    } catch (error) {
      say(`${what} failed: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return null
}

async function makeFilms(folder: string): Promise<{ readonly moving: string; readonly still: string }> {
  const films = { moving: join(folder, 'moving.y4m'), still: join(folder, 'still.y4m') }
  const studio = await openProfile()
  try {
    // tsx wraps named functions in a helper that pages do not have.
    await studio.page.evaluate('globalThis.__name = (value) => value')
    await filmPerson(studio.page, films.moving, { ...cameraSize, frames: 60, sway: 80, grain: 6 })
    await filmPerson(studio.page, films.still, { ...cameraSize, frames: 30, sway: 0, grain: 12 })
  } finally {
    await studio.close()
  }
  return films
}

type Side = 'ours' | Renderer

async function runRounds(contenders: Contenders, film: string, screen: Screen | null): Promise<Record<Side, Round[]>> {
  const results: Record<Side, Round[]> = { ours: [], SwiftShader: [], llvmpipe: [] }
  const sides: readonly Side[] = screen ? ['ours', 'SwiftShader', 'llvmpipe'] : ['ours', 'SwiftShader']
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
      const options: BrowserOptions = { film, screen, renderer: side === 'ours' ? 'SwiftShader' : side }
      const measured = await attempt(`round ${round + 1}, ${side}`, () =>
        measureRound(side === 'ours' ? contenders.ours : contenders.peer, options, seconds),
      )
      if (!measured) continue
      if (side === 'llvmpipe' && !/llvmpipe/.test(measured.renderer)) {
        say(`no llvmpipe here (${measured.renderer}): left out`)
        screen = null
        continue
      }
      results[side].push(measured)
      say(
        `round ${round + 1}, ${side === 'ours' ? side : `peer with ${side}`}: ${measured.fps.toFixed(1)} distinct fps, ` +
          `${measured.cpuMsPerFrame.toFixed(1)} CPU-ms a frame (${measured.cores.toFixed(2)} cores), longest task ${measured.longestTaskMs.toFixed(0)} ms ` +
          `(gap ${measured.longestGapMs.toFixed(0)} ms), first frame after ${measured.firstMs.toFixed(0)} ms, ${measured.coldBytes} bytes`,
      )
    }
  }
  return results
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'alcove-films-'))
  const screen = await openScreen().catch(() => null)
  const contenders = await serveContenders()
  try {
    const { moving, still } = await makeFilms(folder)
    const film = { film: moving }
    const results = await runRounds(contenders, moving, screen)
    const findings: Findings = {
      ...results,
      leaks: await attempt('leaks of ours', () => countLeaks(contenders.ours, film)),
      peerLeaks: await attempt('leaks of the peer', () => countLeaks(contenders.peer, film)),
      call: await attempt('the call', () => measureCall(contenders.ours, film, seconds)),
      hidden: await attempt('the hidden tab', () => measureHidden(contenders.ours, film, seconds)),
      flicker: await attempt('flicker of ours', () => measureFlicker(contenders.ours, { film: still })),
      peerFlicker: await attempt('flicker of the peer', () => measureFlicker(contenders.peer, { film: still })),
      masks: await attempt('the masks', measureMasks),
    }
    if (!report(findings, say)) process.exitCode = 1
  } finally {
    screen?.close()
    await contenders.close()
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
process.exit()
