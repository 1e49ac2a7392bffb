import type { Firefox } from '../firefox.ts'

export type FirefoxRate = {
  /** Pictures a second that differ from the one before, as a video shows the processed track. */
  readonly distinctPerSecond: number
  readonly paintedPerSecond: number
  /** What the window does for each of them: grabs and paints. */
  readonly windowMsPerFrame: number
  readonly hidden: boolean
}

/** Of the lab's page, while it processes: over so many milliseconds. */
export function measureRate(page: Firefox['page'], lengthMs: number): Promise<FirefoxRate> {
  return page.evaluate(async (ms) => {
    const { lab } = window
    const [begin, seen, work] = [performance.now(), lab.seen(), lab.windowWork()]
    await new Promise((resolve) => setTimeout(resolve, ms))
    const seconds = (performance.now() - begin) / 1000
    const painted = lab.windowWork().painted - work.painted
    return {
      distinctPerSecond: (lab.seen().distinct - seen.distinct) / seconds,
      paintedPerSecond: painted / seconds,
      windowMsPerFrame: (lab.windowWork().ms - work.ms) / painted,
      hidden: document.hidden,
    }
  }, lengthMs)
}

/** Puts another tab in front until it is told otherwise. */
export async function hideTab({ newPage, page }: Firefox): Promise<() => Promise<void>> {
  const cover = await newPage()
  await cover.bringToFront()
  await page.waitForFunction(() => document.hidden, { timeout: 10_000, polling: 50 })
  return async () => {
    await page.bringToFront()
    await page.waitForFunction(() => !document.hidden, { timeout: 10_000, polling: 50 })
    await cover.close()
  }
}

/**
 * For the bench: the rate of a blurred camera of this size, visible and hidden. The page must be the lab's, in a Firefox with WebGL; its
 * camera is Firefox's own, whose colours change with each frame.
 */
export async function compareHidden(
  firefox: Firefox,
  size: { readonly width: number; readonly height: number },
  lengthMs: number,
): Promise<{ readonly visible: FirefoxRate; readonly hidden: FirefoxRate }> {
  const { page } = firefox
  await page.evaluate(({ width, height }) => window.lab.start('blur', width, height), size)
  await page.waitForFunction(() => window.lab.events().includes('processing'), { timeout: 60_000 })
  await measureRate(page, 2000)
  const visible = await measureRate(page, lengthMs)
  const show = await hideTab(firefox)
  await measureRate(page, 1000)
  const hidden = await measureRate(page, lengthMs)
  await show()
  return { visible, hidden }
}
