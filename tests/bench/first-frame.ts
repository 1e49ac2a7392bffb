import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { WebSocketServer } from 'ws'
import { installBarePair } from '../support/bench/bare-pair.ts'
import { installProbe, type ProbeMarks } from '../support/bench/frame-probe.ts'
import { openProfile, type Profile } from '../support/chromium.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { accept, joinWaitingRoom, openSession } from '../support/stories/clinic.ts'

/**
 * From the click on Accept to the first frame of the other's camera on the screen, on both sides, against a bare
 * RTCPeerConnection pair in the same two browsers (offer to first frame, over a bare relay). Several rounds with fresh
 * browsers, the two in turn first; medians.
 */
const rounds = Number(process.argv[2] ?? 7)
const goal = 1.3

/** Milliseconds from the start, the later of both sides. */
type Parts = { readonly signaling: number; readonly ice: number; readonly dtls: number; readonly frame: number; readonly total: number }

async function main(): Promise<void> {
  const server = await startServer()
  const ours: Parts[] = []
  const bare: Parts[] = []
  for (let round = 0; round < rounds; round++) {
    const measured = await measure(server, round % 2 === 0)
    ours.push(measured.ours)
    bare.push(measured.bare)
    process.stdout.write(
      `round ${round + 1}: Accept ${measured.ours.total.toFixed(0)} ms, bare pair ${measured.bare.total.toFixed(0)} ms\n`,
    )
  }
  await server.stop()
  report(middle(ours), middle(bare))
}

async function measure(server: RunningServer, oursFirst: boolean): Promise<{ readonly ours: Parts; readonly bare: Parts }> {
  const clinician = await openProfile({ framesPerSecond: 20 })
  const patient = await openProfile({ framesPerSecond: 20 })
  try {
    // tsx wraps named functions in a helper that pages do not have.
    const content = `globalThis.__name ??= (value) => value; (${installProbe.toString()})()`
    for (const { context } of [clinician, patient]) await context.addInitScript({ content })
    if (oursFirst) {
      const ours = await measureOurs(server, clinician, patient)
      return { ours, bare: await measureBare(clinician, patient) }
    }
    const bare = await measureBare(clinician, patient)
    return { ours: await measureOurs(server, clinician, patient), bare }
  } finally {
    await clinician.close()
    await patient.close()
  }
}

async function measureOurs(server: RunningServer, clinician: Profile, patient: Profile): Promise<Parts> {
  const [desk, couch] = [await clinician.context.newPage(), await patient.context.newPage()]
  const { link } = await openSession(desk, server.origin)
  await couch.goto(link)
  await joinWaitingRoom(couch, 'Sam')
  await desk
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Accept/ })
    .waitFor()
  // A person needs a moment to see who it is and to click.
  await desk.waitForTimeout(2000)
  await accept(desk)
  const parts = await readParts(desk, couch)
  // The clinician's page asks before it is left in a session.
  desk.on('dialog', (dialog) => void dialog.accept())
  for (const page of [desk, couch]) await page.goto('about:blank')
  return parts
}

async function measureBare(clinician: Profile, patient: Profile): Promise<Parts> {
  const site = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Bare pair</title><body>')
  })
  const relay = new WebSocketServer({ server: site })
  relay.on('connection', (socket) => {
    socket.on('message', (data) => {
      for (const other of relay.clients) if (other !== socket) other.send(String(data))
    })
  })
  site.listen(0)
  await once(site, 'listening')
  const address = `localhost:${(site.address() as AddressInfo).port}`
  const pages = [await clinician.context.newPage(), await patient.context.newPage()] as const
  for (const page of pages) {
    await page.goto(`http://${address}`)
    await page.evaluate(installBarePair, { relay: `ws://${address}` })
    await page.evaluate(() => window.bare.ready)
  }
  const [desk, couch] = pages
  await desk.waitForTimeout(2000)
  await desk.evaluate(() => window.bare.offer())
  const parts = await readParts(desk, couch)
  for (const page of pages) await page.goto('about:blank')
  relay.close()
  site.close()
  return parts
}

async function readParts(desk: Page, couch: Page): Promise<Parts> {
  const marks: ProbeMarks[] = []
  for (const page of [desk, couch]) {
    await page.waitForFunction(() => window.probe.marks.painted !== undefined, undefined, { timeout: 20_000 })
    marks.push(await page.evaluate(() => window.probe.marks))
  }
  const start = marks[0]?.start ?? Number.NaN
  const later = (name: keyof ProbeMarks) => Math.max(...marks.map((one) => (one[name] ?? Number.NaN) - start))
  const [described, ice, dtls, painted] = [later('described'), later('ice'), later('dtls'), later('painted')]
  return { signaling: described, ice: ice - described, dtls: dtls - ice, frame: painted - dtls, total: painted }
}

function middle(all: readonly Parts[]): Parts {
  const median = (name: keyof Parts) => {
    const sorted = all.map((parts) => parts[name]).sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  }
  return { signaling: median('signaling'), ice: median('ice'), dtls: median('dtls'), frame: median('frame'), total: median('total') }
}

function report(ours: Parts, bare: Parts): void {
  const rows: readonly (readonly [string, keyof Parts])[] = [
    ['signaling (until both descriptions are in)', 'signaling'],
    ['ICE', 'ice'],
    ['DTLS', 'dtls'],
    ['first frame painted', 'frame'],
    ['in all', 'total'],
  ]
  process.stdout.write(`\n${'median ms, the later of both sides'.padEnd(46)}${'Alcove'.padStart(9)}${'bare pair'.padStart(11)}\n`)
  for (const [label, name] of rows) {
    process.stdout.write(`${label.padEnd(46)}${ours[name].toFixed(1).padStart(9)}${bare[name].toFixed(1).padStart(11)}\n`)
  }
  const ratio = Number((ours.total / bare.total).toFixed(3))
  const line = { name: 'first-frame', ours: Math.round(ours.total), peer: Math.round(bare.total), ratio, goal, pass: ratio <= goal }
  process.stdout.write(`\n${JSON.stringify(line)}\n`)
  if (!line.pass) process.exitCode = 1
}

await main()
