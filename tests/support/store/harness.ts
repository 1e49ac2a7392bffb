import { readdir, readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import type { Profile } from '../chromium.ts'

export async function openHarness(page: Page, url: string): Promise<Page> {
  await page.goto(url)
  await page.waitForFunction(() => 'harness' in window)
  return page
}

/** SIGKILL to every process of a browser at once: no handler runs, nothing is flushed. */
export async function killBrowser({ pid, context }: Pick<Profile, 'pid' | 'context'>): Promise<void> {
  const closed = new Promise((resolve) => context.once('close', resolve))
  const pids = await familyOf(pid)
  for (const each of pids) {
    try {
      process.kill(each, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
  await poll(async () => ((await Promise.all(pids.map(isAlive))).some(Boolean) ? null : true))
  await closed
}

/** The process and all its descendants (Linux). */
async function familyOf(root: number): Promise<number[]> {
  const parents = new Map<number, number>()
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const [, parent] = fieldsOf(await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => ''))
    if (parent) parents.set(Number(entry), Number(parent))
  }
  const family = [root]
  for (const pid of family) family.push(...[...parents].filter(([, parent]) => parent === pid).map(([other]) => other))
  return family
}

async function isAlive(pid: number): Promise<boolean> {
  const [state] = fieldsOf(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/** State and parent. `pid (name) state parent ...`: the name may hold spaces and brackets. */
function fieldsOf(stat: string): readonly (string | undefined)[] {
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

export async function poll<T>(ask: () => Promise<T | null>, limitMs = 30_000): Promise<T> {
  const until = Date.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (Date.now() > until) throw new Error('It did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
