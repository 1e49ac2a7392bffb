import type { Appointment } from '@alcove/shared/domain/appointment'
import { type CallWorld, createCallWorld, minuteMs, type TestBrowser, type TestPatient } from './call-world.ts'
import type { TestClinician } from './test-clinician.ts'

/** A clinician with Sam's appointment in ten minutes. */
export async function appointmentOfSam(options: Parameters<typeof createCallWorld>[0] = {}) {
  const world = createCallWorld(options)
  const clinician = await world.clinician()
  const record = await clinician.addPatient('Sam', 'Okafor')
  const appointment = await clinician.book(record, 10 * minuteMs)
  const link = await clinician.linkOf(record)
  return { world, clinician, record, appointment, link }
}

/** Opens the link and joins the waiting room. */
export async function joins(world: CallWorld, name: string, link: string, browser?: TestBrowser): Promise<TestPatient> {
  const patient = await world.patient(name, link, browser)
  patient.visit().join(name)
  await world.pass(1000)
  return patient
}

export async function accepts(world: CallWorld, clinician: TestClinician, patient: TestPatient): Promise<void> {
  const accepted = await clinician.room().accept(patient.key())
  if (!accepted.ok) throw new Error(`Not accepted: ${accepted.error.kind}`)
  await world.pass(1000)
}

export async function starts(clinician: TestClinician, appointment: Appointment): Promise<void> {
  const started = await clinician.room().start(appointment)
  if (!started.ok) throw new Error(`Not started: ${started.error}`)
}

/** Sam is in the session. */
export async function sessionWithSam() {
  const story = await appointmentOfSam()
  const { world, clinician, appointment, link } = story
  const sam = await joins(world, 'sam', link)
  await starts(clinician, appointment)
  await accepts(world, clinician, sam)
  return { ...story, sam }
}

/** Sam, and guests who came with the clinician's standing link, in one session. */
export async function groupSession(...names: readonly string[]) {
  const story = await sessionWithSam()
  const { world, clinician } = story
  const standing = await clinician.standingLink()
  const guests: TestPatient[] = []
  for (const name of names) {
    const guest = await joins(world, name, standing)
    await accepts(world, clinician, guest)
    guests.push(guest)
  }
  await world.pass(1000)
  return { ...story, standing, guests }
}

/** Sam's appointment, and a clinician with a laptop (its pages are called clinician) and a phone. */
export async function twoDevices() {
  const story = await appointmentOfSam()
  const phone = await story.clinician.device('phone')
  await story.world.pass(1000)
  return { ...story, laptop: story.clinician, phone }
}

/** Sam, and guests with the standing link, are in the laptop's session. */
export async function sessionOnLaptop(...names: readonly string[]) {
  const story = await twoDevices()
  const { world, laptop, link, appointment } = story
  const sam = await joins(world, 'sam', link)
  await starts(laptop, appointment)
  await accepts(world, laptop, sam)
  const standing = await laptop.standingLink()
  const guests: TestPatient[] = []
  for (const name of names) {
    const guest = await joins(world, name, standing)
    await accepts(world, laptop, guest)
    guests.push(guest)
  }
  await world.pass(1000)
  return { ...story, sam, guests }
}

/** Names of those in the session as the clinician sees it. */
export function inSession(clinician: TestClinician): string[] {
  const { session } = clinician.state()
  return session.kind === 'running' ? session.people.map((person) => person.name) : []
}

/** Long enough for everybody to come back to a server that was lost. */
export const comebackMs = 12_000
