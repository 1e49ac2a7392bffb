import type { ScreenState } from '@alcove/shared/protocol/extension-inside'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { openProfile, type Profile } from '../support/chromium.ts'
import { optionsStates, popupStates } from '../support/extension/screen-states.ts'
import { openScreen, picture, show } from '../support/extension/screens.ts'
import { serveScreens, type ServedScreens } from '../support/extension/serve-screens.ts'

const long = process.env.ALCOVE_LONG === '1'
const looks = [
  { language: 'en', scheme: 'light' },
  { language: 'es', scheme: 'dark' },
  ...(long
    ? ([
        { language: 'en', scheme: 'dark' },
        { language: 'es', scheme: 'light' },
      ] as const)
    : []),
] as const

let served: ServedScreens
let profile: Profile

beforeAll(async () => {
  ;[served, profile] = await Promise.all([serveScreens(), openProfile()])
})
afterAll(async () => {
  await profile?.close()
  await served?.close()
})

/** Every state is drawn, accessible and no wider than its window; its picture is there to be looked at. */
describe.each([
  { name: 'popup', states: popupStates },
  { name: 'options', states: optionsStates },
] as const)('the states of $name', ({ name, states }) => {
  it.each(looks)('in $language, $scheme', async ({ language, scheme }) => {
    const page = await profile.context.newPage()
    await page.emulateMedia({ colorScheme: scheme })
    await openScreen(page, served.url, name, popupStates.ready)
    for (const [title, state] of Object.entries<ScreenState>(states)) {
      await show(page, { ...state, language })
      await picture(page, `${name}-${title}-${language}-${scheme}`)
      expect(await accessibilityProblems(page), title).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow, title).toBeLessThanOrEqual(0)
    }
    await page.close()
  })
})
