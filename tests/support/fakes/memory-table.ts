/** As much of a Dexie table as the store uses, over a map in memory. Keys are compared as IndexedDB compares them. */
export type Rows = Map<string, object>

/** Where a table's rows are now: those of the transaction that asks, or what is stored. */
export type RowsDoor = { read(): Rows; change(): Rows; nextKey(): number }

type Row = Record<string, unknown>
type Key = unknown

export function createMemoryTable(name: string, schema: string, door: RowsDoor) {
  const [primary = ''] = schema.split(',').map((part) => part.trim())
  const counts = primary.startsWith('++')
  const path = primary.replace('++', '')

  const text = (key: Key) => JSON.stringify(key)
  const all = () => [...door.read().values()] as Row[]
  const sorted = (by: string) => all().sort((a, b) => compare(keyOf(a, by), keyOf(b, by)) || compare(keyOf(a, path), keyOf(b, path)))

  function put(row: Row): Key {
    const kept = counts && row[path] === undefined ? { ...row, [path]: door.nextKey() } : { ...row }
    door.change().set(text(keyOf(kept, path)), kept)
    return keyOf(kept, path)
  }

  function found(by: string, fits: (key: Key) => boolean) {
    const rows = () => sorted(by).filter((row) => fits(keyOf(row, by)))
    return {
      toArray: async () => rows(),
      count: async () => rows().length,
      primaryKeys: async () => rows().map((row) => keyOf(row, path)),
      async delete() {
        for (const row of rows()) door.change().delete(text(keyOf(row, path)))
      },
    }
  }

  return {
    name,
    get: async (key: Key) => door.read().get(text(key)),
    put: async (row: Row) => put(row),
    async add(row: Row) {
      if (row[path] !== undefined && door.read().has(text(row[path]))) throw new DOMException('There already', 'ConstraintError')
      return put(row)
    },
    bulkGet: async (keys: Key[]) => keys.map((key) => door.read().get(text(key))),
    bulkPut: async (rows: Row[]) => rows.map(put).at(-1),
    async bulkDelete(keys: Key[]) {
      for (const key of keys) door.change().delete(text(key))
    },
    async delete(key: Key) {
      door.change().delete(text(key))
    },
    async clear() {
      door.change().clear()
    },
    count: async () => door.read().size,
    toArray: async () => sorted(path),
    orderBy(by: string) {
      const index = by === ':id' ? path : by
      const keys = () => sorted(index).map((row) => keyOf(row, index))
      return {
        lastKey: async () => keys().at(-1),
        uniqueKeys: async () => [...new Map(keys().map((key) => [text(key), key])).values()],
      }
    },
    where: (by: string) => ({
      equals: (key: Key) => found(by, (other) => compare(other, key) === 0),
      anyOf: (keys: Key[]) => found(by, (other) => keys.some((key) => compare(other, key) === 0)),
      above: (key: Key) => found(by, (other) => compare(other, key) > 0),
      startsWith: (start: string) => found(by, (other) => typeof other === 'string' && other.startsWith(start)),
      between: (from: Key, to: Key, withFrom = true, withTo = false) =>
        found(by, (other) => {
          const [low, high] = [compare(other, from), compare(other, to)]
          return (withFrom ? low >= 0 : low > 0) && (withTo ? high <= 0 : high < 0)
        }),
    }),
  }
}

/** `[a+b]` is a compound key. */
function keyOf(row: Row, path: string): Key {
  return path.startsWith('[')
    ? path
        .slice(1, -1)
        .split('+')
        .map((part) => row[part])
    : row[path]
}

function compare(a: Key, b: Key): number {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = compare(a[i], b[i])
      if (order !== 0) return order
    }
    return a.length - b.length
  }
  if (a === b) return 0
  return (a as number | string) < (b as number | string) ? -1 : 1
}
