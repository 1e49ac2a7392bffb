/** One text that survives a reload of this tab (sessionStorage), and the page where the browser refuses that. */
export type TabMemory = {
  read(): string | null
  write(text: string): void
}

export function createTabMemory(name: string, storage: () => Storage = () => sessionStorage): TabMemory {
  let memory: string | null = null
  return {
    read() {
      try {
        return storage().getItem(name) ?? memory
      } catch {
        return memory
      }
    },
    write(text) {
      memory = text
      try {
        storage().setItem(name, text)
      } catch {
        // The memory has it.
      }
    },
  }
}
