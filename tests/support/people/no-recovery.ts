import { err } from '@alcove/shared/domain/result'
import type { RecoveryDoors } from '../../../pwa/src/features/recovery/recovery-doors.ts'
import type { Clock } from '../../../pwa/src/ports.ts'

/** For pages that are about something else: a server without logs, a practice without kits. */
export function noRecovery(clock: Clock, watchPlace: RecoveryDoors['syncStore']['watchPlace']): RecoveryDoors {
  return {
    words: { write: async () => [], read: async () => err([]) },
    kits: {
      watch(listener) {
        listener(null)
        return () => undefined
      },
      prepare: async () => null,
      keep: async () => err('not-allowed'),
      noteDrill: async () => err('not-allowed'),
      noteGone: async () => err('not-allowed'),
      compare: async () => ({ holds: 'appointments', here: 0, there: 0, behind: false }),
      documents: async () => [],
    },
    restore: {
      place: async () => null,
      read: () => null,
      room: async () => null,
      newDevice: async () => {
        throw new Error('No device here')
      },
      forgetDevice: () => undefined,
      adopt: async () => err('not-allowed'),
    },
    line: { open: () => ({ ask: async () => err({ code: 'lost' }), hurry: () => undefined, close: () => undefined }) },
    clock,
    origin: 'https://clinic.example',
    syncStore: { watchPlace },
    print: () => undefined,
  }
}
