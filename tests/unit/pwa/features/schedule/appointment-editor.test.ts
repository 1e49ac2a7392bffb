import { draftOf } from '@alcove/shared/domain/appointment'
import { err, ok } from '@alcove/shared/domain/result'
import { createRoot, createSignal } from 'solid-js'
import { describe, expect, it } from 'vitest'
import { createAppointmentEditor } from '../../../../../pwa/src/features/schedule/appointment-editor.ts'
import { newForm } from '../../../../../pwa/src/features/schedule/appointment-form.ts'
import type { ScheduleRepository } from '../../../../../pwa/src/ports.ts'
import { appointment, me, zone } from './examples.ts'

const stored = appointment('2026-11-24', '09:15', 50)
const blank = newForm({ me, members: [me], now: stored.startAt, zone })

function open(save: ScheduleRepository['save'], start: Parameters<typeof createAppointmentEditor>[1]) {
  const [watched, setWatched] = createSignal<typeof stored | null | undefined>(undefined)
  const editor = createRoot(() => createAppointmentEditor({ schedule: { save }, watchAppointment: () => watched }, start))
  return { editor, setWatched }
}

describe('an open appointment', () => {
  it('is saved only when the repository says so, and keeps what was typed meanwhile', async () => {
    let finish: () => void = () => undefined
    const { editor } = open(
      async () => {
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        return ok({ ...stored, status: 'arrived' })
      },
      { saved: stored },
    )
    editor.change({ status: 'arrived' })
    const saving = editor.save()
    expect(editor.status()).toEqual({ kind: 'saving' })
    expect(editor.saved()?.status).toBe('booked')
    editor.change({ duration: '30' })
    finish()
    await saving
    expect(editor.saved()?.status).toBe('arrived')
    expect(editor.form().duration).toBe('30')
    expect(editor.dirty()).toBe(true)
  })

  it('loses nothing when it cannot be stored, and can be tried again', async () => {
    let full = true
    const { editor } = open(async () => (full ? err('storage-full') : ok(stored)), { blank })
    editor.change({ duration: '30' })
    await editor.save()
    expect(editor.status()).toEqual({ kind: 'failed', error: 'storage-full' })
    expect([editor.form().duration, editor.saved(), editor.dirty()]).toEqual(['30', null, true])
    full = false
    await editor.save()
    expect(editor.status().kind).toBe('saved')
  })

  it('stores nothing that is not valid', async () => {
    let stores = 0
    const { editor } = open(
      async () => {
        stores += 1
        return ok(stored)
      },
      { blank },
    )
    editor.change({ date: '' })
    await editor.save()
    expect(editor.status()).toEqual({ kind: 'invalid', problems: ['date'] })
    expect(stores).toBe(0)
  })

  it('tells the repository what the edits began with, so that another tab’s change of another field stands', async () => {
    const bases: unknown[] = []
    const { editor, setWatched } = open(
      async (_id, draft, base) => {
        bases.push(base)
        return ok({ ...stored, ...draft })
      },
      { saved: stored },
    )
    editor.change({ duration: '30' })
    setWatched({ ...stored, status: 'arrived' })
    await editor.save()
    expect(bases).toEqual([draftOf(stored)])
  })

  it('takes a saved change back', async () => {
    const { editor } = open(async (_id, draft) => ok({ ...stored, ...draft }), { saved: stored })
    editor.change({ status: 'noshow' })
    await editor.save()
    await editor.undo()
    expect(editor.saved()?.status).toBe('booked')
    expect(editor.status()).toEqual({ kind: 'saved', undoTo: null, undone: true })
  })

  it('follows what another tab stored, but never over what is being typed', () => {
    const { editor, setWatched } = open(async () => ok(stored), { saved: stored })
    setWatched({ ...stored, status: 'arrived' })
    expect([editor.form().status, editor.dirty()]).toEqual(['arrived', false])
    editor.change({ duration: '25' })
    setWatched({ ...stored, status: 'cancelled' })
    expect([editor.form().status, editor.form().duration, editor.saved()?.status]).toEqual(['arrived', '25', 'cancelled'])
  })
})
