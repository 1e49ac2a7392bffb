import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { attachMetadata, modelMetadata, prepareModel, readModel } from '../../../scripts/prepare-model.mjs'

const require = createRequire(import.meta.url)
const load = (name: string) => new Uint8Array(readFileSync(require.resolve(`@mediapipe/selfie_segmentation/${name}.tflite`)))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The first byte of the data of the buffer at this place, and how many there are; none when the buffer is empty. */
function dataOf(model: Uint8Array, place: number): Uint8Array {
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength)
  const vtable = place - view.getInt32(place, true)
  const slot = view.getUint16(vtable, true) > 4 ? view.getUint16(vtable + 4, true) : 0
  if (slot === 0) return new Uint8Array()
  const vector = place + slot + view.getUint32(place + slot, true)
  return model.subarray(vector + 4, vector + 4 + view.getUint32(vector, true))
}

const prepared = [
  ['selfie_segmentation', '75384c990686f7506c0f08c5a25c325641af0fd7bac8fede20af038c18f4af25'],
  ['selfie_segmentation_landscape', '9ef2ee6d12746ec41d82ee9ec98002037cc9ad0a7a0e6d326dc78c87e1b749d3'],
] as const

describe.each(prepared)('the model %s, prepared', (name, hash) => {
  const before = load(name)
  const after = prepareModel(before)

  it('ends with the model as it was, at a multiple of 16 bytes', () => {
    const prefix = after.length - before.length
    expect(prefix % 16).toBe(0)
    expect(prefix).toBeLessThan(4096)
    expect(sha256(after.subarray(prefix))).toBe(sha256(before))
  })

  it('has every part and every tensor where its new root says', () => {
    const [old, fresh] = [readModel(before), { ...parts(after) }]
    const prefix = after.length - before.length
    expect(fresh.version).toBe(old.version)
    for (const part of [1, 2, 3]) expect((fresh.parts[part] ?? 0) - prefix).toBe(old.parts[part])
    expect(fresh.buffers).toHaveLength(old.buffers.length + 1)
    for (const [index, place] of old.buffers.entries()) expect((fresh.buffers[index] ?? 0) - prefix).toBe(place)
  })

  it('holds the metadata in its last buffer', () => {
    const metadata = dataOf(after, parts(after).buffers.at(-1) ?? 0)
    expect(sha256(metadata)).toBe(sha256(modelMetadata({ mean: [0], std: [255] })))
    expect(new TextDecoder().decode(metadata.subarray(4, 8))).toBe('M001')
  })

  it('is the same bytes on every computer', () => {
    expect(sha256(after)).toBe(hash)
  })
})

/** As readModel, which refuses a model that has metadata: with the metadata's name spoilt. */
function parts(model: Uint8Array) {
  const spoilt = Uint8Array.from(model)
  const at = Buffer.from(spoilt).indexOf('TFLITE_METADATA')
  spoilt[at] = 0x58
  return readModel(spoilt)
}

describe('preparing', () => {
  it('refuses a model that has metadata already, and what is no model', () => {
    const model = load('selfie_segmentation_landscape')
    expect(() => attachMetadata(prepareModel(model), new Uint8Array(8))).toThrow('has metadata already')
    expect(() => prepareModel(new TextEncoder().encode('something else entirely'))).toThrow('no TensorFlow Lite model')
  })
})
