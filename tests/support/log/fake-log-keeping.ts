import { deriveLogKey, memberTagOf } from '@alcove/shared/crypto/log-keys'
import type { DocumentId, EpochId } from '@alcove/shared/domain/ids'
import * as Y from 'yjs'
import { knownOf, lackingOf, updateMath } from '../../../pwa/src/adapters/schedule/update-math.ts'
import type { LogBook, LogCover, LogDocuments, LogKeeping, LogKeys, LogPage } from '../../../pwa/src/log-ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** What outlives a fake device: give it to the next one that is made. */
export type LogShelf = { cover: LogCover; pages: ReadonlyMap<DocumentId, LogPage> }

export function createLogShelf(): LogShelf {
  return { cover: { mark: 0, access: [], enrolment: null, incidents: [], epochs: null, passedOver: [] }, pages: new Map() }
}

export type FakeLogOptions = {
  readonly shelf?: LogShelf
  /** A document as it is durable. */
  readonly document: (document: DocumentId) => Y.Doc
  /** Practice keys that this device has; null is the founding one. Read anew each time. */
  readonly secrets: ReadonlyMap<EpochId | null, Bytes>
  /** Runs before a write is durable: time may pass, or it fails. */
  readonly pause?: () => Promise<void>
}

/** Everything of log-ports.ts but the line, in memory, over Yjs documents that a test has. */
export function createFakeLogKeeping(options: FakeLogOptions): LogKeeping {
  return {
    book: createFakeLogBook(options.shelf, options.pause),
    documents: createFakeLogDocuments(options.document),
    keys: createFakeLogKeys(options.secrets),
    math: updateMath,
  }
}

export function createFakeLogBook(shelf: LogShelf = createLogShelf(), pause: () => Promise<void> = async () => undefined): LogBook {
  return {
    async read() {
      return { cover: shelf.cover, pages: [...shelf.pages.values()] }
    },
    async write({ pages = [], cover = {} }) {
      await pause()
      shelf.pages = new Map([...shelf.pages, ...pages.map((page) => [page.document, page] as const)])
      shelf.cover = { ...shelf.cover, ...cover }
    },
  }
}

export function createFakeLogDocuments(document: (document: DocumentId) => Y.Doc): LogDocuments {
  return {
    lacking: async (id, known) => lackingOf(document(id), known),
    whole: async (id) => ({ update: Uint8Array.from(Y.encodeStateAsUpdateV2(document(id))), known: knownOf(document(id)) }),
  }
}

export function createFakeLogKeys(secrets: ReadonlyMap<EpochId | null, Bytes>): LogKeys {
  return {
    async contentKey(epoch, writer) {
      const secret = secrets.get(epoch)
      return secret ? deriveLogKey(secret, epoch, writer) : null
    },
    async memberTag(member) {
      const founding = secrets.get(null)
      return founding ? memberTagOf(founding, member) : null
    },
  }
}
