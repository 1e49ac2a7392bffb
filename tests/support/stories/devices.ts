import type { Locator, Page } from 'playwright-core'

/** Several devices of one practice, as the people at them see it: invitations, codes, what the header says. */

export async function openSettings(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account menu' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
}

/** The dialog in which an invitation stands open, and what is in it. */
export type OpenInvitation = {
  readonly link: string
  /** The six digits, once a device has opened the link. */
  code(): Promise<string>
  match(): Promise<void>
  differ(): Promise<void>
  /** After the other device has joined. */
  done(): Promise<void>
}

/** **Link another device** in Settings. */
export async function inviteOwnDevice(page: Page): Promise<OpenInvitation> {
  await openSettings(page)
  await page.getByRole('button', { name: 'Link another device' }).click()
  return invitationIn(page, 'Link another device')
}

export type NewPerson = { readonly name: string; readonly role: 'Clinician' | 'Scheduler' }

/** **Add clinician** (or a person), and the invitation at once. */
export async function inviteColleague(page: Page, { name, role }: NewPerson): Promise<OpenInvitation> {
  await openSettings(page)
  await page.getByRole('button', { name: role === 'Clinician' ? 'Add clinician' : 'Add a person' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await dialog.getByLabel(role, { exact: true }).check()
  await dialog.getByRole('button', { name: 'Save and invite' }).click()
  return invitationIn(page, `Invite ${name}`)
}

/** Of somebody who is in the list already and has no device. */
export async function inviteMember(page: Page, name: string): Promise<OpenInvitation> {
  await openSettings(page)
  await page.getByRole('button', { name: `Invite ${name}` }).click()
  return invitationIn(page, `Invite ${name}`)
}

async function invitationIn(page: Page, title: string): Promise<OpenInvitation> {
  const dialog = page.getByRole('dialog', { name: title })
  const link = await dialog.getByLabel('Invitation link', { exact: true }).inputValue()
  return {
    link,
    code: () => codeOn(page),
    match: () => dialog.getByRole('button', { name: 'The codes match' }).click(),
    differ: () => dialog.getByRole('button', { name: 'They differ' }).click(),
    done: () => dialog.getByRole('button', { name: 'Done' }).click(),
  }
}

/** As a person reads it from the screen, without the space in the middle. */
export async function codeOn(page: Page): Promise<string> {
  const label = await page.getByRole('group', { name: /^Code:/ }).getAttribute('aria-label')
  return (label ?? '').replace(/\D/g, '')
}

/** On the joining device, which has not been approved yet. */
export async function confirmCode(joiner: Page): Promise<void> {
  await joiner.getByRole('button', { name: 'The codes match' }).click()
  await joiner.getByText('Waiting for the other device to approve').waitFor()
}

/** Opens the link on a fresh browser, compares and confirms; both screens then say that it worked. */
export async function join(
  invitation: OpenInvitation,
  joiner: Page,
): Promise<{ readonly inviterCode: string; readonly joinerCode: string }> {
  await joiner.goto(invitation.link)
  await joiner.getByRole('heading', { name: 'Your code' }).waitFor()
  const joinerCode = await codeOn(joiner)
  const inviterCode = await invitation.code()
  await confirmCode(joiner)
  await invitation.match()
  await invitation.done()
  await joiner.getByRole('link', { name: 'Scheduling' }).waitFor()
  return { inviterCode, joinerCode }
}

/** With the log "All changes saved and synced", without it "All changes synced with your other devices". */
export const allSynced = 'All changes'

/** What the header says about the other devices. */
export async function waitForSync(page: Page, text: string | RegExp = allSynced): Promise<void> {
  await page.getByRole('banner').getByRole('link', { name: text }).waitFor()
}

/**
 * Truly apart: without a network and with the page loaded anew, since what two devices have connected goes on without one.
 * The app comes from the service worker.
 */
export async function goOffline(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.context().setOffline(true)
  await page.reload()
  await page.getByRole('link', { name: 'Scheduling' }).waitFor()
}

export async function goOnline(page: Page): Promise<void> {
  await page.context().setOffline(false)
}

/** Changes one field of somebody's appointment on the calendar of today, and waits until it is saved. */
export async function changeAppointment(
  page: Page,
  patient: string,
  change: { readonly status?: string; readonly duration?: string },
): Promise<void> {
  const dialog = await openAppointment(page, patient)
  if (change.status) await dialog.getByLabel('Status').selectOption({ label: change.status })
  if (change.duration) await dialog.getByLabel('Duration').fill(change.duration)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await dialog.getByText('Saved', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
}

export async function openAppointment(page: Page, patient: string): Promise<Locator> {
  await page.getByRole('link', { name: 'Scheduling' }).click()
  await page
    .getByRole('button', { name: new RegExp(patient) })
    .first()
    .click()
  return page.getByRole('dialog')
}

/** What the dialog says about it, then closed again. */
export async function readAppointment(page: Page, patient: string): Promise<{ readonly status: string; readonly duration: string }> {
  const dialog = await openAppointment(page, patient)
  const status = await dialog.getByLabel('Status').locator('option:checked').innerText()
  const duration = await dialog.getByLabel('Duration').inputValue()
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
  return { status, duration }
}

/** An own device that is not this one; there is one. */
export async function removeOtherDevice(page: Page): Promise<void> {
  await openSettings(page)
  const button = page
    .getByRole('listitem')
    .filter({ hasNotText: 'This device' })
    .getByRole('button', { name: /^Remove device/ })
  await button.click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove device' }).click()
  await button.waitFor({ state: 'detached' })
}

/** With all their devices. */
export async function removePerson(page: Page, name: string): Promise<void> {
  await openSettings(page)
  await page.getByRole('button', { name: `Edit ${name}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove from the practice' }).click()
  await page.getByRole('button', { name: `Remove ${name}` }).click()
  await page.getByText(`No longer in the practice: ${name}`).waitFor()
}
