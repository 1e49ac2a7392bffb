import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openProfile, plainAddresses, type Profile } from '../../support/chromium.ts'
import { servePage, type ServedPage } from '../../support/serve-page.ts'
import { type RunningServer, startServer } from '../../support/server.ts'

let served: ServedPage
let server: RunningServer
let url = ''
let profiles: Profile[] = []
let topic = ''
let troubles: string[] = []
const requests = new Set<string>()

beforeAll(async () => {
  served = await servePage('sync-harness')
  const { origin } = new URL(served.url)
  server = await startServer({ env: { PUBLIC_ORIGIN: origin } })
  url = `ws://127.0.0.1:${server.port}/sync`
  profiles = await Promise.all([openProfile({ args: plainAddresses }), openProfile({ args: plainAddresses })])
  for (const { page } of profiles) {
    page.on('request', (request) => requests.add(new URL(request.url()).origin))
    page.on('websocket', (socket) => requests.add(new URL(socket.url()).origin))
    page.on('pageerror', (error) => troubles.push(String(error)))
  }
})

afterAll(async () => {
  await Promise.all(profiles.map((profile) => profile.close()))
  await Promise.all([server?.stop(), served?.close()])
})

beforeEach(async () => {
  troubles = []
  topic = `topic-${Math.random()}`
  await Promise.all(profiles.map(({ page }) => page.goto(served.url)))
})

afterEach(() => {
  expect(troubles).toEqual([])
})

function pageOf(index: number): Profile['page'] {
  const profile = profiles[index]
  if (!profile) throw new Error('There are two browsers')
  return profile.page
}
const laptop = () => pageOf(0)
const phone = () => pageOf(1)

async function open(page: Profile['page'], password = 'secret'): Promise<void> {
  await page.evaluate(([where, name, word]) => window.device.open(where, name, word), [url, topic, password] as const)
}
const channels = (page: Profile['page']) => page.evaluate(() => window.device.channels())
const change = (page: Profile['page'], name: string, value: string) =>
  page.evaluate(([field, text]) => window.device.change(field, text), [name, value] as const)
const reads = (page: Profile['page'], name: string, value: string) =>
  expect.poll(() => page.evaluate((field) => window.device.read(field), name), { timeout: 15_000 }).toBe(value)

/** Both have this many channels to the other. */
async function linked(count = 1): Promise<void> {
  for (const page of [laptop(), phone()]) await expect.poll(() => channels(page), { timeout: 15_000 }).toBe(count)
}

async function openBoth(): Promise<void> {
  await Promise.all([open(laptop()), open(phone())])
  await linked()
}

async function convergesBothWays(word: string): Promise<void> {
  await change(laptop(), `from-laptop-${word}`, word)
  await change(phone(), `from-phone-${word}`, word)
  await reads(phone(), `from-laptop-${word}`, word)
  await reads(laptop(), `from-phone-${word}`, word)
}

describe('links between the devices of a practice, in Chromium', () => {
  it('bring what each had before and what each changes, and know the certificates of the connection', async () => {
    await change(laptop(), 'name', 'Alder')
    await openBoth()
    await reads(phone(), 'name', 'Alder')
    await convergesBothWays('later')
    const [mine, theirs] = await Promise.all([laptop(), phone()].map((page) => page.evaluate(() => window.device.fingerprints())))
    expect(mine?.mine).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    expect(mine).toEqual({ mine: theirs?.theirs, theirs: theirs?.mine })
  })

  it('carry 12 million characters on the channel one way and 1 million the other, while Yjs goes on', async () => {
    await openBoth()
    const sent = [
      laptop().evaluate(() => window.device.sayMuch(12_000_000, 'abc', 'xyz')),
      phone().evaluate(() => window.device.sayMuch(1_000_000, 'def', 'uvw')),
    ]
    await convergesBothWays('meanwhile')
    expect(await Promise.all(sent)).toEqual([true, true])
    const heard = (page: Profile['page']) => expect.poll(() => page.evaluate(() => window.device.heard()), { timeout: 15_000 })
    await heard(phone()).toEqual([{ length: 12_000_000, ends: 'abcxyz' }])
    await heard(laptop()).toEqual([{ length: 1_000_000, ends: 'defuvw' }])
  })

  it('are dialled again, and not deaf, when both sides lose the connection in the same moment', async () => {
    await openBoth()
    for (const [round, word] of ['once', 'twice', 'thrice'].entries()) {
      await Promise.all([laptop(), phone()].map((page) => page.evaluate(() => window.device.losePeers())))
      for (const page of [laptop(), phone()]) {
        await expect.poll(() => page.evaluate(() => window.device.everOpened()), { timeout: 30_000 }).toBeGreaterThan(round + 1)
      }
      await linked()
      await convergesBothWays(word)
      expect(await laptop().evaluate((text) => window.device.say(text), word)).toBe(true)
    }
  })

  it('find a device again that crashed', async () => {
    await openBoth()
    await phone().goto(served.url)
    await change(laptop(), 'while', 'away')
    await open(phone())
    await reads(phone(), 'while', 'away')
    await convergesBothWays('back')
  })

  it('outlive the server, and find each other once it is back', async () => {
    await openBoth()
    await server.kill()
    await expect.poll(() => laptop().evaluate(() => window.device.server())).toEqual([true, false])
    await convergesBothWays('without')
    await phone().goto(served.url)
    await open(phone())
    await server.restart()
    await reads(phone(), 'from-phone-without', 'without')
    await convergesBothWays('with')
  })

  it('go on after the page asked whether to leave and stayed', async () => {
    await openBoth()
    await laptop().evaluate(() => window.device.almostLeave())
    await expect.poll(() => laptop().evaluate(() => window.device.everOpened()), { timeout: 15_000 }).toBeGreaterThanOrEqual(2)
    await linked()
    await convergesBothWays('stayed')
  })

  it('say nothing to a device with another password, which is no trouble', async () => {
    await Promise.all([open(laptop()), open(phone(), 'guessed')])
    await expect.poll(() => phone().evaluate(() => window.device.server())).toEqual([true])
    await change(laptop(), 'name', 'Alder')
    const stranger = new WebSocket(url, { origin: new URL(served.url).origin })
    await new Promise((resolve) => stranger.once('open', resolve))
    stranger.send(JSON.stringify({ type: 'subscribe', topics: [topic] }))
    const heard: string[] = []
    stranger.on('message', (data) => void heard.push(String(data)))
    stranger.send(JSON.stringify({ type: 'publish', topic, data: 'AAAAAAAA' }))
    stranger.send(JSON.stringify({ type: 'publish', topic, data: { type: 'announce', from: 'me' } }))
    await expect.poll(() => heard.length).toBeGreaterThan(1)
    stranger.close()
    expect(await phone().evaluate(() => [window.device.everOpened(), window.device.connections(), window.device.read('name')])).toEqual([
      0,
      0,
      null,
    ])
  })

  it('leave nothing behind when they are closed, and open again at once', async () => {
    await openBoth()
    await laptop().evaluate(() => window.device.close())
    await open(laptop())
    await expect.poll(() => laptop().evaluate(() => window.device.everOpened()), { timeout: 15_000 }).toBeGreaterThanOrEqual(2)
    await linked()
    await convergesBothWays('again')
    for (const page of [laptop(), phone()]) await page.evaluate(() => window.device.close())
    for (const page of [laptop(), phone()]) await expect.poll(() => page.evaluate(() => window.device.connections())).toBe(0)
  })

  it('are closed by one side for both, and dialled again after a pause', async () => {
    await openBoth()
    await laptop().evaluate(() => window.device.hangUp())
    await linked(0)
    await expect.poll(() => phone().evaluate(() => window.device.everOpened()), { timeout: 20_000 }).toBeGreaterThanOrEqual(2)
    await linked()
  })

  it('come about although the server names strange ICE servers', async () => {
    for (const page of [laptop(), phone()]) {
      await page.evaluate(() => window.device.useIceServers([{ urls: ['http://evil.example', 'turn:'] }]))
    }
    await openBoth()
    await convergesBothWays('plain')
  })

  it('ask no server but their own for anything', async () => {
    await openBoth()
    for (const page of [laptop(), phone()]) expect(await page.evaluate(() => window.device.iceServers())).toBe(0)
    expect([...requests].sort()).toEqual([new URL(served.url).origin, new URL(url).origin].sort())
  })
})

describe('the relay, in Chromium', () => {
  it('carries small messages to the other side and not back, and is back after the server was', async () => {
    const join = (page: Profile['page']) => page.evaluate(([where, name]) => window.device.relay.join(where, name), [url, topic] as const)
    const heard = (page: Profile['page']) => expect.poll(() => page.evaluate(() => window.device.relay.heard()), { timeout: 15_000 })
    await Promise.all([join(laptop()), join(phone())])
    for (const page of [laptop(), phone()]) await heard(page).toEqual(['open'])
    expect(await laptop().evaluate(() => window.device.relay.publish('hello'))).toBe(true)
    await heard(phone()).toEqual(['open', 'hello'])
    await server.restart()
    for (const page of [laptop(), phone()])
      await expect.poll(() => page.evaluate(() => window.device.relay.heard().slice(-2)), { timeout: 15_000 }).toEqual(['lost', 'open'])
    expect(await phone().evaluate(() => window.device.relay.publish('again'))).toBe(true)
    await heard(laptop()).toEqual(['open', 'lost', 'open', 'again'])
  })
})
