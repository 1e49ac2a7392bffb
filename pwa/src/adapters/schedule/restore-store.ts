import { fromBase64Url, toBase64Url } from '@alcove/shared/crypto/bytes'
import { importKeyPair } from '@alcove/shared/crypto/identity'
import { spaceIdOf } from '@alcove/shared/crypto/log-keys'
import { asId, type DocumentId } from '@alcove/shared/domain/ids'
import type { RestoreStore } from '../../recovery-ports.ts'
import type { PairingStore } from '../../sync-ports.ts'
import { documentIdOf, practiceKeysOf } from './at-rest.ts'
import { createSharedDocument } from './documents.ts'
import { chainLog, practiceDocument } from './names.ts'
import { openRoom } from './room-keys.ts'
import { readDetails } from './stored.ts'
import { updateMath } from './update-math.ts'
import { collections } from './views.ts'

/** What an empty device reads and stores when it becomes one of the practice by a recovery kit. */
export function createRestoreStore(pairing: Pick<PairingStore, 'newDevice' | 'forgetDevice' | 'adopt'>): RestoreStore {
  return {
    async place({ root, foundingDevice, foundingKey, device }) {
      const [founding, secret] = [fromBase64Url(foundingKey), fromBase64Url(device)]
      if (founding?.length !== 32 || !secret) return null
      try {
        const keys = await practiceKeysOf(founding)
        const [chain, practice] = await Promise.all([documentIdOf(keys, chainLog), documentIdOf(keys, practiceDocument)])
        return {
          space: await spaceIdOf(root, foundingDevice),
          chainLog: asId<DocumentId>(chain),
          practiceDocument: asId<DocumentId>(practice),
          device: await importKeyPair(secret),
        }
      } catch {
        return null
      } finally {
        founding.fill(0)
        secret.fill(0)
      }
    },
    read(updates) {
      const document = createSharedDocument()
      document.apply(updates)
      const details = readDetails(document.settings(collections.practice))
      document.close()
      return details && { name: details.name, whole: updateMath.merge(updates) }
    },
    async room(updates, roomKey, device) {
      const document = createSharedDocument()
      document.apply(updates)
      const sealed = document.entity(collections.rooms, roomKey)?.[device.publicKey]
      document.close()
      const secret = await openRoom(sealed, roomKey, device)
      const text = secret && toBase64Url(secret)
      secret?.fill(0)
      return text
    },
    newDevice: () => pairing.newDevice(),
    forgetDevice: (device) => pairing.forgetDevice(device),
    adopt: (welcome, device) => pairing.adopt(welcome, device, 'own-device'),
  }
}
