import { type ChildProcess, spawn } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { findProgram } from '../../../../scripts/browsers.mjs'
import { chromiumPath, mediaFlags, plainAddresses, quietFlags } from '../../chromium.ts'

const noSharedMemory = '--disable-dev-shm-usage'

/** Pictures travel between Chromium's processes in shared memory: in files on the disk only where there is not enough, as in containers. */
function hasSharedMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > 2 ** 30
  } catch {
    return false
  }
}

/** Who draws where there is no GPU: Chromium's own SwiftShader, or Mesa's llvmpipe, for which it needs a screen. */
export type Renderer = 'SwiftShader' | 'llvmpipe'

export type BenchBrowser = {
  readonly browser: Browser
  readonly page: Page
  readonly pid: number
  close(): Promise<void>
}

export type Screen = { readonly display: string; close(): void }

/** A virtual screen, or null where there is none to be had. */
export async function openScreen(): Promise<Screen | null> {
  const program = findProgram('virtualScreen')
  if (!program) return null
  const child: ChildProcess = spawn(program, ['-displayfd', '1', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const number = await within(
    10_000,
    'the virtual screen',
    new Promise<string>((resolve) => child.stdout?.once('data', (data) => resolve(String(data).trim()))),
  )
  return { display: `:${number}`, close: () => void child.kill() }
}

export type BrowserOptions = { readonly film: string; readonly renderer?: Renderer; readonly screen?: Screen | null }

export async function openBrowser({ film, renderer = 'SwiftShader', screen = null }: BrowserOptions): Promise<BenchBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'alcove-bench-'))
  const mesa = renderer === 'llvmpipe'
  const browser = await puppeteer.launch({
    executablePath: chromiumPath(),
    headless: !mesa,
    userDataDir: folder,
    defaultViewport: { width: 1280, height: 800 },
    protocolTimeout: 120_000,
    env: { ...process.env, ...(mesa && screen && { DISPLAY: screen.display, LIBGL_ALWAYS_SOFTWARE: '1' }) },
    args: [
      ...quietFlags.filter((flag) => flag !== noSharedMemory || !hasSharedMemory()),
      ...plainAddresses,
      ...mediaFlags('all', 'allow', 30),
      `--use-file-for-fake-video-capture=${film}`,
      ...(mesa ? ['--use-gl=angle', '--use-angle=gl', '--ignore-gpu-blocklist'] : []),
    ],
  })
  const child = browser.process()
  const pid = child?.pid
  if (pid === undefined) throw new Error('Chromium did not start')
  return {
    browser,
    page: await browser.newPage(),
    pid,
    async close() {
      await within(10_000, 'the end of Chromium', browser.close()).catch(() => child?.kill('SIGKILL'))
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

/** What WebGL calls the renderer. */
export function rendererOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const context = new OffscreenCanvas(1, 1).getContext('webgl2')
    const info = context?.getExtension('WEBGL_debug_renderer_info')
    return context ? String(context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER)) : 'no WebGL 2'
  })
}

/** Nothing in a bench may wait for ever. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No end of ${what} within ${ms / 1000} s`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

export const rest = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Asks every 50 ms, hidden or not: the page's own frames may stand still. */
export async function until(page: Page, what: string, condition: () => boolean, ms = 60_000): Promise<void> {
  await within(ms + 5000, what, page.waitForFunction(condition, { polling: 50, timeout: ms }))
}

export type Task = { readonly wallMs: number; readonly cpuMs: number }

/**
 * The longest task of the window's thread in a trace of `disabled-by-default-devtools.timeline`: from its beginning to its end, and
 * how long the processor worked on it. On a busy computer the first also holds the time in which others had the processor.
 */
export async function longestTask(file: string): Promise<Task> {
  type Event = {
    readonly name: string
    readonly pid: number
    readonly tid: number
    readonly dur?: number
    readonly tdur?: number
    readonly args?: { readonly name?: string }
  }
  const { traceEvents } = JSON.parse(await readFile(file, 'utf8')) as { traceEvents: Event[] }
  const windows = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const tasks = traceEvents.filter(({ name, pid, tid }) => name === 'RunTask' && windows.has(`${pid} ${tid}`))
  if (tasks.length === 0) throw new Error('The trace has no tasks')
  const most = (of: (task: Event) => number | undefined) => tasks.reduce((longest, task) => Math.max(longest, (of(task) ?? 0) / 1000), 0)
  return { wallMs: most(({ dur }) => dur), cpuMs: most(({ tdur }) => tdur) }
}
