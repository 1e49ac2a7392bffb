import { fromBase64Url } from '@alcove/shared/crypto/bytes'
import { asId, type DeviceKey } from '@alcove/shared/domain/ids'
import { isWorking, type Roll, type RollDevice } from '@alcove/shared/domain/practice-chain'
import type { KitStore, KitsState, RecoveryKit, RevokedKit } from '../../recovery-ports.ts'
import type { Database } from './database.ts'
import type { DeviceKey as KeyHolder } from './device-key.ts'
import type { Fields } from './documents.ts'
import type { Home } from './home.ts'
import type { PracticeView } from './views.ts'

/** The practice's recovery kits, as far as the first picture takes them; the rest is in kit-work.ts. */
export function createKitStore(database: Database, deviceKey: KeyHolder, home: Home, now: () => number): KitStore {
  function stateNow(): KitsState | null {
    const practice = home.current()
    if (!practice) return null
    const [roll, view] = [practice.chain.book.roll(), practice.view()]
    return { me: practice.state().me.id, kits: kitsOf(roll, view), revoked: revokedOf(roll, view) }
  }

  const work = async () => (await import('./kit-work.ts')).createKitWork(database, deviceKey, home, now)

  return {
    watch(listener) {
      let told: string | null = null
      const tell = () => {
        const state = stateNow()
        const shape = JSON.stringify(state && [state.kits.map(({ kept, ...kit }) => [kit, kept?.locator]), state.revoked])
        if (shape === told) return
        told = shape
        listener(state)
      }
      tell()
      return home.watch(tell)
    },
    prepare: async () => (await work()).prepare(),
    keep: async (draft) => (await work()).keep(draft),
    noteDrill: async (device) => (await work()).noteDrill(device),
    noteGone: async (devices) => (await work()).noteGone(devices),
    compare: async (document, updates) => (await work()).compare(document, updates),
    documents: async () => (await work()).documents(),
  }
}

function kitsOf(roll: Roll, view: PracticeView): readonly RecoveryKit[] {
  return [...roll.devices.values()]
    .filter((device) => !isWorking(device))
    .map((device) => kitOf(device, view.kits.get(device.key) ?? {}))
    .sort((a, b) => a.madeAt - b.madeAt)
}

/** The document is everybody's: what does not fit is left out. */
function kitOf({ key, member, addedAt }: RollDevice, { locator, sealed, drilledAt }: Fields): RecoveryKit {
  const bytes = typeof sealed === 'string' ? fromBase64Url(sealed) : null
  const isKept = isLocator(locator) && bytes
  return {
    device: key,
    member,
    madeAt: addedAt,
    drilledAt: typeof drilledAt === 'number' && Number.isFinite(drilledAt) ? drilledAt : null,
    kept: isKept ? { locator, sealed: bytes } : null,
  }
}

function revokedOf({ removedDevices }: Roll, { kits }: PracticeView): readonly RevokedKit[] {
  return [...kits].flatMap(([key, { locator }]) => {
    const device = asId<DeviceKey>(key)
    const removed = removedDevices.get(device)
    return removed && isLocator(locator) ? [{ device, member: removed.member, locator }] : []
  })
}

function isLocator(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{43}$/.test(value)
}
