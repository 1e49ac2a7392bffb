import type { Preferences } from '../../ports.ts'

/** localStorage under a prefix of our own. Where the browser refuses it, values last as long as the page. */
export function createPreferences(storage: () => Storage = () => localStorage, prefix = 'alcove.'): Preferences {
  const memory = new Map<string, string>()
  return {
    get(name) {
      try {
        return storage().getItem(prefix + name) ?? memory.get(name) ?? null
      } catch {
        return memory.get(name) ?? null
      }
    },
    set(name, value) {
      memory.set(name, value)
      try {
        storage().setItem(prefix + name, value)
      } catch {
        // Private windows and full disks: the memory has it.
      }
    },
  }
}
