import { asId, type DocumentId } from '@alcove/shared/domain/ids'
import { logIncidentKinds } from '@alcove/shared/domain/sealed-log'
import { expect, it } from 'vitest'
import { incidentRows } from '../../../../../pwa/src/features/log/incident-rows.ts'
import { words as english } from '../../../../../pwa/src/words/sync.en.ts'
import { words as spanish } from '../../../../../pwa/src/words/sync.es.ts'

const document = (name: string) => asId<DocumentId>(name)

it('what happened to many documents is one line with its last time, the gravest first', () => {
  const rows = incidentRows([
    { kind: 'replayed', document: document('a'), at: 9 },
    { kind: 'rolled-back', document: document('a'), at: 3 },
    { kind: 'rolled-back', document: document('b'), at: 5 },
    { kind: 'rolled-back', document: document('c'), at: 4 },
  ])
  expect(rows).toEqual([
    { kind: 'rolled-back', at: 5 },
    { kind: 'replayed', at: 9 },
  ])
  expect(incidentRows([])).toEqual([])
})

it('every kind is said in whole sentences that tell what the devices do, in both languages', () => {
  for (const words of [english, spanish]) {
    const said = logIncidentKinds.map((kind) => words.incident[kind])
    expect(new Set(said).size).toBe(logIncidentKinds.length)
    for (const text of said) expect(text.split('. ').length).toBeGreaterThan(1)
  }
})
