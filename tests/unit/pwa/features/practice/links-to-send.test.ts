import type { Appointment } from '@alcove/shared/domain/appointment'
import { asId, type AppointmentId, type MemberId, type PatientId } from '@alcove/shared/domain/ids'
import { describe, expect, it } from 'vitest'
import { createLinksToSend, type LinkToSend } from '../../../../../pwa/src/features/practice/links-to-send.ts'
import { createFakeJournal } from '../../../../support/fakes/fake-journal.ts'
import { createFakeMemory } from '../../../../support/fakes/fake-memory.ts'

const me = asId<MemberId>('rivera')
const now = Date.UTC(2026, 10, 23, 15)
const dayMs = 24 * 60 * 60 * 1000

function appointment(patient: string, inDays: number, change: Partial<Appointment> = {}): Appointment {
  const startAt = now + inDays * dayMs
  return {
    id: asId<AppointmentId>(`${patient} ${inDays}`),
    type: 'therapy-session',
    patientId: asId<PatientId>(patient),
    clinicianId: me,
    start: { date: '2026-11-24', time: '10:00', zone: 'UTC' },
    durationMinutes: 50,
    useTelehealth: true,
    status: 'booked',
    startAt,
    endAt: startAt + 50 * 60_000,
    firstStartAt: startAt,
    ...change,
  }
}

function setUp(appointments: readonly Appointment[]) {
  const memory = createFakeMemory()
  let watcher: (found: readonly Appointment[]) => void = () => undefined
  let saved = appointments
  const schedule = {
    watchRange(_from: number, _to: number, listener: (found: readonly Appointment[]) => void) {
      watcher = listener
      queueMicrotask(() => listener(saved))
      return () => undefined
    },
  }
  return {
    change(next: readonly Appointment[]) {
      saved = next
      watcher(next)
    },
    async open(roomSince = now) {
      const links = createLinksToSend({ clock: { now: () => now }, schedule, journal: createFakeJournal(memory), me, roomSince })
      let shown: readonly LinkToSend[] = []
      links.watch((next) => {
        shown = next
      })
      await new Promise<void>((resolve) => setImmediate(resolve))
      return { links, shown: () => shown.map(({ patientId, copied }) => `${patientId}${copied ? ' copied' : ''}`), raw: () => shown }
    },
  }
}

describe('after the waiting room was replaced', () => {
  it('every patient with a telehealth session of mine ahead needs a link, the next session first', async () => {
    const desk = setUp([
      appointment('sam', 3),
      appointment('sam', 10),
      appointment('kim', 1),
      appointment('lou', 2, { useTelehealth: false }),
      appointment('max', 2, { status: 'cancelled' }),
      appointment('ada', 2, { clinicianId: asId<MemberId>('chen') }),
      appointment('holiday', 2, { patientId: null, type: 'vacation' }),
    ])
    const { shown, raw } = await desk.open()
    expect(shown()).toEqual(['kim', 'sam'])
    expect(raw()[1]?.next.startAt).toBe(now + 3 * dayMs)
  })

  it('a link that was copied is ticked, and stays so after a reload', async () => {
    const desk = setUp([appointment('sam', 3), appointment('kim', 1)])
    const first = await desk.open()
    first.links.copied(asId<PatientId>('sam'))
    expect(first.shown()).toEqual(['kim', 'sam copied'])
    first.links.close()
    expect((await desk.open()).shown()).toEqual(['kim', 'sam copied'])
  })

  it('who is booked later has the new link anyway, and whose sessions are cancelled needs none', async () => {
    const desk = setUp([appointment('sam', 3), appointment('kim', 1)])
    const { shown } = await desk.open()
    desk.change([appointment('sam', 3), appointment('lou', 1)])
    expect(shown()).toEqual(['sam'])
  })

  it('another replacement begins anew', async () => {
    const desk = setUp([appointment('sam', 3)])
    const { links } = await desk.open()
    links.copied(asId<PatientId>('sam'))
    expect((await desk.open(now + dayMs)).shown()).toEqual(['sam'])
  })
})
