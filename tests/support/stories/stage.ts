import type { Page } from 'playwright-core'
import { openProfile, type Profile, type ProfileOptions, withSmallCamera } from '../chromium.ts'
import { type RunningServer, type ServerOptions, startServer } from '../server.ts'
import { countFrames, measureSound } from '../video.ts'

/** A server and the computers of a story; everything is closed together. */
export type StoryStage = {
  readonly server: RunningServer
  /** Another computer: a browser process with a profile of its own, and a camera of 320 x 180 unless it shall have a `full` one. */
  profile(options?: ProfileOptions & { readonly camera?: 'small' | 'full' }): Promise<Profile>
  alsoClose(close: () => Promise<unknown>): void
  close(): Promise<void>
}

export async function setStage(options: ServerOptions = {}): Promise<StoryStage> {
  const closing: (() => Promise<unknown>)[] = []
  const server = await startServer(options)
  return {
    server,
    async profile({ camera = 'small', ...profileOptions } = {}) {
      const profile = await openProfile(profileOptions)
      if (camera === 'small') await profile.context.addInitScript(withSmallCamera)
      closing.push(() => profile.close())
      return profile
    },
    alsoClose: (close) => closing.push(close),
    async close() {
      for (const close of closing.reverse()) await close().catch(() => undefined)
      await server.stop()
    },
  }
}

type AnyPage = { evaluate: (...args: never[]) => Promise<unknown> }

/** The person is really seen and heard: pictures that differ, and sound with energy in it. */
export async function seeAndHear(page: AnyPage, name: string): Promise<{ readonly distinct: number; readonly loudest: number }> {
  const video = `video[aria-label="Video of ${name}"]`
  const { distinct } = await countFrames(page, video, { forMs: 10_000, enough: 5 })
  const { loudest } = await measureSound(page, video, { forMs: 10_000, enough: 0.01 })
  return { distinct, loudest }
}

export async function seen(page: AnyPage, name: string, enough = 5): Promise<number> {
  return (await countFrames(page, `video[aria-label="Video of ${name}"]`, { forMs: 10_000, enough })).distinct
}

/** Marks the page's document: a mark that is still there means that nothing was reloaded. */
export async function mark(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => document.body.setAttribute('data-marked', ''))
  return () => page.evaluate(() => document.body.hasAttribute('data-marked'))
}
