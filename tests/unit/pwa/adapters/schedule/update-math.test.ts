import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { knownOf, lackingOf, updateMath } from '../../../../../pwa/src/adapters/schedule/update-math.ts'

type Bytes = Uint8Array<ArrayBuffer>
const { covers, extend, merge, vectorOf } = updateMath

/** One change as the update (V2) that tells of it. */
function changeOf(doc: Y.Doc, run: () => void): Bytes {
  let told: Bytes = new Uint8Array()
  const listen = (update: Uint8Array) => {
    told = Uint8Array.from(update)
  }
  doc.on('updateV2', listen)
  doc.transact(run)
  doc.off('updateV2', listen)
  return told
}

function docOf(...updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdateV2(doc, update)
  return doc
}

/** As a document shows it, with entities as plain fields. */
const shown = (doc: Y.Doc) => doc.getMap('entities').toJSON()

function setField(doc: Y.Doc, entity: string, field: string, value: unknown): void {
  const entities = doc.getMap<Y.Map<unknown>>('entities')
  const found = entities.get(entity)
  if (found) found.set(field, value)
  else entities.set(entity, new Y.Map([[field, value]]))
}

describe('what a reader of a log has', () => {
  it('is what its updates say, in any portions', () => {
    const doc = new Y.Doc()
    const updates = Array.from({ length: 20 }, (_, i) => changeOf(doc, () => setField(doc, `e${i % 3}`, `f${i % 5}`, i)))
    const atOnce = extend(null, updates)
    let bit: Bytes | null = null
    for (const update of updates) bit = extend(bit, [update])
    expect(bit).toEqual(atOnce)
    expect(extend(null, updates.toReversed())).toEqual(atOnce)
    expect(extend(null, [merge(updates)])).toEqual(atOnce)
    expect(extend(atOnce, updates)).toEqual(atOnce)
    expect(atOnce).toEqual(knownOf(doc))
    expect(vectorOf(atOnce)).toEqual(Uint8Array.from(Y.encodeStateVector(doc)))
    expect(lackingOf(doc, atOnce)).toBeNull()
  })

  it('is the same for thousands of updates merged into one', () => {
    const docs = [new Y.Doc(), new Y.Doc()]
    const updates = Array.from({ length: 2_100 }, (_, i) => {
      const doc = docs[i % 2] ?? new Y.Doc()
      return changeOf(doc, () => setField(doc, `e${i % 2}-${i % 30}`, `f${i % 5}`, i))
    })
    const whole = docOf(merge(updates))
    expect(shown(whole)).toEqual(shown(docOf(...docs.map((doc) => Y.encodeStateAsUpdateV2(doc)))))
    expect(extend(null, updates)).toEqual(knownOf(whole))
    expect(shown(docOf(merge([])))).toEqual({})
  })

  it('counts nothing of an update of which an earlier part is missing, until that has come', () => {
    const doc = new Y.Doc()
    const [first, second, third] = [1, 2, 3].map((value) => changeOf(doc, () => setField(doc, 'a', 'f', value)))
    if (!first || !second || !third) throw new Error('Three changes')
    const known = extend(null, [first])
    const gap = extend(known, [third])
    expect(vectorOf(gap)).toEqual(vectorOf(known))
    expect(covers(gap, knownOf(doc))).toBe(false)
    const lacking = lackingOf(doc, gap)
    expect(lacking).not.toBeNull()
    expect(extend(gap, [lacking ?? first])).toEqual(knownOf(doc))
    // In one portion the order does not matter, and a hole inside a merged update is a hole.
    expect(extend(known, [third, second])).toEqual(knownOf(doc))
    const withHole = merge([first, third])
    expect(vectorOf(extend(null, [withHole]))).toEqual(vectorOf(known))
  })

  it('sees a deletion, which moves no clock', () => {
    const doc = new Y.Doc()
    setField(doc, 'a', 'f', 1)
    const known = knownOf(doc)
    const deletion = changeOf(doc, () => doc.getMap<Y.Map<unknown>>('entities').get('a')?.delete('f'))
    expect(vectorOf(knownOf(doc))).toEqual(vectorOf(known))
    expect(covers(known, knownOf(doc))).toBe(false)
    const lacking = lackingOf(doc, known)
    expect(lacking).not.toBeNull()
    expect(extend(known, [deletion])).toEqual(knownOf(doc))
    expect(extend(known, [lacking ?? deletion])).toEqual(knownOf(doc))
    expect(lackingOf(doc, knownOf(doc))).toBeNull()
  })

  it('takes what was collected as garbage for deleted', () => {
    const doc = new Y.Doc()
    for (let i = 0; i < 50; i++) setField(doc, 'a', 'f', `value ${i}`)
    doc.transact(() => doc.getMap('entities').delete('a'))
    const whole = Uint8Array.from(Y.encodeStateAsUpdateV2(doc))
    expect(extend(null, [whole])).toEqual(knownOf(doc))
  })

  it('is nothing when it cannot be read', () => {
    const doc = new Y.Doc()
    setField(doc, 'a', 'f', 1)
    const broken = new Uint8Array([255, 255, 255])
    expect(covers(broken, knownOf(doc))).toBe(false)
    expect(shown(docOf(lackingOf(doc, broken) ?? new Uint8Array()))).toEqual(shown(doc))
    expect(covers(null, knownOf(new Y.Doc()))).toBe(true)
  })
})

describe('what a reader lacks', () => {
  it('has only the deletions that are new: a long past costs nothing', () => {
    const doc = new Y.Doc()
    const other = new Y.Doc()
    for (let i = 0; i < 3000; i++) {
      const at = i % 3 ? doc : other
      setField(at, `e${i % 40}`, `f${i % 7}`, i)
      // Stays, so that the deletions are no single stretch.
      if (i % 5 === 0) setField(at, 'kept', `f${i}`, i)
      if (i % 100 === 0) Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(other, Y.encodeStateVector(doc)))
    }
    const known = knownOf(doc)
    setField(doc, 'e1', 'f1', 'newest')
    const lacking = lackingOf(doc, known)
    expect(lacking?.length).toBeLessThan(100)
    expect(Y.encodeStateAsUpdateV2(doc, vectorOf(known)).length).toBeGreaterThan(500)
    expect(extend(known, [lacking ?? new Uint8Array()])).toEqual(knownOf(doc))
  })

  it('is whole where the document itself waits for a part', () => {
    const origin = new Y.Doc()
    const [first, second, third] = [1, 2, 3].map((value) => changeOf(origin, () => setField(origin, 'a', 'f', value)))
    if (!first || !second || !third) throw new Error('Three changes')
    const waiting = docOf(first, third)
    const lacking = lackingOf(waiting, null)
    expect(shown(docOf(lacking ?? first, second))).toEqual(shown(origin))
  })

  type Step =
    | { readonly kind: 'set'; readonly device: number; readonly entity: number; readonly field: number }
    | { readonly kind: 'unset'; readonly device: number; readonly entity: number; readonly field: number }
    | { readonly kind: 'drop'; readonly device: number; readonly entity: number }
    | { readonly kind: 'meet'; readonly device: number; readonly other: number }
  const device = fc.nat({ max: 2 })
  const entity = fc.nat({ max: 2 })
  const field = fc.nat({ max: 2 })
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('set' as const), device, entity, field }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('unset' as const), device, entity, field }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), device, entity }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('meet' as const), device, other: device }) },
  )

  it('makes any reader of any log equal to any device, whatever was written and met', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(), (steps, cut) => {
        const docs = [1, 2, 3].map((clientID) => Object.assign(new Y.Doc(), { clientID }))
        const log: Bytes[] = []
        let value = 0
        const at = (i: number) => docs[i] ?? new Y.Doc()
        for (const one of steps) {
          const doc = at(one.device)
          const entities = doc.getMap<Y.Map<unknown>>('entities')
          if (one.kind === 'meet') Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(at(one.other), Y.encodeStateVector(doc)))
          else {
            const update = changeOf(doc, () => {
              if (one.kind === 'set') setField(doc, `e${one.entity}`, `f${one.field}`, value++)
              else if (one.kind === 'drop') entities.delete(`e${one.entity}`)
              else entities.get(`e${one.entity}`)?.delete(`f${one.field}`)
            })
            if (update.length > 0) log.push(update)
          }
        }
        // Part of what was written is in the log; a reader has that, and knows it.
        const read = log.slice(0, log.length === 0 ? 0 : cut % (log.length + 1))
        const known = extend(null, read)
        const reader = docOf(...read)
        expect(covers(knownOf(reader), known) || reader.store.pendingDs !== null).toBe(true)
        for (const doc of docs) {
          const lacking = lackingOf(doc, known)
          const has = covers(known, knownOf(doc))
          expect(lacking === null).toBe(has)
          const caughtUp = docOf(...read, ...(lacking ? [lacking] : []))
          const expected = docOf(...read, Y.encodeStateAsUpdateV2(doc))
          expect(shown(caughtUp)).toEqual(shown(expected))
          if (lacking) expect(covers(extend(known, [lacking]), knownOf(doc))).toBe(true)
        }
      }),
      { numRuns: 150 },
    )
  })
})
