import 'fake-indexeddb/auto'
import { type Appointment, type AppointmentDraft, appointmentStatuses, appointmentTypes } from '@alcove/shared/domain/appointment'
import type { AppointmentId, MemberId, PatientId } from '@alcove/shared/domain/ids'
import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import { accepted, eventually, exampleDraft, setUp } from '../../../../support/store/examples.ts'
import { always, onDay } from '../../../../support/store/inspect.ts'
import { createProfile, type Profile, type Store } from '../../../../support/store/open.ts'

/** What a person may do, on either of two tabs. `which` picks among the appointments or patients that exist. */
type Command =
  | {
      readonly do: 'book' | 'edit'
      readonly tab: 0 | 1
      readonly which: number
      readonly change: Partial<AppointmentDraft>
      readonly day: number
    }
  | { readonly do: 'patient'; readonly tab: 0 | 1; readonly which: number; readonly firstName: string; readonly isNew: boolean }
  | { readonly do: 'replace-link'; readonly tab: 0 | 1; readonly which: number }
  | { readonly do: 'reopen' }

const tab = fc.constantFrom(0 as const, 1 as const)
const which = fc.nat({ max: 20 })
const change = fc.record({
  type: fc.constantFrom(...appointmentTypes),
  status: fc.constantFrom(...appointmentStatuses),
  durationMinutes: fc.integer({ min: 1, max: 1440 }),
  useTelehealth: fc.boolean(),
})
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('book' as const), tab, which, change, day: fc.nat({ max: 400 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('edit' as const), tab, which, change, day: fc.nat({ max: 400 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('patient' as const),
      tab,
      which,
      firstName: fc.string({ minLength: 1, maxLength: 12 }).filter((name) => name.trim() !== ''),
      isNew: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replace-link' as const), tab, which }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
)

type Model = {
  readonly appointments: Map<AppointmentId, AppointmentDraft>
  readonly patients: Map<PatientId, { firstName: string; lastName: string; generation: number }>
}

describe('the store against a plain model', () => {
  it('shows after any commands on two tabs, restarts and compactions exactly what was saved', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 25 }), async (commands) => {
        const profile = createProfile({ compactAtRows: 4, maxOpenDocuments: 3 })
        try {
          await play(profile, commands)
        } finally {
          await profile.close()
        }
      }),
      { numRuns: process.env.ALCOVE_LONG === '1' ? 200 : 20 },
    )
  }, 60_000)
})

async function play(profile: Profile, commands: readonly Command[]): Promise<void> {
  let tabs: readonly Store[] = [await profile.open(), await profile.open()]
  const first = tabs[0]
  if (!first) throw new Error('No tab')
  const { me, patientId } = await setUp(first)
  const model: Model = {
    appointments: new Map(),
    patients: new Map([[patientId, { firstName: 'Sam', lastName: 'Okafor', generation: 0 }]]),
  }
  await agree(tabs, model, me.id)
  for (const step of commands) {
    if (step.do === 'reopen') {
      await profile.close()
      tabs = [await profile.open(), await profile.open()]
      continue
    }
    const store = tabs[step.tab]
    if (store) await run(store, step, model, me.id)
    // A person sees what the other tab did before acting on it.
    await Promise.all(tabs.map((each) => each.catchUp()))
  }
  await agree(tabs, model, me.id)
  await profile.close()
  await agree([await profile.open()], model, me.id)
}

async function run(store: Store, step: Exclude<Command, { do: 'reopen' }>, model: Model, me: MemberId): Promise<void> {
  const patientIds = [...model.patients.keys()]
  const patientId = patientIds[step.which % patientIds.length] as PatientId
  const patient = model.patients.get(patientId)
  if (!patient) throw new Error('No patient')
  if (step.do === 'replace-link') {
    accepted(await store.patients.replaceLink(patientId, me))
    patient.generation++
  } else if (step.do === 'patient') {
    const draft = { firstName: step.firstName, lastName: 'Okafor' }
    const saved = accepted(await store.patients.save(step.isNew ? null : patientId, draft))
    const generation = step.isNew ? 0 : patient.generation
    model.patients.set(saved.id, { firstName: step.firstName.normalize('NFC').trim(), lastName: 'Okafor', generation })
  } else {
    const ids = [...model.appointments.keys()]
    const id = step.do === 'edit' ? (ids[step.which % Math.max(1, ids.length)] ?? null) : null
    const draft = { ...onDay(exampleDraft(me, patientId), step.day), ...step.change }
    model.appointments.set(accepted(await store.schedule.save(id, draft)).id, draft)
  }
}

async function agree(tabs: readonly Store[], model: Model, me: MemberId): Promise<void> {
  for (const store of tabs) {
    const appointments = await eventually<readonly Appointment[]>(
      (listener) => store.schedule.watchRange(...always, listener),
      (found) => found.length === model.appointments.size,
    )
    for (const appointment of appointments) expect(appointment).toMatchObject(model.appointments.get(appointment.id) ?? { id: 'unknown' })
    const patients = await eventually(store.patients.watch, (found) => found.length === model.patients.size)
    for (const { id, firstName, lastName, linkGenerations } of patients) {
      expect({ firstName, lastName, generation: linkGenerations[me] ?? 0 }).toEqual(model.patients.get(id))
    }
  }
}
