import type { Journal, KeyVault, PatientRepository, PracticeRepository, ScheduleRepository } from '../../../pwa/src/ports.ts'
import { createFakeJournal } from './fake-journal.ts'
import { createFakeKeyVault } from './fake-key-vault.ts'
import { createFakeMemory, type FakeMemory } from './fake-memory.ts'
import { createFakePatientRepository } from './fake-patient-repository.ts'
import { createFakePracticeRepository } from './fake-practice-repository.ts'
import { createFakeScheduleRepository } from './fake-schedule-repository.ts'

/** The ports that keep the practice on a device. */
export type PracticePorts = {
  readonly practice: PracticeRepository
  readonly patients: PatientRepository
  readonly schedule: ScheduleRepository
  readonly vault: KeyVault
  readonly journal: Journal
}

/** The whole store in memory, for tests of what stands on it. Give two of them one memory to have two tabs. */
export function createFakeStore(
  options: { readonly memory?: FakeMemory; readonly now?: () => number } = {},
): PracticePorts & { readonly memory: FakeMemory } {
  const { memory = createFakeMemory(), now = () => 0 } = options
  return {
    memory,
    practice: createFakePracticeRepository(memory),
    patients: createFakePatientRepository(memory),
    schedule: createFakeScheduleRepository(memory),
    vault: createFakeKeyVault(memory, now),
    journal: createFakeJournal(memory),
  }
}
