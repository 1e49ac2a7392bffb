import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProfile, type Profile } from '../support/chromium.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { addPatient, book, joinWaitingRoom, setUpPractice } from '../support/stories/clinic.ts'
import {
  changeAppointment,
  goOffline,
  goOnline,
  inviteColleague,
  join,
  openAppointment,
  openSettings,
  readAppointment,
  removePerson,
  waitForSync,
} from '../support/stories/devices.ts'
import { type Forger, letForgerIn } from '../support/stories/forger.ts'
import { type MeddlingServer, startMeddlingServer } from '../support/stories/meddling-server.ts'
import { dumpStorage, findIn, findInFiles } from '../support/store/search.ts'

/** A practice with an administrator, a clinician and a scheduler, on three devices; a server that writes everything down. */
let listening: MeddlingServer
let server: RunningServer
const profiles: Profile[] = []
let desk: Page
let clinic: Page
let front: Page
const links: string[] = []

const people = {
  practice: 'Xylophone Practice',
  administrator: 'Dr. Wanda Yarrow',
  clinician: 'Dr. Zora Quill',
  scheduler: 'Vera Umlaut',
  first: 'Zebedee',
  last: 'Quillfeather',
  typed: 'Zeb-typed-name',
  later: 'Yolanthe',
  phone: '555 9876543',
  email: 'planted@xylophone.example',
}
const patient = `${people.first} ${people.last}`

async function newComputer(): Promise<Page> {
  const profile = await openProfile()
  profiles.push(profile)
  profile.page.setDefaultTimeout(20_000)
  return profile.page
}

beforeAll(async () => {
  listening = await startMeddlingServer()
  server = await startServer({ env: { PUBLIC_ORIGIN: listening.origin, LOG_LEVEL: 'debug' } })
  listening.forwardTo(server.port)
  desk = await newComputer()
  clinic = await newComputer()
  front = await newComputer()
  const { practice, administrator: name, phone, email } = people
  await setUpPractice(desk, listening.origin, { practice, name, phone, email })
}, 90_000)
afterAll(async () => {
  for (const profile of profiles) await profile.close()
  await listening?.close()
  await server?.stop()
})

const openPatients = (page: Page) => page.getByRole('link', { name: 'Patients' }).click()
const settled = (...pages: Page[]) => Promise.all(pages.map((page) => waitForSync(page)))

describe('a colleague', () => {
  it('is added, invited, and joins as the clinician that she is', async () => {
    const invitation = await inviteColleague(desk, { name: people.clinician, role: 'Clinician' })
    links.push(invitation.link)
    const { inviterCode, joinerCode } = await join(invitation, clinic)
    expect(inviterCode).toBe(joinerCode)
    await settled(desk, clinic)
  })

  it('books, and her patient’s link opens her own waiting room', async () => {
    await addPatient(clinic, people.first, people.last)
    const link = await book(clinic, { patient })
    links.push(link)
    await clinic.getByRole('button', { name: 'Start Telehealth Session' }).waitFor()
    await clinic.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
    const visit = await newComputer()
    await visit.goto(link)
    await visit.getByText(`Session with ${people.clinician}`).waitFor()
    await joinWaitingRoom(visit, people.typed)
    await clinic.getByRole('alertdialog').getByText(`${patient} is waiting`).waitFor()
    expect(await desk.getByRole('alertdialog').count()).toBe(0)
    await visit.getByRole('button', { name: 'Leave the waiting room' }).click()
    await clinic.getByRole('alertdialog').waitFor({ state: 'detached' })
  })
})

describe('a scheduler', () => {
  let forger: Forger

  it('joins with the next device, and the three are equal', async () => {
    const invitation = await inviteColleague(desk, { name: people.scheduler, role: 'Scheduler' })
    links.push(invitation.link)
    await join(invitation, front)
    await settled(desk, clinic, front)
    await changeAppointment(front, patient, { duration: '40' })
    await changeAppointment(desk, patient, { status: 'Arrived' })
    for (const page of [desk, clinic, front]) {
      await expect.poll(() => readAppointment(page, patient), { timeout: 20_000 }).toEqual({ status: 'Arrived', duration: '40' })
    }
    await settled(desk, clinic, front)
  })

  it('hands out links, and can neither start a session nor change telehealth', async () => {
    const dialog = await openAppointment(front, patient)
    expect(await dialog.getByLabel('Patient link').inputValue()).toBe(links[1])
    expect(await dialog.getByRole('button', { name: 'Start Telehealth Session' }).count()).toBe(0)
    await dialog.getByText(`Only ${people.clinician}, the clinician on this appointment, can start it.`).waitFor()
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
    await openSettings(front)
    await front.getByText(new RegExp(`^Ask ${people.administrator}.* to change telehealth`)).waitFor()
    expect(await front.getByRole('button', { name: 'Add clinician' }).count()).toBe(0)
  })

  it('with a changed program writes another tier into the document: nothing changes, and the administrator reads of it', async () => {
    forger = await letForgerIn(front)
    await forger.forgeTier('premium')
    await openSettings(desk)
    await desk.getByText('Telehealth was changed without a valid signature.').waitFor()
    for (const page of [desk, clinic, front]) {
      await openSettings(page)
      expect(await page.getByLabel('Telehealth').locator('option:checked').innerText()).toBe('Basic')
    }
  })

  it('who is removed while offline finds its copy erased when it is back, and learns nothing new', async () => {
    await goOffline(front)
    await removePerson(desk, people.scheduler)
    await addPatient(desk, people.later, 'Afterwards')
    await settled(desk, clinic)
    await goOnline(front)
    await front.getByRole('heading', { name: `This device was removed from ${people.practice} by ${people.administrator}.` }).waitFor()
    await front.getByText('Its copy of the schedule has been erased.').waitFor()
    const left = await dumpStorage(front)
    expect(findIn(left, [people.later, people.first, people.clinician])).toEqual([])
    const rows = [...left.toString('latin1').matchAll(/^(appointments|chain|journal|peers|ylog)\nrows: (\d+)$/gm)]
    expect(new Set(rows.map(([, table, count]) => `${table} ${count}`))).toEqual(
      new Set(['appointments 0', 'chain 0', 'journal 0', 'peers 0', 'ylog 0']),
    )
    await front.reload()
    await front.getByRole('button', { name: 'Join a practice' }).waitFor()
    await openPatients(clinic)
    await clinic.getByText(people.later).waitFor()
  })
})

describe('the server', () => {
  it('has received, stored and logged no name, no key and no link secret', async () => {
    const keys = await (await letForgerIn(desk)).secrets()
    expect(keys.length).toBeGreaterThanOrEqual(3)
    const parts = links.flatMap((link) => new URL(link).hash.slice(1).split('.').slice(1)).filter((part) => part.length > 20)
    expect(parts.length).toBeGreaterThan(4)
    const needles = [...Object.values(people), ...keys, ...parts, 'a=fingerprint', 'candidate:']
    const text = Buffer.from([...listening.requests, ...listening.frames.map(({ frame }) => frame)].join('\n'))
    const received = Buffer.concat([text, ...listening.bytes.map(({ frame }) => frame)])
    expect(listening.bytes.length).toBeGreaterThan(20)
    const isSync = ({ frame }: { readonly frame: string }) => frame.includes('"publish"')
    expect(listening.frames.filter(isSync).length).toBeGreaterThan(20)
    expect(findIn(received, [listening.origin])).not.toEqual([])
    expect(findIn(received, needles)).toEqual([])
    expect(findIn(Buffer.from(server.output()), needles)).toEqual([])
    expect(await findInFiles(server.dataDir, needles)).toEqual([])
  })
})
