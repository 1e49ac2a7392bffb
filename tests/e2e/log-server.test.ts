import { rm } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPatient, setUpPractice } from '../support/stories/clinic.ts'
import { inviteOwnDevice, join, waitForSync } from '../support/stories/devices.ts'
import { closeApp, countPatients, limitDisk, openApp, seePatient, waitForLog } from '../support/stories/log.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'

/** Two devices of one practice, and a server to which things happen. Each test goes on where the one before it stopped. */
let stage: StoryStage
let laptop: Page
let phone: Page

beforeAll(async () => {
  stage = await setStage()
  const [one, two] = await Promise.all([stage.profile(), stage.profile()])
  laptop = one.page
  phone = two.page
  for (const page of [laptop, phone]) page.setDefaultTimeout(20_000)
  await setUpPractice(laptop, stage.server.origin)
  await join(await inviteOwnDevice(laptop), phone)
  await waitForLog(laptop, phone)
  await closeApp(phone)
}, 90_000)
afterAll(() => stage?.close())

describe('a server whose disk is full', () => {
  it('is said in plain words, with everything saved on the device, also over a reload', async () => {
    await limitDisk(stage.server, 1)
    await addPatient(laptop, 'Fulvia', 'Brim')
    await waitForSync(laptop, /1 change not yet synced.*The server is full/)
    await laptop.getByText('Everything is saved on this device.').first().waitFor()
    await laptop.reload()
    await seePatient(laptop, 'Fulvia')
    await waitForSync(laptop, /1 change not yet synced.*The server is full/)
  })

  it('goes on when there is room: the other device comes alone and has it', async () => {
    await limitDisk(stage.server, null)
    await laptop.reload()
    await waitForLog(laptop)
    await closeApp(laptop)
    await openApp(phone, stage.server.origin)
    await seePatient(phone, 'Fulvia')
    await waitForLog(phone)
    await closeApp(phone)
  })
})

describe('a server that lost its disk', () => {
  it('is filled again by a device, which says what happened', async () => {
    await openApp(laptop, stage.server.origin)
    await addPatient(laptop, 'Lorelei', 'Lost')
    await waitForLog(laptop)
    await stage.server.kill()
    await rm(stage.server.dataDir, { recursive: true, force: true })
    await stage.server.restart()
    await laptop.reload()
    await waitForLog(laptop)
    const notice = laptop.getByRole('status').filter({ hasText: 'The server did not keep your encrypted copy as it should' })
    await notice.getByText('It showed an older state than before').waitFor()
    await notice.getByRole('button', { name: 'I have read this' }).click()
    await notice.waitFor({ state: 'detached' })
    await closeApp(laptop)
  })

  it('has everything for another device that comes alone', async () => {
    await openApp(phone, stage.server.origin)
    await seePatient(phone, 'Lorelei')
    await waitForLog(phone)
    expect(await countPatients(phone, 'Fulvia')).toBe(1)
  })
})

describe('a server that keeps no logs', () => {
  it('lets the devices become equal between themselves', async () => {
    await stage.server.restart({ SEALED_LOG: 'off' })
    await Promise.all([openApp(laptop, stage.server.origin), phone.reload()])
    await Promise.all([laptop, phone].map((page) => waitForSync(page, 'All changes synced with your other devices')))
    await addPatient(laptop, 'Petra', 'Peer')
    await seePatient(phone, 'Petra')
    await addPatient(phone, 'Quentin', 'Back')
    await seePatient(laptop, 'Quentin')
  })
})
