import { type Appointment, draftOf } from '@alcove/shared/domain/appointment'
import type { AppointmentId } from '@alcove/shared/domain/ids'
import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import type { SaveError } from '../../ports.ts'
import { type AppointmentForm, type FormProblem, formOf, readForm, sameForm } from './appointment-form.ts'
import type { ScheduleDoors } from './schedule-doors.ts'

export type SaveStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'saving' }
  /** Durable. `undoTo` is what stood there before, when there was something. */
  | { readonly kind: 'saved'; readonly undoTo: AppointmentForm | null; readonly undone: boolean }
  | { readonly kind: 'failed'; readonly error: SaveError }
  | { readonly kind: 'invalid'; readonly problems: readonly FormProblem[] }

export type AppointmentEditor = {
  readonly form: Accessor<AppointmentForm>
  readonly change: (change: Partial<AppointmentForm>) => void
  /** The appointment as it is stored; null for one that never was saved. */
  readonly saved: Accessor<Appointment | null>
  readonly dirty: Accessor<boolean>
  readonly status: Accessor<SaveStatus>
  readonly save: () => Promise<void>
  readonly undo: () => Promise<void>
}

/** One open appointment: its fields, what is stored, and the way between them. */
export function createAppointmentEditor(
  doors: Pick<ScheduleDoors, 'schedule' | 'watchAppointment'>,
  start: { readonly saved: Appointment } | { readonly blank: AppointmentForm },
): AppointmentEditor {
  const initial = 'saved' in start ? start.saved : null
  const blank = 'blank' in start ? start.blank : formOf(start.saved)
  const [id, setId] = createSignal<AppointmentId | null>(initial?.id ?? null)
  const [latest, setLatest] = createSignal<Appointment | null>(initial)
  const [form, setForm] = createSignal(blank)
  /** What the form began with. Fields that still equal it were not edited here and leave another tab's change alone. */
  let followed = initial
  const [status, setStatus] = createSignal<SaveStatus>({ kind: 'idle' })
  const watched = doors.watchAppointment(id)
  const baseline = createMemo(() => {
    const saved = latest()
    return saved ? formOf(saved) : blank
  })
  const dirty = createMemo(() => !sameForm(form(), baseline()))

  // Stored by somebody else meanwhile (another tab or device): follow it, but never over what is being typed.
  createEffect(
    on(
      watched,
      (stored) => {
        if (!stored || status().kind === 'saving') return
        const follow = !dirty()
        setLatest(stored)
        if (!follow) return
        followed = stored
        setForm(formOf(stored))
      },
      { defer: true },
    ),
  )

  function change(part: Partial<AppointmentForm>): void {
    setForm((before) => ({ ...before, ...part }))
    const now = status().kind
    if (now === 'saved' || now === 'invalid') setStatus({ kind: 'idle' })
  }

  async function store(next: AppointmentForm, undone: boolean): Promise<void> {
    if (status().kind === 'saving') return
    const draft = readForm(next)
    if (!draft.ok) {
      setStatus({ kind: 'invalid', problems: draft.error })
      return
    }
    const before = latest()
    setStatus({ kind: 'saving' })
    const base = undone ? before : followed
    const result = await doors.schedule.save(id(), draft.value, base ? draftOf(base) : undefined)
    if (!result.ok) {
      setStatus({ kind: 'failed', error: result.error })
      return
    }
    setLatest(result.value)
    followed = result.value
    setId(result.value.id)
    // Whatever was typed while it was being stored stays, and is dirty again.
    if (sameForm(form(), next) || undone) setForm(formOf(result.value))
    const undoTo = before && !undone && !sameForm(formOf(before), next) ? formOf(before) : null
    setStatus({ kind: 'saved', undoTo, undone })
  }

  return {
    form,
    change,
    saved: latest,
    dirty,
    status,
    save: () => store(form(), false),
    undo: async () => {
      const now = status()
      if (now.kind === 'saved' && now.undoTo) await store(now.undoTo, true)
    },
  }
}
