import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Demo } from '../support/pages/session-demo/main.tsx'
import { photograph } from '../support/screenshots.ts'
import { box, button, centre, desktop, group, log, phone, roomCalls, sessionDemo } from '../support/session/demo-page.ts'

/** The box of the session screen and arrivals, with puppets for engines. */
declare const demo: Demo

const show = sessionDemo()

describe('the box', () => {
  const wait = (page: Page) =>
    page.evaluate(() => {
      demo.room.update({
        waiting: [
          demo.exampleEntry('Mia Lee', { typedName: 'Mia' }),
          demo.exampleEntry('Pat', { recordName: null, group: 'guest' }),
          demo.exampleEntry('Alex Kim', { group: 'upcoming', belongsHere: false, appointment: demo.appointments.alex }),
        ],
      })
    })

  it('S31 stands at the left with its three tabs, and is a sheet on phones', async () => {
    const page = await show()
    const panel = await box(page.getByRole('complementary'))
    expect(panel.x).toBe(0)
    expect(panel.x + panel.width).toBeLessThanOrEqual((await box(page.getByLabel('Video of Sam Lee'))).x)
    for (const name of ['People', 'Schedule', 'Settings']) await page.getByRole('tab', { name, exact: true }).click()

    const small = await show('', { viewport: phone })
    expect(await small.getByRole('complementary').count()).toBe(0)
    await button(small, 'Show panel').click()
    const sheet = await box(small.getByRole('complementary'))
    expect(sheet.y + sheet.height).toBeLessThanOrEqual((await box(small.getByRole('toolbar'))).y)
    // The face stays in sight, above it.
    const face = await box(small.getByLabel('Video of Sam Lee'))
    expect(face.y + face.height).toBeLessThanOrEqual(sheet.y)
    expect(face.height).toBeGreaterThan(250)
    await photograph(small, 'session-sheet', { screens: ['phone', 'phone on its side'], schemes: ['light'] })
    await small.keyboard.press('Escape')
    expect(await small.getByRole('complementary').count()).toBe(0)
    expect(await button(small, 'Show panel').evaluate((element) => element === document.activeElement)).toBe(true)
  })

  it('S32 lists people in four groups, with the name on record and the name typed', async () => {
    const page = await show()
    await wait(page)
    const of = (name: string) => page.getByRole('region', { name, exact: true })
    await of('In session').getByText('Sam Lee').waitFor()
    await of('Waiting').getByText('Mia Lee').waitFor()
    await of('Waiting').getByText('typed “Mia”').waitFor()
    await of('Waiting as guests').getByText('Pat').waitFor()
    await of('Waiting for upcoming sessions').getByText('Alex Kim').waitFor()
    await button(of('Waiting'), 'Accept Mia Lee').click()
    await button(of('Waiting as guests'), 'Decline Pat').click()
    expect(await roomCalls(page)).toEqual(expect.arrayContaining(['accept guest-Mia Lee', 'decline guest-Pat']))
  })

  it('S32 never puts a person who waits for another appointment into this session by one click', async () => {
    const page = await show()
    await wait(page)
    await button(page, 'Accept Alex Kim').click()
    const question = page.getByRole('alertdialog')
    await question.getByText('Alex Kim waits for').waitFor()
    await button(question, 'Cancel').click()
    expect(await roomCalls(page)).not.toContain('accept guest-Alex Kim confirmed')
    await button(page, 'Accept Alex Kim').click()
    await button(question, 'Accept Alex Kim into this session').click()
    expect(await roomCalls(page)).toContain('accept guest-Alex Kim confirmed')
  })

  it('S32 offers Remove in a group only', async () => {
    const page = await show()
    expect(await button(page, 'Remove Sam Lee').count()).toBe(0)
    await group(page)
    await button(page, 'Remove Alex Kim').click()
    expect(await roomCalls(page)).toContain('remove guest-Alex Kim')
  })

  it('S23 gives the invite link during a session', async () => {
    const page = await show()
    await button(page, 'Invite Others').click()
    const link = page.getByLabel('Invite link')
    expect(await link.inputValue()).toMatch(/^https:/)
    expect(await link.getAttribute('readonly')).not.toBeNull()
    await button(page, 'Copy link').click()
    expect(await log(page)).toContain(`copy ${await link.inputValue()}`)
  })

  it('S33 lists the current and the upcoming sessions with the reason where one cannot be started', async () => {
    const page = await show()
    await page.getByRole('tab', { name: 'Schedule' }).click()
    await page.getByRole('region', { name: 'Now' }).getByText('Sam Lee').waitFor()
    const row = (name: string) => page.getByRole('listitem').filter({ hasText: name })
    expect(await button(row('Alex Kim'), 'Start next session').isEnabled()).toBe(true)
    await row('Jo Park').getByText('Marked Missed').waitFor()
    expect(await button(row('Jo Park'), 'Start next session').isDisabled()).toBe(true)
    await row('Robin Diaz').getByText('Opens at').waitFor()
  })

  it('S34 asks before the running session ends, then starts the next one', async () => {
    const page = await show()
    await page.getByRole('tab', { name: 'Schedule' }).click()
    await button(page.getByRole('listitem').filter({ hasText: 'Alex Kim' }), 'Start next session').click()
    const question = page.getByRole('alertdialog')
    await question.getByText('The session with Sam Lee ends for everybody').waitFor()
    expect(await roomCalls(page)).not.toContain('end')
    await button(question, 'End and start next').click()
    expect((await roomCalls(page)).slice(-2)).toEqual(['end', 'start alex'])
  })

  it('S35 changes the name during the session', async () => {
    const page = await show()
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByLabel('Your name').fill('Ana Rivera')
    await expect.poll(() => roomCalls(page)).toContain('name Ana Rivera')
    const patient = await show('view=patient')
    await button(patient, 'Settings').click()
    await patient.getByLabel('Your name').fill('Sammy')
    await patient.keyboard.press('Enter')
    expect(await log(patient)).toContain('name Sammy')
  })

  it('S36 changes camera and microphone', async () => {
    const page = await show()
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByLabel('Camera', { exact: true }).selectOption('Desk camera')
    await page.getByLabel('Microphone', { exact: true }).selectOption('Headset microphone')
    await page.getByLabel('Speaker', { exact: true }).selectOption('Headphones')
    expect(await page.evaluate(() => demo.media.calls)).toEqual(['camera desk', 'microphone headset', 'speaker out'])
  })

  it('marks People when others arrive, until they are looked at', async () => {
    const page = await show('', { viewport: phone })
    await page.evaluate(() => demo.room.update({ unseenOthers: 2 }))
    expect(await log(page)).toContain('soft')
    await button(page, 'Show panel').click()
    await expect.poll(() => page.evaluate(() => demo.room.state().unseenOthers)).toBe(0)
  })
})

describe('arrivals', () => {
  const arrive = (page: Page) =>
    page.evaluate(() => {
      const entry = demo.exampleEntry('Mia Lee', { typedName: 'Mia', appointment: demo.appointments.sam })
      demo.room.update({ waiting: [entry], announced: entry })
    })

  it('S20 announces a person in the middle of the screen, with a sound, in the title and on the badge', async () => {
    const page = await show()
    await arrive(page)
    const dialog = page.getByRole('alertdialog', { name: 'Mia Lee is here' })
    const { x, y } = centre(await box(dialog))
    expect(Math.abs(x - desktop.width / 2)).toBeLessThan(20)
    expect(Math.abs(y - desktop.height / 2)).toBeLessThan(20)
    await dialog.getByText('Typed name: Mia').waitFor()
    expect(await log(page)).toEqual(expect.arrayContaining(['ring', 'badge 1']))
    expect(await page.title()).toMatch(/^\(1\)/)
    expect(await page.title()).not.toContain('Mia')
  })

  it('S21 connects with Accept, is silent afterwards, and Decline sends away', async () => {
    const page = await show()
    await arrive(page)
    await button(page.getByRole('alertdialog'), 'Accept').click()
    expect(await roomCalls(page)).toContain('accept guest-Mia Lee')
    await expect.poll(() => log(page)).toContain('quiet')
    expect(await page.getByRole('alertdialog').count()).toBe(0)
    await arrive(page)
    await button(page.getByRole('alertdialog'), 'Decline').click()
    expect(await roomCalls(page)).toContain('decline guest-Mia Lee')
  })

  it('S20 takes the focus, but not from somebody who is writing; F6 goes there', async () => {
    const page = await show()
    await arrive(page)
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('alertdialog')

    const writing = await show('view=outside')
    await writing.getByLabel('Note').pressSequentially('Brea')
    await arrive(writing)
    await writing.getByRole('alertdialog').waitFor()
    await writing.keyboard.type('thing')
    expect(await writing.getByLabel('Note').inputValue()).toBe('Breathing')
    await writing.keyboard.press('F6')
    expect(await writing.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('alertdialog')
    await writing.keyboard.press('Escape')
    expect(await writing.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
    expect(await roomCalls(writing)).toContain('dismiss')
  })

  it('says outside a session who waits for when, with the way to start', async () => {
    const page = await show('view=outside')
    await arrive(page)
    const dialog = page.getByRole('alertdialog', { name: /^Mia Lee is waiting for \d/ })
    await button(dialog, 'Start Telehealth Session').click()
    expect(await log(page)).toContain('start sam')
  })

  it('can be answered while another dialog is open', async () => {
    const page = await show()
    await page.evaluate(() => {
      demo.room.update({
        waiting: [demo.exampleEntry('Alex Kim', { group: 'upcoming', belongsHere: false, appointment: demo.appointments.alex })],
      })
    })
    await button(page, 'Accept Alex Kim').click()
    await button(page, 'Cancel').waitFor()
    await arrive(page)
    const arrival = page.getByRole('alertdialog', { name: 'Mia Lee is here' })
    await button(arrival, 'Decline').click()
    expect(await roomCalls(page)).toContain('decline guest-Mia Lee')
    await button(page, 'Cancel').dispatchEvent('click')
    await button(arrival, 'Not now').click()
    expect(await page.getByRole('alertdialog').count()).toBe(0)
  })

  it('S22 shows the steps for Safari when the sound is blocked', async () => {
    const page = await show('sound=blocked&browser=safari')
    await arrive(page)
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('Set this site to Allow All Auto-Play.').waitFor()
    await page.evaluate(() => demo.setHeard('ok'))
    await button(dialog, 'Turn on sound').click()
    expect(await log(page)).toContain('unlock')
    await expect.poll(() => button(dialog, 'Turn on sound').count()).toBe(0)
  })

  it('shows no waiting person’s name anywhere while the screen is shared', async () => {
    const page = await show()
    await button(page, 'Share screen').click()
    await page.evaluate(() => {
      const mia = demo.exampleEntry('Mia Lee', { typedName: 'Mia' })
      const alex = demo.exampleEntry('Alex Kim', { group: 'upcoming', belongsHere: false, appointment: demo.appointments.alex })
      demo.room.update({ waiting: [mia, alex], announced: mia, unseenOthers: 1 })
    })
    await page.getByRole('alertdialog', { name: 'Somebody for this session is here' }).waitFor()
    const everything = async () => `${await page.content()} ${await page.title()} ${(await log(page)).join(' ')}`
    expect(await everything()).not.toMatch(/Mia|Alex/)
    await page.getByRole('tab', { name: 'Schedule' }).click()
    await page.getByText('is waiting', { exact: true }).waitFor()
    expect(await everything()).not.toMatch(/Mia|Alex/)
    await page.getByRole('tab', { name: 'People' }).click()
    await page.getByRole('region', { name: 'Waiting for upcoming sessions' }).getByRole('button', { name: 'Accept', exact: true }).click()
    await page.getByText('Not for this session').waitFor()
    expect(await everything()).not.toMatch(/Mia|Alex/)
  })
})
