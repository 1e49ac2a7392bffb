import * as Y from 'yjs'

/** Whether there is a change or a deletion in it that a document has not. Null: it is no update. */
export function bringsNews(doc: Y.Doc, update: Uint8Array): boolean | null {
  try {
    const { structs, ds } = Y.decodeUpdateV2(update)
    const here = Y.snapshot(doc)
    if (structs.some(({ id, length }) => (here.sv.get(id.client) ?? 0) < id.clock + length)) return true
    const both = Y.mergeDeleteSets([here.ds, ds])
    return !Y.equalSnapshots(Y.createSnapshot(both, here.sv), Y.createSnapshot(Y.mergeDeleteSets([here.ds]), here.sv))
  } catch {
    return null
  }
}
