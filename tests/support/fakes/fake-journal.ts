import type { Journal } from '../../../pwa/src/ports.ts'
import type { FakeMemory } from './fake-memory.ts'

export function createFakeJournal(memory: Pick<FakeMemory, 'journal'>): Journal {
  return {
    read: async (name) => JSON.parse(memory.journal.get(name) ?? 'null'),
    write: async (name, value) => void memory.journal.set(name, JSON.stringify(value ?? null)),
  }
}
