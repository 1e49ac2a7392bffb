type Bytes = Uint8Array<ArrayBuffer>

/** How far each Yjs client's changes are held: client id to the number of its structs. */
export type StateVector = ReadonlyMap<number, number>

/** Yjs's own encoding (lib0 variable-length numbers): a count, then client and clock in turn. Null when it is none. */
export function readStateVector(bytes: Bytes): StateVector | null {
  let at = 0
  const next = (): number | null => {
    for (let value = 0, scale = 1; at < bytes.length && scale <= 2 ** 49; scale *= 128) {
      const byte = bytes[at++] ?? 0
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    return null
  }
  const count = next()
  if (count === null || count > bytes.length) return null
  const vector = new Map<number, number>()
  for (let i = 0; i < count; i++) {
    const [client, clock] = [next(), next()]
    if (client === null || clock === null) return null
    vector.set(client, clock)
  }
  return at === bytes.length ? vector : null
}

/** Whether a holder of `held` has everything that `wanted` counts. False for bytes that are no vector. */
export function covers(held: Bytes | undefined, wanted: Bytes): boolean {
  const [has, wants] = [held && readStateVector(held), readStateVector(wanted)]
  if (!has || !wants) return false
  for (const [client, clock] of wants) if ((has.get(client) ?? 0) < clock) return false
  return true
}
