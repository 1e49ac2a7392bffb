/**
 * The selfie models of @mediapipe/selfie_segmentation say nothing of how their input is normalised, and the tasks runtime refuses
 * such a model. This puts the missing metadata in front of the unchanged file: offsets in a flatbuffer only point forward, so
 * that a new root table, which points at the old one's parts and at the metadata, may stand before them.
 *
 * Formats: schema.fbs of TensorFlow Lite (`Model`, identifier TFL3), metadata_schema.fbs (`ModelMetadata`, identifier M001).
 */

/** Tensors are aligned to 16 bytes in the old file, so what stands before it is a multiple of that. */
const alignment = 16

/** Writes flatbuffers front to back: a reference is a slot that is filled in once its target is written. */
function createWriter() {
  const bytes = []
  const align = (size) => {
    while (bytes.length % size !== 0) bytes.push(0)
    return bytes.length
  }
  const put = (value, size) => {
    const at = align(size)
    for (let i = 0; i < size; i++) bytes.push(Math.floor(value / 2 ** (8 * i)) & 0xff)
    return at
  }
  const refer = (slot, target) => {
    for (let i = 0; i < 4; i++) bytes[slot + i] = ((target - slot) >>> (8 * i)) & 0xff
  }
  return {
    align,
    refer,
    u32: (value) => put(value, 4),
    identifier: (text) => bytes.push(...new TextEncoder().encode(text)),
    /** @returns the place of the table, and the slots of the fields that are given as null: references for later. */
    table(fields) {
      const indexes = Object.keys(fields).map(Number)
      const count = Math.max(-1, ...indexes) + 1
      const vtable = put(4 + 2 * count, 2)
      put(4 + 4 * indexes.length, 2)
      for (let i = 0; i < count; i++) put(indexes.includes(i) ? 4 + 4 * indexes.indexOf(i) : 0, 2)
      align(4)
      const place = bytes.length
      put(place - vtable, 4)
      const slots = {}
      for (const index of indexes) {
        const slot = put(fields[index] ?? 0, 4)
        if (fields[index] === null) slots[index] = slot
      }
      return { place, slots }
    },
    /** @returns the place of the vector and its slots. */
    references(count) {
      const place = put(count, 4)
      return { place, slots: Array.from({ length: count }, () => put(0, 4)) }
    },
    string(text) {
      const place = put(text.length, 4)
      bytes.push(...new TextEncoder().encode(text), 0)
      return place
    },
    floats(values) {
      const place = put(values.length, 4)
      for (const value of values) put(new DataView(new Float32Array([value]).buffer).getUint32(0, true), 4)
      return place
    },
    bytes(values) {
      const place = put(values.length, 4)
      bytes.push(...values)
      return place
    },
    pad(size, offset) {
      while ((bytes.length + offset) % size !== 0) bytes.push(0)
    },
    done: () => Uint8Array.from(bytes),
  }
}

/** A ModelMetadata that says of the one input: subtract `mean`, divide by `std`. Pixels are 0 to 255, the net wants 0 to 1. */
export function modelMetadata({ mean, std }) {
  const w = createWriter()
  const root = w.u32(0)
  w.identifier('M001')
  const model = w.table({ 0: null, 3: null })
  w.refer(root, model.place)
  w.refer(model.slots[0], w.string('selfie segmentation'))
  const subgraphs = w.references(1)
  w.refer(model.slots[3], subgraphs.place)
  const subgraph = w.table({ 2: null, 3: null })
  w.refer(subgraphs.slots[0], subgraph.place)
  const inputs = w.references(1)
  w.refer(subgraph.slots[2], inputs.place)
  const input = w.table({ 0: null, 4: null })
  w.refer(inputs.slots[0], input.place)
  w.refer(input.slots[0], w.string('image'))
  const units = w.references(1)
  w.refer(input.slots[4], units.place)
  // A union is two fields: its type (1 is NormalizationOptions) and its value.
  const unit = w.table({ 0: 1, 1: null })
  w.refer(units.slots[0], unit.place)
  const normalization = w.table({ 0: null, 1: null })
  w.refer(unit.slots[1], normalization.place)
  w.refer(normalization.slots[0], w.floats(mean))
  w.refer(normalization.slots[1], w.floats(std))
  const outputs = w.references(1)
  w.refer(subgraph.slots[3], outputs.place)
  const output = w.table({ 0: null })
  w.refer(outputs.slots[0], output.place)
  w.refer(output.slots[0], w.string('mask'))
  return w.done()
}

/** Fields of TensorFlow Lite's `Model`. */
const field = { version: 0, operatorCodes: 1, subgraphs: 2, description: 3, buffers: 4, metadata: 6, signatures: 7 }

/** @returns the bytes of `model` (.tflite) with `metadata` in front. Throws when the model has metadata or is no model. */
export function attachMetadata(model, metadata) {
  const old = readModel(model)
  const w = createWriter()
  const root = w.u32(0)
  w.identifier('TFL3')
  const kept = [field.operatorCodes, field.subgraphs, field.description, field.signatures].filter((index) => old.parts[index])
  const fields = { [field.version]: old.version, [field.buffers]: null, [field.metadata]: null }
  for (const index of kept) fields[index] = null
  const table = w.table(fields)
  w.refer(root, table.place)

  const buffers = w.references(old.buffers.length + 1)
  w.refer(table.slots[field.buffers], buffers.place)
  const list = w.references(1)
  w.refer(table.slots[field.metadata], list.place)
  const entry = w.table({ 0: null, 1: old.buffers.length })
  w.refer(list.slots[0], entry.place)
  w.refer(entry.slots[0], w.string('TFLITE_METADATA'))
  const buffer = w.table({ 0: null })
  w.refer(buffers.slots[old.buffers.length], buffer.place)
  w.pad(alignment, 4)
  w.refer(buffer.slots[0], w.bytes(metadata))

  const shift = w.align(alignment)
  for (const index of kept) w.refer(table.slots[index], shift + old.parts[index])
  for (const [index, place] of old.buffers.entries()) w.refer(buffers.slots[index], shift + place)
  const prefix = w.done()
  const whole = new Uint8Array(prefix.length + model.length)
  whole.set(prefix)
  whole.set(model, prefix.length)
  return whole
}

/** Where the parts of a model lie in it. */
export function readModel(model) {
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength)
  if (model.length < 8 || new TextDecoder().decode(model.subarray(4, 8)) !== 'TFL3') throw new Error('This is no TensorFlow Lite model')
  const root = view.getUint32(0, true)
  const vtable = root - view.getInt32(root, true)
  const fields = (view.getUint16(vtable, true) - 4) / 2
  const slotOf = (index) => (index < fields ? view.getUint16(vtable + 4 + 2 * index, true) : 0)
  const target = (at) => at + view.getUint32(at, true)
  const parts = {}
  for (const [name, index] of Object.entries(field)) {
    if (name !== 'version' && slotOf(index)) parts[index] = target(root + slotOf(index))
  }
  if (parts[field.metadata]) {
    const count = view.getUint32(parts[field.metadata], true)
    for (let i = 0; i < count; i++) {
      const entry = target(parts[field.metadata] + 4 + 4 * i)
      const name = target(entry + view.getUint16(entry - view.getInt32(entry, true) + 4, true))
      const text = new TextDecoder().decode(model.subarray(name + 4, name + 4 + view.getUint32(name, true)))
      if (text === 'TFLITE_METADATA') throw new Error('This model has metadata already')
    }
  }
  const buffers = parts[field.buffers]
  if (!buffers) throw new Error('This model has no buffers')
  const places = Array.from({ length: view.getUint32(buffers, true) }, (_, index) => target(buffers + 4 + 4 * index))
  return { version: slotOf(field.version) ? view.getUint32(root + slotOf(field.version), true) : 0, parts, buffers: places }
}

/** What the tasks runtime accepts: the selfie models take pixels divided by 255. */
export function prepareModel(model) {
  return attachMetadata(model, modelMetadata({ mean: [0], std: [255] }))
}
