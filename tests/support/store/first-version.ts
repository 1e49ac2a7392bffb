import { fromBase64Url, toBase64Url } from '@alcove/shared/crypto/bytes'
import { compressPublicKey, generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import * as Y from 'yjs'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * A practice as the first version stored it (version 1 of the database, before there was a chain), written without the
 * program of today: whatever changes there, practices that lie on devices since then are as they are.
 */
export type FirstVersion = {
  readonly me: string
  readonly colleague: string
  readonly patient: string
  readonly appointment: string
  /** base64url; null for a founder who is no clinician. */
  readonly roomKey: string | null
  readonly linkKey: string | null
}

const stores = {
  keys: { keyPath: 'name', indexes: {} },
  ylog: { keyPath: 'i', indexes: { docId: 'docId' } },
  appointments: {
    keyPath: 'id',
    indexes: { startAt: 'startAt', docId: 'docId', '[patientId+clinicianId+startAt]': ['patientId', 'clinicianId', 'startAt'] },
  },
  stamps: { keyPath: 'name', indexes: {} },
  journal: { keyPath: 'name', indexes: {} },
} as const

export async function writeFirstVersion(name: string, roles: readonly string[] = ['administrator', 'clinician']): Promise<FirstVersion> {
  const isClinician = roles.includes('clinician')
  const deviceKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const secret = random(32)
  const content = await derive(secret, 'alcove/documents/1', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt'])
  const names = await derive(secret, 'alcove/document-names/1', { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign'])
  const docIdOf = async (text: string) => base64url(new Uint8Array(await crypto.subtle.sign('HMAC', names, utf8(text))).slice(0, 16))
  const wrap = (what: string, bytes: Bytes) => seal(deviceKey, `alcove/key/1\n${what}`, bytes)

  // Ids that begin with A lie in the first shard of the patients.
  const [me, colleague, appointment, patient] = [id(), id(), id(), `A${id().slice(1)}`]
  const [room, identity] = [await generateSecret(), await generateSecret()]
  const linkKey = isClinician ? base64url(random(32)) : null
  const roomKey = isClinician ? compressed((await importKeyPair(room)).publicKey) : null

  const practice = updateOf((doc) => {
    const settings = { id: id(), name: 'Harbor Counseling', contactPhone: '+1 555 0100', contactEmail: '', telehealth: 'premium' }
    for (const [field, value] of Object.entries(settings)) doc.getMap('practice').set(field, value)
    entity(doc, 'members', me, { name: 'Dr. Rivera', roles, roomKey, standingLinkGeneration: 2, ...(linkKey ? { linkKey } : {}) })
    entity(doc, 'members', colleague, { name: 'Dr. Chen', roles: ['clinician'], roomKey: null, standingLinkGeneration: 0 })
  })
  const patients = updateOf((doc) => entity(doc, 'patients', patient, { firstName: 'Sam', lastName: 'Okafor', [`link:${me}`]: 1 }))
  const startAt = Date.UTC(2026, 10, 23, 15)
  const month = updateOf((doc) =>
    entity(doc, 'appointments', appointment, {
      type: 'therapy-session',
      patientId: patient,
      clinicianId: me,
      start: { date: '2026-11-23', time: '10:00', zone: 'America/New_York' },
      durationMinutes: 50,
      useTelehealth: true,
      status: 'booked',
      firstStartAt: startAt,
    }),
  )
  const monthId = await docIdOf(`sched:${me}:2026-11`)
  const rowOf = async (docId: string, update: Bytes) => ({
    docId,
    kind: 'update',
    sealed: await seal(content, `alcove/ylog/1\n${docId}\nupdate`, update),
  })
  const rows = {
    keys: [
      {
        name: 'device',
        key: deviceKey,
        check: await seal(deviceKey, 'alcove/device-key-check/1', utf8('This key was written, read back and used.')),
      },
      { name: 'practice', sealed: await wrap('practice', secret), me },
      ...(isClinician
        ? [
            { name: 'room', sealed: await wrap('room', room) },
            { name: 'identity', sealed: await wrap('identity', identity) },
          ]
        : []),
    ],
    ylog: [
      await rowOf(await docIdOf('practice'), practice),
      await rowOf(await docIdOf('patients:0'), patients),
      await rowOf(monthId, month),
    ],
    appointments: [
      {
        id: appointment,
        docId: monthId,
        clinicianId: me,
        patientId: patient,
        startAt,
        endAt: startAt + 50 * 60_000,
        type: 'therapy-session',
        status: 'booked',
      },
    ],
    stamps: [
      { name: 'format', version: 1 },
      { name: 'index', version: 1, count: 1 },
    ],
    journal: [],
  }
  await store(name, rows)
  return { me, colleague, patient, appointment, roomKey, linkKey }
}

/** Dexie counts in tens: its version 1 is IndexedDB's 10. */
function store(name: string, rows: Readonly<Record<keyof typeof stores, readonly object[]>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 10)
    request.onerror = () => reject(request.error)
    request.onupgradeneeded = () => {
      for (const [table, { keyPath, indexes }] of Object.entries(stores)) {
        const made = request.result.createObjectStore(table, { keyPath, autoIncrement: table === 'ylog' })
        for (const [index, path] of Object.entries(indexes)) made.createIndex(index, path)
      }
    }
    request.onsuccess = () => {
      const transaction = request.result.transaction(Object.keys(stores), 'readwrite')
      for (const [table, list] of Object.entries(rows)) for (const row of list) transaction.objectStore(table).add(row)
      transaction.onabort = () => reject(transaction.error)
      transaction.oncomplete = () => {
        request.result.close()
        resolve()
      }
    }
  })
}

function updateOf(run: (doc: Y.Doc) => void): Bytes {
  const doc = new Y.Doc()
  doc.transact(() => run(doc))
  const update = Uint8Array.from(Y.encodeStateAsUpdateV2(doc))
  doc.destroy()
  return update
}

function entity(doc: Y.Doc, collection: string, key: string, fields: object): void {
  doc.getMap(collection).set(key, new Y.Map(Object.entries(fields)))
}

async function seal(key: CryptoKey, place: string, plain: Bytes): Promise<Bytes> {
  const iv = random(12)
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(place) }, key, plain))
  return Uint8Array.from([...iv, ...sealed])
}

async function derive(secret: Bytes, info: string, algorithm: AesKeyGenParams | HmacKeyGenParams, usages: KeyUsage[]): Promise<CryptoKey> {
  const root = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(info) }
  return crypto.subtle.deriveKey(parameters, root, algorithm, false, usages)
}

function compressed(publicKey: string): string {
  return base64url(compressPublicKey(fromBase64Url(publicKey) ?? new Uint8Array(65)))
}

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length))
const base64url = toBase64Url
const id = (): string => base64url(random(16))
const utf8 = (text: string): Bytes => Uint8Array.from(new TextEncoder().encode(text))
