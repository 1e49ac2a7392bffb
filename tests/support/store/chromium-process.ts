import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

/** A browser of our own on a given profile, as a process that can be killed without warning. */
export type BrowserProcess = {
  readonly context: BrowserContext
  openPage(url: string): Promise<Page>
  /** SIGKILL to every process of the browser at once: no handler runs, nothing is flushed. */
  kill(): Promise<void>
  /** Closes it as a person would. */
  close(): Promise<void>
}

const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--remote-debugging-port=0',
]

export async function startBrowser(profile: string): Promise<BrowserProcess> {
  const portFile = join(profile, 'DevToolsActivePort')
  await rm(portFile, { force: true })
  const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  const child = spawn(path, [...flags, `--user-data-dir=${profile}`, 'about:blank'], { stdio: 'ignore', detached: true })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const endpoint = await poll(async () => {
    if (child.exitCode !== null) throw new Error('The browser did not start')
    const [port, path] = (await readFile(portFile, 'utf8').catch(() => '')).trim().split('\n')
    return port && path ? `ws://127.0.0.1:${port}${path}` : null
  })
  const browser = await chromium.connectOverCDP(endpoint)
  const context = browser.contexts()[0]
  if (!context) throw new Error('The browser has no window')
  return {
    context,
    async openPage(url) {
      const page = await context.newPage()
      await page.goto(url)
      await page.waitForFunction(() => 'harness' in window)
      return page
    },
    async kill() {
      await killTree(child)
      await ended
      await browser.close().catch(() => undefined)
    },
    async close() {
      const session = await browser.newBrowserCDPSession()
      await session.send('Browser.close').catch(() => undefined)
      await ended
      await browser.close().catch(() => undefined)
    },
  }
}

async function killTree(child: ChildProcess): Promise<void> {
  const pids = await familyOf(child.pid ?? 0)
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
  await poll(async () => ((await Promise.all(pids.map(isAlive))).some(Boolean) ? null : true))
}

/** The process and all its descendants, children first found (Linux). */
async function familyOf(root: number): Promise<number[]> {
  const parents = new Map<number, number>()
  for (const entry of await readdir('/proc')) {
    const stat = /^\d+$/.test(entry) ? await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '') : ''
    // pid (name) state ppid: the name may hold spaces and brackets.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    if (stat) parents.set(Number(entry), parent)
  }
  const family = [root]
  for (const pid of family) family.push(...[...parents].filter(([, parent]) => parent === pid).map(([other]) => other))
  return family
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const state = stat.slice(stat.lastIndexOf(')') + 2)[0]
  return stat !== '' && state !== 'Z' && state !== 'X'
}

export async function poll<T>(ask: () => Promise<T | null>, limitMs = 20_000): Promise<T> {
  const until = Date.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (Date.now() > until) throw new Error('It did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
