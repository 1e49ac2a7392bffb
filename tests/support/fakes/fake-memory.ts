import type { Appointment } from '@alcove/shared/domain/appointment'
import type { AppointmentId, MemberId, PatientId } from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import type { Result } from '@alcove/shared/domain/result'
import { err, ok } from '@alcove/shared/domain/result'
import type { PracticeState, SaveError, Stop } from '../../../pwa/src/ports.ts'

/** What the fakes of one device share: several of them on one memory behave as tabs of one browser do. */
export type FakeMemory = {
  practice: PracticeState | null
  readonly secrets: Map<string, Uint8Array<ArrayBuffer>>
  readonly linkKeys: Map<MemberId, Uint8Array<ArrayBuffer>>
  readonly patients: Map<PatientId, Patient>
  readonly appointments: Map<AppointmentId, Appointment>
  readonly journal: Map<string, string>
  /** Set to make every save fail so, as a full or broken disk would. */
  failing: SaveError | null
  /** Calls back now and after every change, later on, as a store does. */
  live<T>(read: () => T, listener: (value: T) => void): Stop
  /** Runs a change as one that is stored, or not at all. */
  store<T>(change: () => T): Promise<Result<T, SaveError>>
}

export function createFakeMemory(): FakeMemory {
  const listeners = new Set<() => void>()
  const memory: FakeMemory = {
    practice: null,
    secrets: new Map(),
    linkKeys: new Map(),
    patients: new Map(),
    appointments: new Map(),
    journal: new Map(),
    failing: null,
    live(read, listener) {
      let last: string | null = null
      const tell = () => {
        const value = read()
        const shape = JSON.stringify(value)
        if (shape === last) return
        last = shape
        listener(value)
      }
      const later = () => queueMicrotask(() => listeners.has(later) && tell())
      listeners.add(later)
      later()
      return () => listeners.delete(later)
    },
    async store(change) {
      await Promise.resolve()
      if (memory.failing) return err(memory.failing)
      const value = change()
      for (const listener of listeners) listener()
      return ok(value)
    },
  }
  return memory
}
