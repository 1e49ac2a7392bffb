import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openProfile, type Profile } from '../support/chromium.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { accept, addPatient, book, clinicianName, joinWaitingRoom, setUpPractice, startSession } from '../support/stories/clinic.ts'
import { type MeddlingServer, startMeddlingServer } from '../support/stories/meddling-server.ts'
import { dumpStorage, findIn } from '../support/store/search.ts'
import { seen } from '../support/stories/stage.ts'

/** The operator reads and changes every frame. Whatever it does, no picture reaches a wrong party. */
let meddling: MeddlingServer
let server: RunningServer
let clinic: Profile
let home: Profile
let elsewhere: Profile
let app: Page
let link = ''

const planted = {
  first: 'Zebedee',
  last: 'Quillfeather',
  typed: 'Zeb-typed-name',
  typedElsewhere: 'Zora-typed-name',
  practice: 'Xylophone Practice',
  clinician: 'Dr. Wanda Yarrow',
}

beforeAll(async () => {
  meddling = await startMeddlingServer()
  server = await startServer({ env: { PUBLIC_ORIGIN: meddling.origin, LOG_LEVEL: 'debug' } })
  meddling.forwardTo(server.port)
  clinic = await openProfile()
  home = await openProfile()
  elsewhere = await openProfile()
  app = clinic.page
  await setUpPractice(app, meddling.origin, { practice: planted.practice, name: planted.clinician })
  await addPatient(app, planted.first, planted.last)
  link = await book(app, { patient: `${planted.first} ${planted.last}` })
  await startSession(app)
}, 90_000)
afterAll(async () => {
  await clinic?.close()
  await home?.close()
  await elsewhere?.close()
  await meddling?.close()
  await server?.stop()
})
afterEach(() => meddling.meddle((frame) => [frame]))

const typeOf = (frame: string): unknown => {
  try {
    return (JSON.parse(frame) as { type?: unknown }).type
  } catch {
    return undefined
  }
}

/** Changes one character in the middle of what is sealed. */
function spoil(frame: string): string {
  const message = JSON.parse(frame) as { data: string }
  const at = Math.floor(message.data.length / 2)
  const other = message.data[at] === 'A' ? 'B' : 'A'
  return JSON.stringify({ ...message, data: message.data.slice(0, at) + other + message.data.slice(at + 1) })
}

const remoteVideos = (page: Page) => page.locator('video[aria-label^="Video of"]')
const pictures = (page: Page) =>
  remoteVideos(page).evaluateAll((videos) => videos.filter((video) => (video as HTMLVideoElement).videoWidth > 0).length)
const warning = (page: Page) => page.getByText(/Something on the way tried to change this call/).first()

describe('a server that changes what it carries', () => {
  it('gets no picture anywhere when it changes descriptions, and both read why', async () => {
    const patient = await home.context.newPage()
    await patient.goto(link)
    await joinWaitingRoom(patient, planted.typed)
    meddling.meddle((frame) => (typeOf(frame) === 'relay' ? [spoil(frame)] : [frame]))
    await accept(app)
    await warning(patient).waitFor()
    expect(await pictures(app)).toBe(0)
    expect(await pictures(patient)).toBe(0)
    await patient.close()
  })

  it('cannot admit anybody by itself, nor open anything with an old ticket', async () => {
    const old = meddling.frames.find(({ direction, frame }) => direction === 'to-client' && typeOf(frame) === 'admitted')
    expect(old).toBeDefined()
    const patient = elsewhere.page
    await patient.goto(link)
    await joinWaitingRoom(patient, planted.typedElsewhere)
    const socket = meddling.frames.at(-1)?.socket ?? -1
    const forged = JSON.stringify({ ...(JSON.parse(old?.frame ?? '{}') as object) })
    for (let index = 0; index <= socket; index++) meddling.inject(index, forged)
    await patient.getByRole('heading', { name: 'You are in the waiting room' }).waitFor()
    expect(await remoteVideos(patient).count()).toBe(0)
    expect(await pictures(app)).toBe(0)
  })

  it('does no harm by replaying and doubling: the honest pair is connected', async () => {
    const patient = elsewhere.page
    meddling.meddle((frame) => (typeOf(frame) === 'relay' ? [frame, frame] : [frame]))
    await accept(app)
    expect(await seen(app, planted.typedElsewhere)).toBeGreaterThanOrEqual(5)
    expect(await seen(patient, planted.clinician)).toBeGreaterThanOrEqual(5)
    const end = meddling.frames.find(({ frame }) => typeOf(frame) === 'ended')
    if (end) for (let index = 0; index < 40; index++) meddling.inject(index, end.frame)
    expect(await seen(patient, planted.clinician)).toBeGreaterThanOrEqual(5)
  })

  it('has received and logged no name, no link secret and no description in clear', () => {
    const [, , secret, tag, card] = new URL(link).hash.slice(1).split('.')
    const sent = meddling.frames.map(({ frame }) => frame).join('\n')
    expect(meddling.frames.length).toBeGreaterThan(20)
    const needles = [
      ...Object.values(planted),
      'Quillfeather',
      'a=fingerprint',
      'a=candidate',
      'candidate:',
      secret,
      tag,
      card,
      clinicianName,
    ]
    for (const text of [sent, server.output()])
      for (const needle of needles) {
        expect(text).not.toContain(needle)
        expect(text).not.toContain(
          Buffer.from(needle ?? '')
            .toString('base64url')
            .slice(0, -2),
        )
      }
  })

  it('finds no planted name in what the app keeps on the device either: stores, caches, web storage', async () => {
    const kept = await dumpStorage(app)
    expect(kept.length).toBeGreaterThan(5_000)
    expect(findIn(kept, Object.values(planted))).toEqual([])
  })
})
