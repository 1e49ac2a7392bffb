import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { asEvaluator } from './video.ts'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

type AnyPage = { evaluate: (...args: never[]) => Promise<unknown> }
type AxeResults = { readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[] }

/**
 * What axe finds on the page as it stands, WCAG 2.2 AA and best practices, one line each; empty when all is well. Works
 * under any content security policy, as the protocol of the browser puts axe in.
 * @param page of Playwright or Puppeteer
 * @param look `contrast`: nothing but colours, of a page that was searched in its other colours
 */
export async function accessibilityProblems(page: AnyPage, look: 'all' | 'contrast' = 'all'): Promise<readonly string[]> {
  // What still fades in has the contrast of a ghost. Animations without an end (a meter, a spinner) are not waited for.
  await asEvaluator(page).evaluate(settle, 3000)
  if (!(await asEvaluator(page).evaluate(() => 'axe' in globalThis, null))) {
    await (page as unknown as { evaluate(script: string): Promise<unknown> }).evaluate(`${axe};undefined`)
  }
  const { violations } = await asEvaluator(page).evaluate(
    (only) =>
      (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        runOnly: only,
        resultTypes: ['violations'],
      }),
    look === 'contrast' ? { type: 'rule', values: ['color-contrast'] } : { type: 'tag', values: tags },
  )
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

/** Runs in the page: waits for all transitions and animations that have an end. */
async function settle(atMostMs: number): Promise<void> {
  const until = performance.now() + atMostMs
  while (performance.now() < until) {
    const moving = document
      .getAnimations()
      .filter((one) => one.playState === 'running' && Number(one.effect?.getComputedTiming().endTime) < Number.POSITIVE_INFINITY)
    if (moving.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
