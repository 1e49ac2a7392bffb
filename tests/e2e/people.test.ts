import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import type { Demo } from '../support/pages/people-demo/main.tsx'
import { peopleDemo } from '../support/people/demo-page.ts'

/** People's screens with puppets for store and sync, and both engines of an invitation; whole devices are in other files. */
declare const demo: Demo
const show = peopleDemo()

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const calls = (page: Page) => page.evaluate(() => demo.calls)
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent)
const isInView = (element: Locator) =>
  element.evaluate((one) => {
    const { top, bottom } = one.getBoundingClientRect()
    return top >= 0 && bottom <= innerHeight
  })
const link = (page: Page) => page.getByLabel('Invitation link', { exact: true }).inputValue()

describe('people and roles', () => {
  it('adds a person with several roles and invites them at once', async () => {
    const page = await show('path=/settings&fill=alone')
    await button(page, 'Add a person').click()
    await button(page, 'Save').click()
    await page.getByText('Enter your name.').or(page.getByText('Choose at least one role.')).first().waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Pat Desk')
    await page.getByLabel('Scheduler').check()
    await page.getByLabel('Clinician').check()
    await button(page, 'Save and invite').click()
    await page.getByRole('dialog', { name: 'Invite Pat Desk' }).waitFor()
    expect(await calls(page)).toContain('add Pat Desk clinician,scheduler')
    await button(page, 'Copy link').click()
    expect(await calls(page)).toContain(`copy ${await link(page)}`)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText('Has not joined yet').waitFor()
  })

  it('changes name and roles, and keeps the last administrator', async () => {
    const page = await show('path=/settings&fill=all')
    await button(page, 'Edit Dr. Kofi Mensah').click()
    await page.getByLabel('Name', { exact: true }).fill('Dr. Kofi Asante Mensah')
    await page.getByLabel('Practice Administrator').check()
    await button(page, 'Save').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('Edit Dr. Kofi Mensah')
    expect(await calls(page)).toEqual(['rename drkofimensah Dr. Kofi Asante Mensah', 'roles drkofimensah administrator,clinician'])
    await button(page, 'Edit Dr. Ana Rivera').click()
    expect(await page.getByLabel('Practice Administrator').isDisabled()).toBe(true)
    await page.getByText('The last Practice Administrator keeps this role.').waitFor()
    expect(await button(page, 'Remove from the practice').count()).toBe(0)
  })

  it('removes a colleague only after saying what happens, and says when it was not saved', async () => {
    const page = await show('path=/settings&fill=all')
    await button(page, 'Edit Dr. Kofi Mensah').click()
    await button(page, 'Remove from the practice').click()
    const question = page.getByRole('alertdialog', { name: 'Remove Dr. Kofi Mensah?' })
    await question.getByText('erases its copy of the schedule').waitFor()
    await question.getByText('Patients’ links to Dr. Kofi Mensah no longer lead to your practice').waitFor()
    expect(await focused(page)).toBe('Keep')
    await page.keyboard.press('Escape')
    expect(await calls(page)).toEqual([])
    await page.evaluate(() => demo.fail('storage-full'))
    await button(page, 'Remove from the practice').click()
    await button(page, 'Remove Dr. Kofi Mensah').click()
    await page.getByRole('alert').getByText('This device is full').waitFor()
    await page.evaluate(() => demo.fail(null))
    await button(page, 'Remove from the practice').click()
    await button(page, 'Remove Dr. Kofi Mensah').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await calls(page)).toEqual(['remove drkofimensah', 'remove drkofimensah'])
  })

  it('shows a clinician whom to ask, and only their own devices', async () => {
    const page = await show('path=/settings&fill=clinician')
    await page.getByText('Ask Dr. Ana Rivera, your Practice Administrator, to add, change or remove people.').waitFor()
    await page.getByText('Ask Dr. Ana Rivera, your Practice Administrator, when somebody else’s device is lost.').waitFor()
    for (const name of ['Add clinician', 'Add a person', /^Edit /, /^Invite /]) expect(await button(page, name).count()).toBe(0)
    expect(await button(page, /^Remove device/).count()).toBe(0)
    expect(await button(page, /^Rename device/).count()).toBe(1)
    await page.getByText('Ask Dr. Ana Rivera, your Practice Administrator, to change these details.').waitFor()
    await page.getByText('Online now: ').waitFor()
    await button(page, 'Link another device').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })
})

describe('devices', () => {
  it('are removed after a question; then the waiting room is replaced, and the links to send again are right there', async () => {
    const page = await show('path=/settings&fill=all')
    await page.getByText('Last heard of 50 minutes ago').waitFor()
    await page.getByText('Online · exchanging changes').waitFor()
    // This one would forget everything before anybody heard of it.
    await page.getByText('To remove it, use another device.').waitFor()
    expect(await button(page, 'Remove device Chrome on Linux').count()).toBe(0)
    await button(page, 'Remove device Safari on iPhone or iPad').click()
    await page.getByRole('alertdialog').getByText('erases its copy of the schedule the next time it is online').waitFor()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove device' }).click()
    await expect.poll(() => focused(page)).toBe('Safari on iPhone or iPad was removed.')
    const offer = page.getByRole('region', { name: 'Replace the waiting room' })
    expect(await isInView(offer)).toBe(true)
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Replace the waiting room')
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Replace the waiting room' }).click()
    await offer.waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('Your waiting room was replaced. Send the new links.')
    await page.getByText('1 patient needs a new link').waitFor()
    await button(page, 'Show the links').click()
    await button(page, 'Copy link of Sam Fox').click()
    await page.getByText('All links are copied.').waitFor()
    expect((await calls(page)).filter((call) => !call.startsWith('copy'))).toEqual([
      'remove device key-Safari on iPhone or iPad Dr. Ana Rivera',
      'replace room',
    ])
  })

  it('and people that are online stand in the header where there is room', async () => {
    const page = await show('path=/patients&fill=all')
    const online = page.getByRole('banner').getByRole('link', { name: 'Online now: Dr. Kofi Mensah and Pat Desk', exact: true })
    await online.waitFor()
    await page.evaluate(() => {
      const devices = new Map([[demo.examples.phone.key, demo.examples.online]])
      demo.sync.set({ ...demo.sync.now(), devices })
    })
    await page.getByRole('link', { name: 'Online now: Safari on iPhone or iPad', exact: true }).click()
    await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await page.getByRole('link', { name: /^Online now/ }).count()).toBe(0)
  })

  it('of a colleague: whose waiting room is at stake, and where the offer to replace it stands', async () => {
    const page = await show('path=/settings&fill=all')
    await button(page, 'Remove device Firefox on Windows of Dr. Kofi Mensah').click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove device' }).click()
    await expect.poll(() => focused(page)).toMatch(/^Firefox on Windows was removed\. Whoever has it .* waiting room of Dr\. Kofi Mensah/)
    expect(await page.getByRole('region', { name: 'Replace the waiting room' }).count()).toBe(0)
  })

  it('that were removed elsewhere: every page but Settings says at its top that the waiting room is at risk', async () => {
    const page = await show('path=/patients&fill=all')
    await page.evaluate(() => {
      const state = demo.people.now()
      if (state) demo.people.set({ ...state, roomAtRisk: true })
    })
    const offer = page.getByRole('region', { name: 'Replace the waiting room' })
    await offer.waitFor()
    await page.getByRole('banner').getByRole('link', { name: 'All changes synced' }).click()
    await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor()
    expect(await offer.count()).toBe(1)
    await offer.getByRole('button').waitFor()
  })

  it('of the same browser are told apart by a number, until a person gives them names', async () => {
    const page = await show('path=/settings&fill=all')
    await page.evaluate(() => {
      const { people, examples } = demo
      const second = { ...examples.thisDevice, key: examples.deviceKey('second'), isThis: false }
      const state = people.now()
      if (state) people.set({ ...state, devices: [...state.devices, second] })
    })
    const second = button(page, 'Rename device Chrome on Linux (2)')
    await second.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Rename Chrome on Linux (2)' })
    const field = dialog.getByLabel('Name of the device')
    expect(await field.inputValue()).toBe('Chrome on Linux (2)')
    await field.fill(' ')
    await page.keyboard.press('Enter')
    await dialog.getByText('Enter a name for this device.').waitFor()
    await page.evaluate(() => demo.fail('storage-full'))
    await field.fill('Office laptop')
    await page.keyboard.press('Enter')
    await dialog.getByRole('alert').getByText('This device is full').waitFor()
    await page.evaluate(() => demo.fail(null))
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await button(page, 'Rename device Office laptop').waitFor()
    expect(await focused(page)).toBe('Rename device Office laptop')
    await button(page, 'Rename device Chrome on Linux').waitFor()
    await button(page, 'Rename device Firefox on Windows of Dr. Kofi Mensah').waitFor()
    expect((await calls(page)).at(-1)).toBe('rename device key-second Office laptop')
  })

  it('say in one quiet line how far they are together', async () => {
    const page = await show('path=/patients&fill=all')
    const line = page.getByRole('banner').getByRole('link', { name: 'All changes synced with your other devices' })
    await line.waitFor()
    await page.evaluate(() => demo.sync.set({ ...demo.sync.now(), unsynced: 3 }))
    await page.getByRole('link', { name: '3 changes not yet synced', exact: true }).waitFor()
    await page.evaluate(() => demo.sync.set({ ...demo.sync.now(), line: { kind: 'offline', sinceAt: Date.now() } }))
    await page.getByRole('link', { name: /^3 changes not yet synced · Offline since \d+:\d\d [AP]M$/ }).click()
    await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor()
    await expect
      .poll(() =>
        page
          .getByRole('heading', { name: 'Devices', exact: true })
          .evaluate((element) => element.getBoundingClientRect().top < innerHeight),
      )
      .toBe(true)
    await page.evaluate(() => demo.sync.set({ ...demo.sync.now(), line: { kind: 'only-device' } }))
    await page.getByRole('link', { name: /not yet synced/ }).waitFor({ state: 'detached' })
  })
})

describe('an invitation', () => {
  it('is compared, handed over with its progress, and done; the keyboard is enough', async () => {
    const page = await show('path=/settings&fill=all')
    await button(page, 'Invite Dr. Noor Haddad').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('img', { name: 'QR code of the invitation link' }).waitFor()
    await page.getByText('Valid for 10 more minutes').waitFor()
    await page.evaluate((url) => demo.otherJoins(url), await link(page))
    await page.getByText('Firefox on Windows has opened the link.').waitFor()
    expect(await focused(page)).toMatch(/^Code: \d \d \d \d \d \d$/)
    await page.evaluate(() => demo.hold())
    await button(page, 'The codes match').focus()
    await page.keyboard.press('Enter')
    await page.getByText('Firefox on Windows is joining').first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('alertdialog', { name: 'Call the invitation off?' }).waitFor()
    expect(await focused(page)).toBe('Keep waiting')
    await page.keyboard.press('Escape')
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    await page.getByRole('progressbar').waitFor()
    expect(await focused(page)).toBe('Firefox on Windows is joining')
    // The question goes away by itself when there is nothing left to call off.
    await button(page, 'Cancel the invitation').click()
    await page.evaluate(() => demo.release())
    await page.getByText('Dr. Noor Haddad has joined with Firefox on Windows.').first().waitFor()
    await expect.poll(() => focused(page)).toBe('Done')
    await page.keyboard.press('Enter')
    expect(await calls(page)).toEqual(['admit colleague'])
    expect(await focused(page)).toBe('Invite Dr. Noor Haddad')
  })

  it('is called off while it is being handed over, and the other device is told', async () => {
    const page = await show('path=/settings&fill=all')
    await button(page, 'Invite Dr. Noor Haddad').click()
    await page.evaluate((url) => demo.otherJoins(url), await link(page))
    await button(page, 'The codes match').waitFor()
    await page.evaluate(() => demo.hold())
    await button(page, 'The codes match').click()
    await button(page, 'Cancel the invitation').click()
    const question = page.getByRole('alertdialog', { name: 'Call the invitation off?' })
    await question.getByText('Firefox on Windows has not got everything yet.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await question.getByRole('button', { name: 'Call it off' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('Invite Dr. Noor Haddad')
    await expect.poll(() => page.evaluate(() => demo.joinerState())).toEqual({ kind: 'failed', reason: 'cancelled' })
  })

  it('that fails says what to do, and the next one is another', async () => {
    const page = await show('path=/settings&fill=alone')
    await button(page, 'Link another device').click()
    const first = await link(page)
    await page.evaluate((url) => demo.otherJoins(url), first)
    await button(page, 'They differ').click()
    await page.getByText('The codes differ, so nothing was sent').first().waitFor()
    await button(page, 'Make a new invitation').click()
    await page.getByText('Scan the picture with the camera of your other device').waitFor()
    const second = await link(page)
    expect(second).not.toBe(first)
    await page.evaluate((url) => demo.otherJoins(url, 'again'), second)
    await button(page, 'The codes match').waitFor()
    await page.evaluate(() => demo.otherGivesUp())
    await page.getByText('The other device called it off').first().waitFor()
    expect(await calls(page)).toEqual([])
  })
})

describe('joining', () => {
  it('reads the link once, shows the code, and ends in the schedule', async () => {
    const page = await show('invited')
    await page.getByText('Willow Practice invites you as Dr. Kofi Mensah.').waitFor()
    expect(await page.evaluate(() => location.href)).toMatch(/\/join-practice$/)
    expect(await focused(page)).toMatch(/^Code: \d \d \d \d \d \d$/)
    await button(page, 'The codes match').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page)).toBe('Waiting for the other device to approve…')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.evaluate(() => demo.otherApproves())
    await page.getByRole('heading', { name: 'Scheduling' }).waitFor()
    expect(await page.evaluate(() => location.pathname)).toMatch(/^\/schedule\//)
  })

  it('takes nothing over that came before the person here confirmed, and the other person reads that they declined', async () => {
    const page = await show('invited')
    await page.getByText('Does the other screen show the same code?').waitFor()
    await page.evaluate(() => demo.otherApproves())
    await expect.poll(() => page.evaluate(() => demo.otherState())).toEqual({ kind: 'sending', progress: 1 })
    await button(page, 'They differ').click()
    await page.getByRole('heading', { name: 'The codes were not the same' }).waitFor()
    await expect.poll(() => page.evaluate(() => demo.otherState())).toEqual({ kind: 'failed', reason: 'declined-late' })
    expect(await calls(page)).toEqual([])
  })

  it('takes a pasted link, and says of a bad one what to do', async () => {
    const page = await show()
    await button(page, 'Join a practice').click()
    await button(page, 'Continue').click()
    await page.getByText('Paste the link of your invitation.').waitFor()
    await page.getByLabel('Invitation link').fill('https://clinic.example/join-practice#1.abc')
    await button(page, 'Continue').click()
    await page.getByRole('heading', { name: 'This link is not complete' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await button(page, 'Use another invitation').click()
    await page.getByLabel('Invitation link').fill(await page.evaluate(() => demo.otherInvites('own-device')))
    await button(page, 'Continue').click()
    await page.getByText('This becomes another device of Dr. Kofi Mensah in Willow Practice.').waitFor()
    await page.evaluate(() => demo.otherDeclines())
    await page.getByRole('heading', { name: 'The codes were not the same' }).waitFor()
    await button(page, 'Use another invitation').click()
    await button(page, 'Set up your practice instead').click()
    await page.getByRole('heading', { name: 'Set up your practice' }).waitFor()
  })

  it('is refused where a practice is already, and leaves no link in the address', async () => {
    const page = await show('fill=alone&invited')
    await page.getByRole('heading', { name: 'This browser already has a practice' }).waitFor()
    expect(await page.evaluate(() => location.hash)).toBe('')
    await button(page, 'Open the schedule').click()
    await page.getByRole('heading', { name: 'Scheduling' }).waitFor()
  })

  it('says it when this device cannot store the practice, on both screens', async () => {
    const page = await show('invited')
    await page.getByText('Your code').waitFor()
    await page.evaluate(() => {
      demo.fail('storage-full')
      demo.otherApproves()
    })
    await button(page, 'The codes match').click()
    await page.getByRole('heading', { name: 'This device could not store the practice' }).waitFor()
    expect(await page.evaluate(() => demo.otherState())).toEqual({ kind: 'failed', reason: 'failed' })
  })
})

describe('a device that was removed', () => {
  it('says by whom, that its copy is erased, and how to go on', async () => {
    const page = await show('fill=alone')
    await page.getByRole('heading', { name: 'Scheduling' }).waitFor()
    await page.evaluate(() => {
      demo.removal.set({ practice: 'Willow Practice', by: 'Dr. Ana Rivera' })
      demo.practice.set(null)
    })
    await page.getByRole('heading', { name: 'This device was removed from Willow Practice by Dr. Ana Rivera.' }).waitFor()
    await page.getByText('Its copy of the schedule has been erased.').waitFor()
    await button(page, 'Join a practice').click()
    await page.getByLabel('Invitation link').waitFor()
    // It erased its practice itself: nothing was lost.
    await page.goBack()
    await page.getByRole('heading', { name: 'Set up your practice' }).waitFor()
  })
})

describe('text at 200 %', () => {
  const phone = { viewport: { width: 390, height: 844 } }
  const wide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  const enlarge = (page: Page) =>
    page.evaluate(() => {
      document.documentElement.style.fontSize = '200%'
    })

  it('keeps people, devices and an invitation on a phone without scrolling sideways', async () => {
    const page = await show('path=/settings&fill=all', phone)
    await enlarge(page)
    expect(await wide(page)).toBeLessThanOrEqual(0)
    await button(page, 'Invite Dr. Noor Haddad').click()
    await page.getByRole('img', { name: 'QR code of the invitation link' }).waitFor()
    const dialog = page.getByRole('dialog')
    const over = () =>
      dialog.evaluate(
        (element) => [...element.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length,
      )
    expect(await over()).toBe(0)
    await page.evaluate((url) => demo.otherJoins(url), await link(page))
    await button(page, 'The codes match').waitFor()
    expect(await over()).toBe(0)
  })

  it('keeps joining on a phone without scrolling sideways', async () => {
    const page = await show('invited', phone)
    await enlarge(page)
    await page.getByText('Your code').waitFor()
    expect(await wide(page)).toBeLessThanOrEqual(0)
  })
})
