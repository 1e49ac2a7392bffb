import 'fake-indexeddb/auto'
import type { Appointment } from '@alcove/shared/domain/appointment'
import { asId } from '@alcove/shared/domain/ids'
import { fc } from '../../../../support/property.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMemoryDevice, type MemoryDevice } from '../../../../support/fakes/memory-device.ts'
import { noon } from '../../../../support/crypto-people.ts'
import { invite, inviteColleague, keyOf, meet, peopleOf, placeOf, stateOf } from '../../../../support/store/devices.ts'
import { accepted, eventually, exampleDraft, setUp } from '../../../../support/store/examples.ts'
import { always, onDay } from '../../../../support/store/inspect.ts'
import { createProfile, type Store } from '../../../../support/store/open.ts'

const shown = (store: Store, count: number) =>
  eventually<readonly Appointment[]>(
    (listener) => store.schedule.watchRange(...always, listener),
    (found) => found.length === count,
  )

const steps = ['book', 'edit', 'patient', 'tier', 'add-member', 'apply', 'take', 'remove-device', 'note-peer'] as const
type Step = (typeof steps)[number]

describe('a process that ends in the middle of its writes', () => {
  it('has afterwards everything that it reported saved, and a whole practice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...steps), { minLength: 3, maxLength: 14 }),
        fc.nat({ max: 60 }),
        async (plan, crashAfter) => {
          const clock = { left: Number.POSITIVE_INFINITY }
          const laptop: MemoryDevice = createMemoryDevice({
            now: () => noon,
            compactAtRows: 4,
            async pause() {
              if (clock.left-- === 0) laptop.crash()
            },
          })
          const phone = createMemoryDevice({ now: () => noon })
          const store = await laptop.open()
          const { me, patientId } = await setUp(store)
          const other = await invite(store, phone, { kind: 'own-device' })
          const saved = new Map<string, number>()
          const draft = exampleDraft(me.id, patientId)
          const first = accepted(await store.schedule.save(null, draft))
          await meet(store, other)
          await shown(other, 1)
          const entries = new Set(await store.chain.entries())
          let tier = 'basic'
          saved.set(first.id, 50)

          clock.left = crashAfter
          for (const [i, step] of plan.entries()) await run(step, i).catch(() => undefined)
          clock.left = Number.POSITIVE_INFINITY

          laptop.crash()
          const again = await laptop.open()
          const state = await stateOf(again)
          expect(again.damage()).toEqual({ rows: 0, entities: 0 })
          const found = await eventually<readonly Appointment[]>(
            (listener) => again.schedule.watchRange(...always, listener),
            (all) => [...saved.keys()].every((id) => all.some((one) => one.id === id)),
          )
          for (const [id, minutes] of saved) expect(found.find((one) => one.id === id)?.durationMinutes).toBeGreaterThanOrEqual(minutes)
          // The index finds what the documents have, and nothing else.
          const indexed = laptop.disk.rows('appointments').map((row) => (row as { id: string }).id)
          expect([...indexed].sort()).toEqual(found.map(({ id }) => id).sort())
          const now = new Set(await again.chain.entries())
          for (const entry of entries) expect(now.has(entry)).toBe(true)
          if (tier !== 'unknown') expect(state.practice.telehealth).toBe(tier)
          // It can write, sign and sync again.
          accepted(await again.schedule.save(null, draft))
          accepted(await again.practice.addMember({ name: 'After', roles: ['scheduler'] }))
          expect((await placeOf(again)).topic).toHaveLength(43)

          async function run(step: Step, i: number): Promise<void> {
            if (step === 'book') {
              const done = await store.schedule.save(null, onDay(draft, i * 20))
              if (done.ok) saved.set(done.value.id, 50)
            } else if (step === 'edit') {
              const done = await store.schedule.save(first.id, { ...draft, durationMinutes: 51 + i }, { ...draft, durationMinutes: 1 })
              if (done.ok) saved.set(first.id, 51 + i)
            } else if (step === 'patient') {
              await store.patients.save(patientId, { firstName: String(i), lastName: 'Okafor' })
            } else if (step === 'tier') {
              const wanted = i % 2 === 0 ? 'premium' : 'off'
              tier = (await store.practice.changeTelehealth(wanted)).ok ? wanted : 'unknown'
            } else if (step === 'add-member') {
              const done = await store.practice.addMember({ name: `Kim ${i}`, roles: ['scheduler'] })
              if (done.ok) for (const entry of await store.chain.entries()) entries.add(entry)
            } else if (step === 'apply') {
              const made = accepted(await other.schedule.save(null, onDay(draft, i * 20 + 7)))
              for (const document of (await other.sync.changedSince(0)).documents) {
                const done = await store.sync.apply(document, await other.sync.updateFor(document, null))
                if (done.ok && document !== other.sync.practiceDocument()) continue
                if (!done.ok) return
              }
              saved.set(made.id, 50)
            } else if (step === 'take') {
              accepted(await other.practice.renameMember(me.id, `Dr. R${i}`))
              if ((await store.chain.take(await other.chain.entries())).ok)
                for (const entry of await other.chain.entries()) entries.add(entry)
            } else if (step === 'remove-device') {
              await store.people.removeDevice(await keyOf(other))
            } else {
              await store.sync.notePeer(asId(`peer-${i}`), { mark: i })
            }
          }
        },
      ),
      { numRuns: process.env.ALCOVE_LONG === '1' ? 500 : 12 },
    )
  }, 60_000)

  it('never shows what another device sent before it is durable', async () => {
    const disk = { left: Number.POSITIVE_INFINITY }
    const laptop: MemoryDevice = createMemoryDevice({
      async pause() {
        if (disk.left-- === 0) laptop.crash()
      },
    })
    const store = await laptop.open()
    const { me, patientId } = await setUp(store)
    const other = await invite(store, createMemoryDevice(), { kind: 'own-device' })
    await meet(store, other)
    accepted(await other.schedule.save(null, exampleDraft(me.id, patientId)))
    const { documents } = await other.sync.changedSince(0)
    const told: unknown[] = []
    store.sync.watchUpdates((change) => told.push(change))
    disk.left = 0
    const outcomes: ('dead' | Awaited<ReturnType<Store['sync']['apply']>>)[] = []
    for (const document of documents) {
      const update = await other.sync.updateFor(document, null)
      outcomes.push(await store.sync.apply(document, update).catch(() => 'dead' as const))
    }
    expect(outcomes.filter((outcome) => outcome === 'dead' || !outcome.ok).length).toBeGreaterThan(0)
    expect(told).toEqual([])
    const again = await laptop.open()
    await shown(again, 0)
    await meet(again, other)
    await shown(again, 1)
  })
})

describe('a full disk while others send', () => {
  afterEach(() => vi.restoreAllMocks())

  it('says so, shows none of it, and takes it when there is room again', async () => {
    const profile = createProfile()
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    const other = await inviteColleague(store, createMemoryDevice({ now: () => noon }), 'Ada Admin', ['administrator'])
    await meet(store, other)
    accepted(await other.schedule.save(null, exampleDraft(me.id, patientId)))
    accepted(await other.practice.changeTelehealth('premium'))
    const before = { state: await stateOf(store), people: await peopleOf(store), mark: (await store.sync.changedSince(0)).mark }
    const full = () => {
      throw new DOMException('No space', 'QuotaExceededError')
    }
    for (const method of ['add', 'put'] as const) vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(full)
    let refused = 0
    for (const document of (await other.sync.changedSince(0)).documents) {
      const vector = await store.sync.vector(document)
      const done = await store.sync.apply(document, await other.sync.updateFor(document, vector))
      if (!done.ok) refused++
      expect(done.ok ? 'ok' : done.error).toMatch(/^(ok|storage-full)$/)
      expect(await store.sync.vector(document)).toEqual(vector)
    }
    // The month and the practice; the patients had nothing new.
    expect(refused).toBe(2)
    expect(await store.chain.take(await other.chain.entries())).toEqual({ ok: false, error: 'storage-full' })
    expect(await stateOf(store)).toEqual(before.state)
    expect((await store.sync.changedSince(0)).mark).toBe(before.mark)
    await shown(store, 0)
    vi.restoreAllMocks()
    await meet(store, other)
    await shown(store, 1)
    expect((await stateOf(store, ({ practice }) => practice.telehealth === 'premium')).members).toHaveLength(2)
    await profile.close()
  })
})
