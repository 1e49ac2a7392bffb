import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { covers, readStateVector } from '../../../../../pwa/src/features/sync/state-vector.ts'

function vectorOf(...changes: readonly (readonly [client: number, length: number])[]): Uint8Array<ArrayBuffer> {
  const doc = new Y.Doc()
  for (const [client, length] of changes) {
    doc.clientID = client
    for (let i = 0; i < length; i++) doc.getMap('m').set(`${client} ${i}`, i)
  }
  return Uint8Array.from(Y.encodeStateVector(doc))
}

describe('a state vector', () => {
  it('reads as Yjs writes it, also with large numbers', () => {
    const bytes = vectorOf([1, 3], [2 ** 32 - 1, 200], [77, 1])
    expect(readStateVector(bytes)).toEqual(Y.decodeStateVector(bytes))
    expect(readStateVector(vectorOf())).toEqual(new Map())
  })

  it('covers another when it counts at least as much of every client', () => {
    expect(covers(vectorOf([1, 3], [2, 5]), vectorOf([1, 3]))).toBe(true)
    expect(covers(vectorOf([1, 3]), vectorOf([1, 3]))).toBe(true)
    expect(covers(vectorOf([1, 2]), vectorOf([1, 3]))).toBe(false)
    expect(covers(vectorOf([1, 3]), vectorOf([1, 3], [2, 1]))).toBe(false)
    expect(covers(undefined, vectorOf())).toBe(false)
  })

  it.each([[[]], [[1]], [[1, 5]], [[0, 0]], [[255, 255, 255, 255, 255, 255, 255, 255, 255, 255]], [[2, 1, 1]]])(
    'is not made of %j',
    (bytes) => {
      expect(readStateVector(new Uint8Array(bytes))).toBeNull()
      expect(covers(new Uint8Array(bytes), vectorOf())).toBe(false)
    },
  )
})
