import { fromUtf8, utf8 } from '@alcove/shared/crypto/bytes'
import type { LogBook, LogCover } from '../../log-ports.ts'
import { open, seal } from './at-rest.ts'
import { type CoverRow, type Database, write } from './database.ts'
import type { DeviceKey } from './device-key.ts'

/** Before anything was read. */
export const emptyCover: LogCover = { mark: 0, access: [], enrolment: null, incidents: [], epochs: null, passedOver: [] }

/**
 * What this device remembers of the logs on the server. Of the documents: positions, hashes and counts, as they are. Of the
 * space: sealed, since the proof of an enrolment is worth something. Nothing is written once the practice is gone.
 */
export function createLogBook(database: Database, deviceKey: DeviceKey): LogBook {
  const { keys, pages, cover } = database

  async function readCover(): Promise<LogCover> {
    const read = await Promise.all((await cover.toArray()).map((row) => openRow(deviceKey, row)))
    return { ...emptyCover, ...Object.fromEntries(read.flatMap((entry) => (entry ? [entry] : []))) }
  }

  return {
    async read() {
      const [kept, all] = await Promise.all([readCover(), pages.toArray()])
      return { cover: kept, pages: all }
    },
    async write(change) {
      // Before the transaction, which would end while it waits.
      const entries = Object.entries(change.cover ?? {}) as [keyof LogCover, unknown][]
      const rows = await Promise.all(entries.map(([name, value]) => sealRow(deviceKey, name, value)))
      await write(database, [keys, pages, cover], async () => {
        if ((await keys.where('name').equals('practice').count()) === 0) return
        if (change.pages) await pages.bulkPut([...change.pages])
        await cover.bulkPut(rows)
      })
    },
  }
}

async function sealRow({ key }: DeviceKey, name: keyof LogCover, value: unknown): Promise<CoverRow> {
  return { name, sealed: await seal(key, placeOf(name), utf8(JSON.stringify(value))) }
}

/** Null when it cannot be read: as before anything was. */
async function openRow({ key }: DeviceKey, { name, sealed }: CoverRow): Promise<[keyof LogCover, unknown] | null> {
  const plain = await open(key, placeOf(name), sealed)
  const text = plain && fromUtf8(plain)
  return text ? [name, JSON.parse(text)] : null
}

function placeOf(name: string): string {
  return `alcove/log-cover/1\n${name}`
}
