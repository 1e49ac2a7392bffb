import { readdirSync, readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProfile, type Profile } from '../support/chromium.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { root } from '../support/source-graph.ts'
import { addPatient, book, setUpPractice } from '../support/stories/clinic.ts'
import { changeAppointment, inviteOwnDevice, join, readAppointment } from '../support/stories/devices.ts'
import { letForgerIn } from '../support/stories/forger.ts'
import { closeApp, openApp, seePatient, waitForLog } from '../support/stories/log.ts'
import { type MeddlingServer, startMeddlingServer } from '../support/stories/meddling-server.ts'
import { findIn, findInFiles } from '../support/store/search.ts'

/** Two devices that are never on together, or cannot reach each other; a server that writes down every byte. */
let listening: MeddlingServer
let server: RunningServer
const profiles: Profile[] = []
let laptop: Page
let phone: Page
let link = ''

const planted = {
  practice: 'Xanadu Practice Zl1',
  name: 'Dr. Wilhelmina Zl2',
  phone: '555 7317713',
  email: 'zl4@xanadu.example',
  first: 'Zerlinde',
  last: 'Vogelsang-Zl5',
  later: 'Quirin-Zl6',
  last2: 'Afterwards-Zl7',
}
const patient = `${planted.first} ${planted.last}`

beforeAll(async () => {
  listening = await startMeddlingServer()
  server = await startServer({ env: { PUBLIC_ORIGIN: listening.origin, LOG_LEVEL: 'debug' } })
  listening.forwardTo(server.port)
  profiles.push(...(await Promise.all([openProfile(), openProfile()])))
  const [one, two] = profiles.map(({ page }) => page)
  if (!one || !two) throw new Error('Two computers')
  laptop = one
  phone = two
  for (const page of [laptop, phone]) page.setDefaultTimeout(20_000)
  await setUpPractice(laptop, listening.origin, planted)
  await join(await inviteOwnDevice(laptop), phone)
  await waitForLog(laptop, phone)
}, 90_000)
afterAll(async () => {
  await Promise.all(profiles.map((profile) => profile.close()))
  await listening?.close()
  await server?.stop()
})

describe('a device that comes online alone', () => {
  it('has what the other one wrote and went away with', async () => {
    await closeApp(phone)
    await addPatient(laptop, planted.first, planted.last)
    link = await book(laptop, { patient })
    await laptop.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
    await waitForLog(laptop)
    await closeApp(laptop)
    await openApp(phone, listening.origin)
    await seePatient(phone, planted.first)
    expect(await readAppointment(phone, patient)).toEqual({ status: 'Scheduled', duration: '50' })
  })

  it('gives back what it changed then, to the other one alone', async () => {
    await changeAppointment(phone, patient, { duration: '35' })
    await waitForLog(phone)
    await closeApp(phone)
    await openApp(laptop, listening.origin)
    await waitForLog(laptop)
    expect(await readAppointment(laptop, patient)).toEqual({ status: 'Scheduled', duration: '35' })
  })
})

describe('two devices that cannot reach each other', () => {
  it('are equal by the log alone, as soon as one of them writes', async () => {
    listening.refuse('/sync')
    await openApp(phone, listening.origin)
    await Promise.all([laptop.reload(), waitForLog(phone)])
    await waitForLog(laptop)
    await changeAppointment(laptop, patient, { status: 'Arrived' })
    await addPatient(phone, planted.later, planted.last2)
    await expect.poll(() => readAppointment(phone, patient), { timeout: 15_000 }).toEqual({ status: 'Arrived', duration: '35' })
    await seePatient(laptop, planted.later)
    await waitForLog(laptop, phone)
  })
})

describe('the server', () => {
  it('has received, stored and logged of all this no name, no note, no key and no link secret', async () => {
    const keys = await (await letForgerIn(laptop)).secrets()
    expect(keys.length).toBeGreaterThanOrEqual(3)
    const parts = new URL(link).hash
      .slice(1)
      .split('.')
      .slice(1)
      .filter((part) => part.length > 20)
    expect(parts.length).toBeGreaterThan(1)
    const needles = [...Object.values(planted), ...keys, ...parts]
    const raw = [...keys, ...parts].map((key) => Buffer.from(key, 'base64url'))

    const logSockets = new Set(listening.bytes.map(({ socket }) => socket))
    const received = Buffer.concat([
      Buffer.from([...listening.requests, ...listening.frames.map(({ frame }) => frame)].join('\n')),
      // Without the first byte of each frame, so that what lies across two of them is found too.
      ...[...logSockets].flatMap((socket) => listening.bytes.filter((one) => one.socket === socket).map(({ frame }) => frame.subarray(1))),
    ])
    const logged = Buffer.from(server.output())
    for (const [where, bytes] of Object.entries({ received, logged })) {
      expect({ where, found: findIn(bytes, needles) }).toEqual({ where, found: [] })
      expect({ where, found: raw.filter((key) => bytes.includes(key)).length }).toEqual({ where, found: 0 })
    }
    expect(await findInFiles(server.dataDir, needles)).toEqual([])
    const stored = filesIn(server.dataDir)
    expect(raw.filter((key) => stored.includes(key))).toEqual([])

    // The search would have found them: what the server must know lies there.
    const space = /"space":"([\w-]{43})"/.exec(received.toString('latin1'))?.[1] ?? 'no space'
    expect(findIn(received, [space])).not.toEqual([])
    expect(stored.includes(Buffer.from(space)) || stored.includes(Buffer.from(space, 'base64url'))).toBe(true)
    expect(stored.length).toBeGreaterThan(5_000)
  })
})

describe('what a page loads', () => {
  const scripts = (folder: string) => {
    const path = joinPath(root, 'dist/pwa/assets', folder)
    return readdirSync(path).flatMap((name) => (name.endsWith('.js') ? [{ name, text: readFileSync(joinPath(path, name), 'utf8') }] : []))
  }

  it('is nothing of the log on the patient’s page, and on the app’s only once the first picture stands', () => {
    const joined = scripts('join')
    expect(joined.length).toBeGreaterThan(0)
    expect(joined.filter(({ text }) => /alcove\.log\.1|alcove\/log/.test(text)).map(({ name }) => name)).toEqual([])
    const html = readFileSync(joinPath(root, 'dist/pwa/index.html'), 'utf8')
    const withLog = scripts('app').filter(({ text }) => /alcove\.log\.1|alcove\/log-record/.test(text))
    expect(withLog.length).toBeGreaterThan(0)
    expect(withLog.filter(({ name }) => html.includes(name)).map(({ name }) => name)).toEqual([])
  })
})

function filesIn(folder: string): Buffer {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
  return Buffer.concat(files.map((entry) => readFileSync(joinPath(entry.parentPath, entry.name))))
}
