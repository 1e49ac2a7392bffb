import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { isUpdate } from '../../../../../pwa/src/adapters/schedule/documents.ts'

function updateWith(value: unknown): Uint8Array<ArrayBuffer> {
  const doc = new Y.Doc()
  doc.getMap('appointments').set('a', new Y.Map([['field', value]]))
  return Uint8Array.from(Y.encodeStateAsUpdateV2(doc))
}

function nested(depth: number): unknown {
  let value: unknown = 'inside'
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { value }
  return value
}

describe('another device’s update', () => {
  it('is one when its fields are what ours are: text, numbers, flat objects, bytes', () => {
    for (const value of ['text', 1, null, true, { date: '2026-11-23', zone: 'UTC' }, ['administrator'], new Uint8Array(4), nested(8)]) {
      expect(isUpdate(updateWith(value))).toBe(true)
    }
  })

  it('is none when it is no update, or so deep that its document could not be written again', () => {
    expect(isUpdate(new Uint8Array([1, 2, 3]))).toBe(false)
    expect(isUpdate(updateWith(nested(200)))).toBe(false)
  })

  it('is none when what is deep builds on something that is not there yet', () => {
    const doc = new Y.Doc()
    const map = doc.getMap('appointments')
    map.set('first', 1)
    const before = Y.encodeStateVector(doc)
    map.set('second', nested(200))
    const later = Uint8Array.from(Y.encodeStateAsUpdateV2(doc, before))
    const empty = new Y.Doc()
    Y.applyUpdateV2(empty, later)
    expect(empty.store.pendingStructs).not.toBeNull()
    expect(isUpdate(later)).toBe(false)
  })
})
