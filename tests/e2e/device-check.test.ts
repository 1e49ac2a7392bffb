import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { openProfile, type Profile, type ProfileOptions } from '../support/chromium.ts'
import { type FailingDevices, putFailingDevices } from '../support/failing-devices.ts'
import { photograph } from '../support/screenshots.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { addPatient, book, openSession, setUpPractice } from '../support/stories/clinic.ts'
import { startTurnServer, type TurnServer } from '../support/turn-server.ts'
import { exampleLink } from '../support/visit/test-link.ts'

let server: RunningServer
const profiles: Profile[] = []

beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server?.stop()
})
afterEach(async () => {
  await Promise.all(profiles.splice(0).map((profile) => profile.close()))
})

async function openCheck(options: ProfileOptions = {}, address = `${server.origin}/check`): Promise<Page> {
  const profile = await openProfile(options)
  profiles.push(profile)
  await profile.page.goto(address)
  await profile.page.getByRole('list', { name: 'What was checked' }).waitFor()
  return profile.page
}

const line = (page: Page, name: string) => page.locator(`[data-line="${name}"]`)
const failing = (page: Page, act: (devices: FailingDevices) => void) => page.evaluate(`(${act})(window.failing)`)

async function expectLine(page: Page, name: string, status: string, words: string): Promise<void> {
  await expect.poll(() => line(page, name).innerText(), { timeout: 15_000 }).toContain(words)
  expect(await line(page, name).getAttribute('data-status')).toBe(status)
}

async function expectWell(page: Page): Promise<void> {
  expect(await accessibilityProblems(page)).toEqual([])
}

describe('the device check by itself, at /check', () => {
  it('finds everything ready, asks whether the test sound was heard, and speaks Spanish too', async () => {
    const page = await openCheck()
    await expectLine(page, 'camera', 'ready', 'We can see you.')
    await expectLine(page, 'microphone', 'ready', 'We can hear you.')
    await expectLine(page, 'sound', 'ready', 'This page may play sounds.')
    await expectLine(page, 'network', 'ready', 'ms there and back.')
    await expectLine(page, 'relay', 'open', 'Not tested.')
    await expectLine(page, 'speaker', 'warning', 'Not tested yet.')
    await page.getByRole('button', { name: 'Play test sound' }).click()
    await page.getByRole('button', { name: 'I heard nothing' }).click()
    await expectLine(page, 'speaker', 'problem', 'You did not hear the test sound.')
    await line(page, 'speaker').getByText('Show me how').click()
    await photograph(page, 'check-steps', { fullPage: true })
    await expectWell(page)
    await page.getByRole('button', { name: 'Play test sound' }).click()
    await page.getByRole('button', { name: 'I heard it' }).click()
    await expectLine(page, 'speaker', 'ready', 'You heard the test sound.')
    await photograph(page, 'check-ready')
    await page.getByRole('button', { name: 'Español' }).click()
    await page.getByRole('heading', { name: 'Prueba de dispositivos' }).waitFor()
    await expectLine(page, 'camera', 'ready', 'Le vemos.')
    await photograph(page, 'check-es')
    await expectWell(page)
  })

  it('S18 says what is missing or refused, each in its own words: none, denied, one of two, the microphone in use', async () => {
    const none = await openCheck({ devices: 'none' })
    await expectLine(none, 'camera', 'warning', 'None was found.')
    await expectLine(none, 'microphone', 'problem', 'None was found.')
    // A page that captures nothing may make no sound either.
    await none.getByRole('status').filter({ hasText: '2 things are in the way.' }).waitFor()
    // As the extension leads to a line of a check that is open already.
    await none.evaluate(() => {
      location.hash = 'microphone'
    })
    await line(none, 'microphone').locator('details[open]').waitFor()
    await photograph(none, 'check-none')
    await expectWell(none)

    const denied = await openCheck({ answer: 'deny' })
    await expectLine(denied, 'camera', 'warning', 'Blocked for this site in your browser.')
    await expectLine(denied, 'microphone', 'problem', 'Blocked for this site in your browser.')
    await line(denied, 'microphone').getByText('Show me how').click()
    await photograph(denied, 'check-denied', { fullPage: true })

    const deaf = await openCheck({ devices: 'camera only' })
    await expectLine(deaf, 'camera', 'ready', 'We can see you.')
    await expectLine(deaf, 'microphone', 'problem', 'None was found.')

    // The microphone is there and cannot be had, as when another program holds it: Chromium's own refusal.
    const taken = await openCheck({ args: ['--fail-audio-stream-creation'] })
    await expectLine(taken, 'camera', 'ready', 'We can see you.')
    await expectLine(taken, 'microphone', 'problem', 'Another program is using it.')

    const blind = await openCheck({ devices: 'microphone only' })
    await expectLine(blind, 'camera', 'warning', 'None was found.')
    await expectLine(blind, 'microphone', 'ready', 'We can hear you.')
  })

  it('says that the page is not secure, where the browser hides the devices', async () => {
    const { port } = new URL(server.origin)
    const page = await openCheck(
      { args: ['--host-resolver-rules=MAP insecure.example 127.0.0.1'] },
      `http://insecure.example:${port}/check`,
    )
    await expectLine(page, 'browser', 'problem', 'This page is not secure')
    await expectLine(page, 'camera', 'problem', 'Works on a secure page only.')
    await expectLine(page, 'microphone', 'problem', 'Works on a secure page only.')
    await photograph(page, 'check-insecure', { screens: ['desktop', 'phone'] })
    await expectWell(page)
  })

  it('turns green by itself after what cannot be refused for real: dismissed, blocked by the system, in use', async () => {
    const profile = await openProfile()
    profiles.push(profile)
    const { page } = profile
    await page.addInitScript(putFailingDevices)
    await page.addInitScript(() => (window as unknown as { failing: FailingDevices }).failing.refuse('in-use'))
    await page.goto(`${server.origin}/check`)
    await expectLine(page, 'camera', 'warning', 'Another program is using it.')
    await expectLine(page, 'microphone', 'problem', 'Another program is using it.')
    await failing(page, (devices) => devices.refuse('blocked-by-system'))
    await expectLine(page, 'microphone', 'problem', 'does not let the browser use it.')
    await failing(page, (devices) => devices.refuse(null))
    await expectLine(page, 'camera', 'ready', 'We can see you.')
    await expectLine(page, 'microphone', 'ready', 'We can hear you.')

    await page.addInitScript(() => (window as unknown as { failing: FailingDevices }).failing.refuse('dismissed'))
    await page.reload()
    await expectLine(page, 'microphone', 'problem', 'Your browser asked and got no answer.')
    await failing(page, (devices) => devices.refuse(null))
    await expectLine(page, 'microphone', 'ready', 'We can hear you.')
  })

  it('goes on with what there is: unplugged and plugged in again, taken by a phone call, asleep', async () => {
    const profile = await openProfile()
    profiles.push(profile)
    const { page } = profile
    await page.addInitScript(putFailingDevices)
    await page.goto(`${server.origin}/check`)
    await expectLine(page, 'microphone', 'ready', 'We can hear you.')
    await failing(page, (devices) => devices.unplug('videoinput'))
    await expectLine(page, 'camera', 'warning', 'None was found.')
    await expectLine(page, 'microphone', 'ready', 'We can hear you.')
    await failing(page, (devices) => devices.plugIn())
    await expectLine(page, 'camera', 'ready', 'We can see you.')

    await failing(page, (devices) => devices.interrupt(true))
    await expectLine(page, 'microphone', 'warning', 'Your system has taken it')
    await page.getByText('Your system has taken the microphone').waitFor()
    await photograph(page, 'check-interrupted', { screens: ['desktop', 'phone'] })
    await expectWell(page)
    await line(page, 'microphone').getByRole('button', { name: 'Take it back' }).click()
    await expectLine(page, 'microphone', 'ready', 'We can hear you.')

    await failing(page, (devices) => devices.sleepAndWake())
    await expect
      .poll(() => page.evaluate(() => (document.querySelector('video')?.srcObject as MediaStream | null)?.active ?? false), {
        timeout: 10_000,
      })
      .toBe(true)
    await expectLine(page, 'camera', 'ready', 'We can see you.')
  })
})

describe('the device check elsewhere', () => {
  it('is fetched and begun on the patient’s page when it is asked for, without relay and notifications', async () => {
    const profile = await openProfile()
    profiles.push(profile)
    const { page } = profile
    await page.goto(await exampleLink(server.origin))
    await page.getByText('Check sound, connection and the rest').click()
    await expectLine(page, 'network', 'ready', 'ms there and back.')
    await expectLine(page, 'microphone', 'ready', 'We can hear you.')
    expect(await line(page, 'relay').count()).toBe(0)
    expect(await line(page, 'notifications').count()).toBe(0)
    await line(page, 'network').scrollIntoViewIfNeeded()
    await photograph(page, 'check-patient', { fullPage: true })
    await expectWell(page)
  })

  it('measures the relay for an enrolled clinician: in Welcome!, and at /check with and without the app in another tab', async () => {
    let turn: TurnServer | null = null
    let lending: RunningServer | null = null
    try {
      turn = await startTurnServer()
      lending = await startServer({ env: turn.env })
      const profile = await openProfile()
      profiles.push(profile)
      const { page, context } = profile
      await setUpPractice(page, lending.origin)
      await page.goto(`${lending.origin}/settings`)
      // One form for the log and one for the room; either does both, once both are there.
      const forms = page.locator('form').filter({ has: page.getByLabel('Enrolment code') })
      await expect.poll(() => forms.count(), { timeout: 20_000 }).toBe(2)
      await forms.last().getByLabel('Enrolment code').fill('open sesame')
      await forms.last().getByRole('button', { name: 'Enrol this device' }).click()
      await page.getByText('This device is enrolled.').waitFor()

      await addPatient(page, 'Sam', 'Fox')
      await book(page, { patient: 'Sam Fox' })
      await page.getByRole('button', { name: 'Start Telehealth Session' }).click()
      const welcome = page.getByRole('dialog', { name: 'Welcome!' })
      await welcome.getByText('Check sound, connection and the rest').click()
      await expectLine(page, 'relay', 'ready', 'at least')
      await line(page, 'browser').scrollIntoViewIfNeeded()
      await photograph(page, 'check-welcome')
      await expectWell(page)

      const beside = await context.newPage()
      await beside.goto(`${lending.origin}/check`)
      await expectLine(beside, 'relay', 'ready', 'Mbit/s at least')
      await photograph(beside, 'check-relay', { screens: ['desktop'] })
      await page.close()
      await beside.reload()
      await expectLine(beside, 'relay', 'ready', 'Mbit/s at least')

      await turn.stop()
      await line(beside, 'relay').getByRole('button', { name: 'Test again' }).click()
      await expect.poll(() => line(beside, 'relay').innerText(), { timeout: 30_000 }).toContain('Cannot be reached')
    } finally {
      await lending?.stop()
      await turn?.stop()
    }
  })

  it('C7 goes on in a running session when a device is lost, taken or asleep, with one line and one button', async () => {
    const profile = await openProfile()
    profiles.push(profile)
    const { page } = profile
    await page.addInitScript(putFailingDevices)
    await openSession(page, server.origin)
    // On a busy machine the session may stand before the devices are open.
    await page.getByRole('button', { name: 'Mute', exact: true }).waitFor()
    await failing(page, (devices) => devices.interrupt(true))
    const taken = page.getByRole('status').filter({ hasText: 'Your system has taken the microphone' })
    await taken.getByRole('button', { name: 'Take it back' }).click()
    await expect.poll(() => taken.count()).toBe(0)
    await page.getByRole('button', { name: 'Mute', exact: true }).waitFor()

    await failing(page, (devices) => devices.unplug('videoinput'))
    await page.getByRole('button', { name: 'Turn on camera' }).waitFor()
    const lost = page.getByRole('status').filter({ hasText: 'No camera was found.' })
    await lost.getByRole('button', { name: 'Try again' }).waitFor()
    await failing(page, (devices) => devices.plugIn())
    await page.getByRole('button', { name: 'Turn off camera' }).waitFor()
    expect(await lost.count()).toBe(0)

    await failing(page, (devices) => devices.sleepAndWake())
    const isLive = () =>
      page.evaluate(() => [...document.querySelectorAll('video')].some((video) => (video.srcObject as MediaStream | null)?.active))
    await expect.poll(isLive, { timeout: 10_000 }).toBe(true)

    // C13: talking while muted, with a voice that no filter takes for noise.
    await failing(page, (devices) => {
      devices.talk()
      devices.sleepAndWake()
    })
    await expect.poll(isLive, { timeout: 10_000 }).toBe(true)
    const talking = page.getByRole('status').filter({ hasText: 'You are talking, but you are muted.' })
    expect(await talking.count()).toBe(0)
    await page.getByRole('button', { name: 'Mute', exact: true }).click()
    await talking.getByRole('button', { name: 'Unmute now' }).click()
    await page.getByRole('button', { name: 'Mute', exact: true }).waitFor()
    await expect.poll(() => talking.count()).toBe(0)
  })
})
