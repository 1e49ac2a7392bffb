import { deriveLogKey, memberTagOf } from '@alcove/shared/crypto/log-keys'
import type { LogKeys } from '../../log-ports.ts'
import type { Database } from './database.ts'
import type { DeviceKey } from './device-key.ts'
import { withSecrets } from './epoch-keys.ts'
import type { Home } from './home.ts'

/** Working keys of the log, kept in memory as long as the practice is open; what they come from is wiped each time. */
export function createLogKeys(database: Database, deviceKey: DeviceKey, home: Home): LogKeys {
  let kept = new Map<string, Promise<unknown>>()
  home.watch((changed) => {
    if (changed === null) kept = new Map()
  })

  /** Nothing is remembered of what could not be made: the key may come. */
  function once<T>(name: string, make: () => Promise<T | null>): Promise<T | null> {
    const memory = kept
    const before = memory.get(name)
    if (before) return before as Promise<T | null>
    const made = make()
    memory.set(name, made)
    const forget = () => void (memory.get(name) === made && memory.delete(name))
    made.then((value) => value === null && forget(), forget)
    return made
  }

  return {
    contentKey: (epoch, writer) =>
      once(`${epoch ?? ''} ${writer}`, () =>
        withSecrets(database, deviceKey.key, async (secrets) => {
          const secret = secrets.get(epoch)
          return secret ? deriveLogKey(secret, epoch, writer) : null
        }),
      ),
    memberTag: (member) =>
      once(`member ${member}`, () =>
        withSecrets(database, deviceKey.key, async (secrets) => {
          const founding = secrets.get(null)
          return founding ? memberTagOf(founding, member) : null
        }),
      ),
  }
}
