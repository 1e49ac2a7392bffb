import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { build } from 'vite'

/** A changed program in somebody's browser (tests/support/pages/forger), put beside the app in the same page. */
export type Forger = {
  /** Writes a tier into the practice document without a signature. */
  forgeTier(tier: string): Promise<void>
  /** The practice's keys as this device has them, as text. Adds a device that nobody has: the last thing in a story. */
  secrets(): Promise<readonly string[]>
}

declare global {
  var forger: Forger
}

let script: Promise<string> | null = null

/** A program as text, to be evaluated in a page; what it exports is in a global of that name. `path`: below tests/support. */
export async function bundleForPage(path: string, name: string): Promise<string> {
  const entry = fileURLToPath(new URL(`../${path}`, import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, target: 'es2022', lib: { entry, formats: ['iife'], name } },
  })
  const outputs = Array.isArray(built) ? built : 'output' in built ? [built] : []
  const chunk = outputs[0]?.output[0]
  if (chunk?.type !== 'chunk') throw new Error(`${path} could not be built`)
  return `${chunk.code}\nglobalThis.${name} = ${name}`
}

export async function letForgerIn(page: Page): Promise<Forger> {
  script ??= bundleForPage('pages/forger/main.ts', 'forger')
  await page.evaluate(await script)
  return {
    forgeTier: (tier) => page.evaluate((one) => globalThis.forger.forgeTier(one), tier),
    secrets: () => page.evaluate(() => globalThis.forger.secrets()),
  }
}
