import { describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import type { Demo } from '../support/pages/people-demo/main.tsx'
import { peopleDemo } from '../support/people/demo-page.ts'

declare const demo: Demo

const show = peopleDemo()

describe('a clinician’s device that an administrator let in, beside others', () => {
  it('says why the waiting room does not open here, and offers another one', async () => {
    const page = await show('fill=clinician')
    await page.evaluate(() => {
      const state = demo.people.now()
      if (state) demo.people.set({ ...state, room: 'missing' })
    })
    const offer = page.getByRole('region', { name: 'Replace the waiting room' })
    await offer.getByText('Your waiting room cannot be opened on this device').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await offer.getByRole('button').click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Replace the waiting room' }).click()
    await expect.poll(() => page.evaluate(() => demo.calls)).toContain('replace room')
  })

  it('says nothing of it while the key is on its way, nor to somebody who has no room', async () => {
    const page = await show('fill=clinician')
    for (const room of ['coming', 'here', 'none'] as const) {
      await page.evaluate((place) => {
        const state = demo.people.now()
        if (state) demo.people.set({ ...state, room: 'missing' })
        if (state) demo.people.set({ ...state, room: place })
      }, room)
      expect(await page.getByRole('region', { name: 'Replace the waiting room' }).count()).toBe(0)
    }
  })
})
