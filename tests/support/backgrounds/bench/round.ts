import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import type { Effect } from '../../pages/backgrounds-bench/contender.ts'
import type { ServedLab } from '../serve-lab.ts'
import { type BrowserOptions, longestTask, openBrowser, rendererOf, rest, until, within } from './browser.ts'
import { cpuMs } from './processes.ts'

export type Round = {
  readonly renderer: string
  readonly fps: number
  readonly cpuMsPerFrame: number
  readonly cores: number
  /** Of the window's thread, from before the click until 3 s after the first processed frame. */
  readonly longestTaskMs: number
  /** The most that the processor worked on one of them: without the time in which others had it. */
  readonly longestTaskCpuMs: number
  /** How late a timer of 4 ms came at most, while frames were counted: what else the computer does is in it. */
  readonly longestGapMs: number
  /** From the click, with the files in the cache. */
  readonly firstMs: number
  /** Over the network, from the page itself to the first processed frame, with nothing in the cache. */
  readonly coldBytes: number
}

export const cameraSize = { width: 1280, height: 720 } as const

export async function startStage(page: Page, url: string, effect: Effect = 'blur'): Promise<number> {
  await page.goto(url)
  await page.evaluate(({ width, height }) => window.stage.open(width, height), cameraSize)
  const begin = await within(
    90_000,
    'the start',
    page.evaluate((kind) => window.stage.start(kind), effect),
  )
  await until(page, 'the first processed frame', () => window.stage.seen().processedAt !== null)
  return begin
}

/** One visit with nothing kept, and one with everything kept, in a fresh browser. */
export async function measureRound(site: ServedLab, options: BrowserOptions, seconds: number): Promise<Round> {
  const browser = await openBrowser(options)
  const trace = join(tmpdir(), `alcove-trace-${browser.pid}.json`)
  try {
    const { page, pid } = browser
    const before = site.requests.length
    await startStage(page, site.url)
    const coldBytes = site.requests.slice(before).reduce((sum, { bytes }) => sum + bytes, 0)
    const renderer = await rendererOf(page)
    // What was compiled is kept a little later.
    await rest(2000)
    await page.goto('about:blank')

    await page.goto(site.url)
    await page.evaluate(({ width, height }) => window.stage.open(width, height), cameraSize)
    await rest(500)
    await page.tracing.start({ path: trace, categories: ['disabled-by-default-devtools.timeline'] })
    const begin = await within(
      90_000,
      'the start',
      page.evaluate(() => window.stage.start('blur')),
    )
    await until(page, 'the first processed frame', () => window.stage.seen().processedAt !== null)
    const { processedAt } = await page.evaluate(() => window.stage.seen())
    await rest(3000)
    await within(60_000, 'the trace', page.tracing.stop())
    const task = await longestTask(trace)

    const cpuBefore = cpuMs(pid)
    await page.evaluate(() => window.stage.beginGaps())
    const counted = await within(
      seconds * 1000 + 60_000,
      'the count',
      page.evaluate((ms) => window.stage.count(ms), seconds * 1000),
    )
    const longestGapMs = await page.evaluate(() => window.stage.endGaps())
    const cpu = cpuMs(pid) - cpuBefore
    return {
      renderer,
      fps: (counted.distinct * 1000) / counted.lengthMs,
      cpuMsPerFrame: cpu / Math.max(counted.distinct, 1),
      cores: cpu / counted.lengthMs,
      longestTaskMs: task.wallMs,
      longestTaskCpuMs: task.cpuMs,
      longestGapMs,
      firstMs: (processedAt ?? Number.NaN) - begin,
      coldBytes,
    }
  } finally {
    await browser.close()
    await rm(trace, { force: true })
  }
}
