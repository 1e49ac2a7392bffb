import type { ServedLab } from '../serve-lab.ts'
import { type BrowserOptions, openBrowser, rest, within } from './browser.ts'
import { memoryMiB } from './processes.ts'
import { startStage } from './round.ts'

export type CallFigures = { readonly fps: number; readonly width: number; readonly height: number; readonly limitation: string }

/** A call between two browsers, one way: distinct frames that arrive a second. `warmMs`: until the network's estimate has grown. */
export async function measureCall(site: ServedLab, options: BrowserOptions, seconds: number, warmMs = 12_000): Promise<CallFigures> {
  const sender = await openBrowser(options)
  const receiver = await openBrowser(options)
  try {
    await startStage(sender.page, site.url)
    await sender.page.evaluate(() => window.stage.unwatch())
    await receiver.page.goto(site.url)
    const offer = await within(
      20_000,
      'the offer',
      sender.page.evaluate(() => window.stage.offer()),
    )
    const answer = await within(
      20_000,
      'the answer',
      receiver.page.evaluate((sdp) => window.stage.answer(sdp), offer),
    )
    await sender.page.evaluate((sdp) => window.stage.accept(sdp), answer)
    await rest(warmMs)
    const ms = seconds * 1000
    const counted = await within(
      ms + 30_000,
      'the count',
      receiver.page.evaluate((length) => window.stage.countReceived(length), ms),
    )
    const limitation = await sender.page.evaluate(() => window.stage.limited())
    return { fps: (counted.distinct * 1000) / counted.lengthMs, width: counted.width, height: counted.height, limitation }
  } finally {
    await sender.close()
    await receiver.close()
  }
}

export type HiddenFigures = { readonly visibleFps: number; readonly hiddenFps: number }

/** Behind another tab, and asserted to be hidden the whole time. */
export async function measureHidden(site: ServedLab, options: BrowserOptions, seconds: number): Promise<HiddenFigures> {
  const { browser, page, close } = await openBrowser(options)
  try {
    await startStage(page, site.url)
    await rest(3000)
    const fps = async (state: DocumentVisibilityState) => {
      await page.evaluate(() => {
        Object.assign(globalThis, { states: new Set([document.visibilityState]) })
        document.addEventListener('visibilitychange', () =>
          (globalThis as unknown as { states: Set<string> }).states.add(document.visibilityState),
        )
      })
      const counted = await within(
        seconds * 1000 + 30_000,
        'the count',
        page.evaluate((ms) => window.stage.count(ms), seconds * 1000),
      )
      const states = await page.evaluate(() => [...(globalThis as unknown as { states: Set<string> }).states])
      if (states.join() !== state) throw new Error(`The tab was ${states.join(' and ')}, not ${state}`)
      return (counted.distinct * 1000) / counted.lengthMs
    }
    const visibleFps = await fps('visible')
    const cover = await browser.newPage()
    await cover.bringToFront()
    await rest(6000)
    return { visibleFps, hiddenFps: await fps('hidden') }
  } finally {
    await close()
  }
}

export type SoakFigures = {
  readonly firstMiB: number
  readonly lastMiB: number
  readonly growth: number
  readonly open: number
  readonly fps: number
}

/** Memory of all processes of the browser: the median of the fifth after the first tenth, and that of the last fifth. */
export async function soak(site: ServedLab, options: BrowserOptions, minutes: number, say: (line: string) => void): Promise<SoakFigures> {
  const { page, pid, close } = await openBrowser(options)
  try {
    await startStage(page, site.url)
    await page.evaluate(() => window.stage.unwatch())
    await page.evaluate(() => window.stage.show())
    const everyMs = Math.max(minutes * 600, 2000)
    const samples: number[] = []
    const end = performance.now() + minutes * 60_000
    while (performance.now() < end) {
      await rest(everyMs)
      samples.push(memoryMiB(pid))
      if (samples.length % 10 === 0) say(`${((samples.length * everyMs) / 60_000).toFixed(1)} min: ${samples.at(-1)?.toFixed(0)} MiB`)
    }
    const counted = await within(
      30_000,
      'the count',
      page.evaluate(() => window.stage.count(5000)),
    )
    const open = (await page.evaluate(() => window.stage.unclosed())) ?? Number.NaN
    const part = (from: number, to: number) => median(samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to)))
    const [firstMiB, lastMiB] = [part(0.1, 0.3), part(0.8, 1)]
    return { firstMiB, lastMiB, growth: lastMiB / firstMiB - 1, open, fps: (counted.distinct * 1000) / counted.lengthMs }
  } finally {
    await close()
  }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
