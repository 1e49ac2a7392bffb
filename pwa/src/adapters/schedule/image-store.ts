import type { Bytes } from '@alcove/shared/crypto/bytes'
import { maxOwnImages } from '@alcove/shared/domain/background'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { ImageStore, KeptImage, OwnBackground } from '../../background-ports.ts'
import { open, seal } from './at-rest.ts'
import { type BackgroundRow, type Database, write } from './database.ts'
import type { DeviceKey } from './device-key.ts'

/** What our own encoder makes (adapters/backgrounds/own-images.ts). */
const type = 'image/jpeg'

/** Images of one's own for backgrounds: on this device alone, sealed under the device key, gone with the practice. */
export function createImageStore(database: Database, deviceKey: DeviceKey): ImageStore {
  const { backgrounds, keys } = database
  const rowOf = async (id: string) => (await backgrounds.where('id').equals(id).toArray())[0]

  async function opened(id: string, part: Part, sealed: Bytes): Promise<Blob | null> {
    const bytes = await open(deviceKey.key, placeOf(id, part), sealed)
    return bytes && new Blob([bytes], { type })
  }

  async function sealedRow({ id, image, thumbnail }: KeptImage): Promise<BackgroundRow> {
    const sealed = async (part: Part, blob: Blob) => seal(deviceKey.key, placeOf(id, part), new Uint8Array(await blob.arrayBuffer()))
    return { id, image: await sealed('image', image), thumbnail: await sealed('thumbnail', thumbnail) }
  }

  /** There is nobody to keep it for once this device's practice was erased. */
  function store(row: BackgroundRow): Promise<Result<null, 'too-many' | 'not-kept'>> {
    return write(database, [backgrounds, keys], async () => {
      if ((await keys.where('name').equals('practice').count()) === 0) return err('not-kept')
      if ((await backgrounds.count()) >= maxOwnImages) return err('too-many')
      await backgrounds.add(row)
      return ok(null)
    })
  }

  return {
    count: () => backgrounds.count(),
    async list() {
      const rows = await backgrounds.toArray()
      const found = await Promise.all(
        rows.map(async ({ id, thumbnail }): Promise<OwnBackground | null> => {
          const shown = await opened(id, 'thumbnail', thumbnail)
          return shown && { id, thumbnail: shown }
        }),
      )
      return found.filter((one) => one !== null)
    },
    async image(id) {
      const row = await rowOf(id)
      return row ? opened(id, 'image', row.image) : null
    },
    async add(kept) {
      try {
        return await store(await sealedRow(kept))
      } catch {
        return err('not-kept')
      }
    },
    async remove(id) {
      await write(database, [backgrounds], async () => {
        const row = await rowOf(id)
        if (row?.i !== undefined) await backgrounds.delete(row.i)
      })
    },
  }
}

type Part = 'image' | 'thumbnail'

function placeOf(id: string, part: Part): string {
  return `alcove/background/1\n${part}\n${id}`
}
