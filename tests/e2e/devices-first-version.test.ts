import { fromBase64Url } from '@alcove/shared/crypto/bytes'
import { deriveLink, formatLink, type LinkSubject } from '@alcove/shared/crypto/link'
import { asId } from '@alcove/shared/domain/ids'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { joinWaitingRoom } from '../support/stories/clinic.ts'
import { inviteOwnDevice, join, openSettings, waitForSync } from '../support/stories/devices.ts'
import { bundleForPage } from '../support/stories/forger.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'
import type { FirstVersion } from '../support/store/first-version.ts'

declare global {
  var firstVersion: { writeFirstVersion(name: string): Promise<FirstVersion> }
}

/** A practice that lies in the browser as the first version left it, and links that were handed out then. */
let stage: StoryStage
let app: Page
let old: FirstVersion

beforeAll(async () => {
  stage = await setStage()
  app = (await stage.profile()).page
  // The patient's page has the same origin and leaves the app's database alone.
  await app.goto(`${stage.server.origin}/join`)
  await app.evaluate(await bundleForPage('store/first-version.ts', 'firstVersion'))
  old = await app.evaluate(() => globalThis.firstVersion.writeFirstVersion('alcove'))
}, 90_000)
afterAll(() => stage?.close())

async function linkOf(subject: LinkSubject): Promise<string> {
  const [linkKey, roomKey] = [old.linkKey, old.roomKey].map((text) => fromBase64Url(text ?? ''))
  if (!linkKey || !roomKey) throw new Error('No clinician')
  const card = { clinician: 'Dr. Rivera', practice: 'Harbor Counseling', phone: '', email: '', startMinutes: null }
  return formatLink(stage.server.origin, { ...(await deriveLink(linkKey, subject)), roomKey, card })
}

describe('a practice that the first version made', () => {
  it('opens with its people, patients and tier, and this device stands in the list', async () => {
    await app.goto(stage.server.origin)
    await app.getByText('Harbor Counseling').first().waitFor()
    await openSettings(app)
    expect(await app.getByLabel('Telehealth').locator('option:checked').innerText()).toBe('Premium')
    for (const name of ['Dr. Rivera (you)', 'Dr. Chen']) await app.getByText(name, { exact: true }).waitFor()
    await app.getByText('This device', { exact: true }).last().waitFor()
    expect(await app.getByText('Changes that were not accepted').count()).toBe(0)
  })

  it('keeps its links: who has one from before still comes to this waiting room', async () => {
    const visit = (await stage.profile()).page
    await visit.goto(await linkOf({ kind: 'standing', generation: 2 }))
    await joinWaitingRoom(visit, 'Robin')
    await app.getByRole('alertdialog').getByText('Robin is waiting as a guest').waitFor()
    await visit.getByText('Dr. Rivera knows that you are here').waitFor()
    await visit.goto(await linkOf({ kind: 'patient', patientId: asId(old.patient), generation: 0 }))
    await visit.getByLabel('Enter Your Name').fill('Sam')
    await visit.getByRole('button', { name: 'Join Waiting Room' }).click()
    await visit.getByRole('heading', { name: 'This link was replaced' }).waitFor()
    await app.getByRole('alertdialog').getByRole('button', { name: 'Decline' }).click()
  })

  it('has founded its chain by itself: another device is linked to it', async () => {
    const phone = (await stage.profile()).page
    await join(await inviteOwnDevice(app), phone)
    await Promise.all([waitForSync(app), waitForSync(phone)])
    await phone.getByRole('link', { name: 'Patients' }).click()
    await phone.getByText('Okafor').waitFor()
  })
})
