import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Profile } from '../support/chromium.ts'
import { accept, addPatient, book, clinicianName, openVisit, setUpPractice, startSession } from '../support/stories/clinic.ts'
import { seen, setStage, type StoryStage } from '../support/stories/stage.ts'

/** Everybody tries it first with two tabs of one browser. Its network log tells whom it talked to. */
let stage: StoryStage
let clinic: Profile
let app: Page
let link = ''
let logPath = ''
const contacted = new Set<string>()

beforeAll(async () => {
  stage = await setStage()
  const folder = await mkdtemp(join(tmpdir(), 'alcove-netlog-'))
  logPath = join(folder, 'net.json')
  stage.alsoClose(() => rm(folder, { recursive: true, force: true }))
  clinic = await stage.profile({ args: [`--log-net-log=${logPath}`] })
  app = clinic.page
  const note = (url: string) => /^(http|ws)/.test(url) && contacted.add(new URL(url).host)
  const watch = (page: Page) => {
    page.on('request', (request) => note(request.url()))
    page.on('websocket', (socket) => note(socket.url()))
  }
  watch(app)
  clinic.context.on('page', watch)
  await clinic.context.addInitScript(`
    const Native = RTCPeerConnection
    globalThis.peerConfigurations = []
    globalThis.RTCPeerConnection = class extends Native {
      constructor(configuration) { super(configuration); globalThis.peerConfigurations.push(configuration) }
      setConfiguration(configuration) { super.setConfiguration(configuration); globalThis.peerConfigurations.push(configuration) }
    }
  `)
  await setUpPractice(app, stage.server.origin)
  await addPatient(app, 'Sam', 'Fox')
  link = await book(app, { patient: 'Sam Fox' })
}, 90_000)
afterAll(async () => {
  await stage?.close()
})

describe('one browser for everything', () => {
  it('S24 keeps a patient’s link when the appointment moves and the page is reloaded', async () => {
    const dialog = app.getByRole('dialog')
    const start = dialog.getByLabel('Start time')
    const before = await start.inputValue()
    await start.fill(before === '12:00' ? '12:15' : '12:00')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.getByText('Saved', { exact: true }).waitFor()
    expect(await dialog.getByLabel('Patient link').inputValue()).toBe(link)
    await start.fill(before)
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.getByText('Saved', { exact: true }).waitFor()
    await app.reload()
    await app
      .getByRole('button', { name: /Sam Fox/ })
      .first()
      .click()
    expect(await app.getByRole('dialog').getByLabel('Patient link').inputValue()).toBe(link)
  })

  it('runs both pages side by side, with a hint about headphones', async () => {
    await startSession(app)
    const patient = await clinic.context.newPage()
    await patient.goto(link)
    await patient
      .getByText(/Use headphones/)
      .first()
      .waitFor()
    await patient.close()
    const visit = await openVisit(clinic.context, link, 'Sam')
    await accept(app)
    expect(await seen(app, 'Sam')).toBeGreaterThanOrEqual(5)
    expect(await seen(visit, clinicianName)).toBeGreaterThanOrEqual(5)
    const configurations = (
      await Promise.all(
        [app, visit].map((page) =>
          page.evaluate(() => (globalThis as unknown as { peerConfigurations: RTCConfiguration[] }).peerConfigurations),
        ),
      )
    ).flat()
    expect(configurations.length).toBeGreaterThanOrEqual(2)
    for (const { iceServers } of configurations) expect(iceServers ?? []).toEqual([])
  })

  it('says in a second tab where the session is, and the first one goes on', async () => {
    const second = await clinic.context.newPage()
    await second.goto(`${stage.server.origin}/session`)
    await second.getByText('Your session is open in another tab').first().waitFor()
    await second.close()
    expect(await seen(app, 'Sam')).toBeGreaterThanOrEqual(5)
  })

  it('has contacted nobody but its own server', async () => {
    await clinic.context.close()
    // The pages' own traffic. The log also has what Chromium asks of its maker by itself, so it serves for WebRTC only:
    // a relay or a reflexive address would need a server whose name or address is in there.
    expect(contacted.size).toBeGreaterThan(0)
    expect([...contacted]).toEqual([new URL(stage.server.origin).host])
    const log = await readFile(logPath, 'utf8')
    expect(log.length).toBeGreaterThan(1000)
    expect(log).not.toMatch(/stun[.:]|turn[.:]/)
  })
})
