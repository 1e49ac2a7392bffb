import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { findProgram } from '../../scripts/browsers.mjs'

export type VirtualScreen = { readonly display: string; stop(): Promise<void> }

/** An X server on a display that it chooses itself. */
export async function startScreen(): Promise<VirtualScreen> {
  const path = findProgram('virtualScreen')
  if (path === null) throw new Error('Xvfb is not installed')
  const screen = spawn(path, ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const report = screen.stdio[3]
  if (!report) throw new Error('Xvfb has no channel to report its display')
  const [number] = (await Promise.race([once(report, 'data'), failAtExit(screen, 'Xvfb')])) as [Buffer]
  return { display: `:${number.toString().trim()}`, stop: () => stopProgram(screen) }
}

/** `withGroup`: also what it started, where it leads a group of its own. */
export async function stopProgram(child: ChildProcess, withGroup = false): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  process.kill(withGroup ? -child.pid : child.pid, 'SIGTERM')
  await ended
}

async function failAtExit(child: ChildProcess, name: string): Promise<never> {
  await once(child, 'exit')
  throw new Error(`${name} ended before it was ready`)
}
