import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { addPatient, clinicianName, setUpPractice } from '../support/stories/clinic.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'

/** Browsers delete what they keep when the disk is full or the user asks them to: the practice is gone, without a word. */
let stage: StoryStage
let page: Page

beforeAll(async () => {
  stage = await setStage()
  page = (await stage.profile()).page
  await setUpPractice(page, stage.server.origin)
  await addPatient(page, 'Sam', 'Fox')
})
afterAll(() => stage?.close())

it('says that the practice is gone when the browser has deleted it, until there is one again', async () => {
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const deletion = indexedDB.deleteDatabase('alcove')
        deletion.onsuccess = () => resolve()
        deletion.onerror = () => reject(deletion.error)
      }),
  )
  await page.reload()
  await page.getByRole('heading', { name: 'Your practice is no longer on this device' }).waitFor()
  await page.getByText('This browser has deleted what it kept for Alcove.').waitFor()
  await page.getByRole('button', { name: 'Join a practice' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  const left = JSON.stringify(await page.evaluate(() => ({ ...localStorage })))
  for (const name of ['Willow', 'Rivera', 'Sam', 'Fox', '555']) expect(left).not.toContain(name)
  await page.getByLabel('Practice name').fill('Willow Practice')
  await page.getByLabel('Your name').fill(clinicianName)
  await page.getByRole('button', { name: 'Create practice' }).click()
  await page.getByRole('link', { name: 'Scheduling' }).waitFor()
})
