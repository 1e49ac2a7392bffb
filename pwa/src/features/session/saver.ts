/** Saves what is newest, one write at a time. `write` never rejects. Call it after every change. */
export function createSaver(write: () => Promise<void>): () => void {
  let saving = false
  let unsaved = false

  async function save(): Promise<void> {
    saving = true
    while (unsaved) {
      unsaved = false
      await write()
    }
    saving = false
  }

  return () => {
    unsaved = true
    if (!saving) void save()
  }
}
