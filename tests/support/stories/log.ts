import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { RunningServer } from '../server.ts'
import { waitForSync } from './devices.ts'

/** The practice's log on the server, as the people at its devices see it. */

/** In the header, when the log has everything and this device has everything that is in it. */
export const inLog = 'All changes saved and synced'

export const waitForLog = (...pages: readonly Page[]) => Promise.all(pages.map((page) => waitForSync(page, inLog)))

/** The app is not open anywhere in this browser; what it stored stays. */
export async function closeApp(page: Page): Promise<void> {
  await page.goto('about:blank')
}

export async function openApp(page: Page, origin: string): Promise<void> {
  await page.goto(origin)
  await page.getByRole('link', { name: 'Scheduling' }).waitFor()
}

/** In the list of patients, once it has come. */
export async function seePatient(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Patients' }).click()
  await page.getByText(name).first().waitFor()
}

export async function countPatients(page: Page, name: string): Promise<number> {
  await page.getByRole('link', { name: 'Patients' }).click()
  await page.getByRole('button', { name: 'New patient' }).first().waitFor()
  return page.getByText(name).count()
}

/** No file of the server's grows beyond this many bytes, as on a full disk; null: there is room again. */
export async function limitDisk(server: RunningServer, bytes: number | null): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(server.pid), `--fsize=${bytes ?? 'unlimited'}:`])
}

/** A condition that the page brings about by itself. */
export function soon(check: () => Promise<boolean> | boolean, timeout = 15_000): Promise<void> {
  return expect.poll(check, { timeout, interval: 50 }).toBe(true)
}
