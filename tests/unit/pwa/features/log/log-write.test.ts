import { asId, type DocumentId } from '@alcove/shared/domain/ids'
import type { LogHash } from '@alcove/shared/domain/sealed-log'
import { beforeEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { AppendEnd, LogAppender } from '../../../../../pwa/src/features/log/log-appender.ts'
import type { LogContext } from '../../../../../pwa/src/features/log/log-context.ts'
import { createLogWriting } from '../../../../../pwa/src/features/log/log-write.ts'
import type { LogPage } from '../../../../../pwa/src/log-ports.ts'
import type { SyncPlace } from '../../../../../pwa/src/sync-ports.ts'
import { createFakeLogKeeping } from '../../../../support/log/fake-log-keeping.ts'

const document = asId<DocumentId>('document')
const place = {
  device: { publicKey: 'me' },
  epoch: null,
  roll: { devices: new Map([['me', {}]]), removedDevices: new Map(), epoch: null },
} as unknown as SyncPlace

let page: LogPage
let confirmed: number
let doc: Y.Doc
beforeEach(() => {
  doc = new Y.Doc()
  doc.getMap('tokens').set('mine', true)
  const position = { sequence: 0, hash: asId<LogHash>('hash') }
  page = {
    document,
    position,
    seen: new Map(),
    known: null,
    epoch: null,
    snapshotAt: 0,
    snapshotBytes: 0,
    recordsSince: 0,
    bytesSince: 0,
  }
  confirmed = 0
})

/** What is said of a change that was taken by the server, and read back so. */
function write(readBack: (known: LogPage['known']) => LogPage['known']): Promise<AppendEnd> {
  const context = {
    memory: { page: () => page },
    keeping: createFakeLogKeeping({ document: () => doc, secrets: new Map() }),
    store: { confirm: async () => void confirmed++ },
    place: () => place,
  } as unknown as LogContext
  const appender: LogAppender = {
    running: () => 0,
    async append(_, make) {
      const draft = await make(page, place)
      if (!draft) return 'nothing'
      page = { ...page, known: readBack(draft.known) }
      return 'done'
    },
  }
  return createLogWriting(context, appender).write(document, async () => Uint8Array.from(Y.encodeStateAsUpdateV2(doc)))
}

it('what stands in the log and counts is written', async () => {
  expect(await write((known) => known)).toBe('done')
  expect(await write((known) => known)).toBe('nothing')
  expect(confirmed).toBe(1)
})

it('what the server took behind the first record of a newer key, and what did not count there, is not', async () => {
  expect(await write(() => null)).toBe('later')
})
