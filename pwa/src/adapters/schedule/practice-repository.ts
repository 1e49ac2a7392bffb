import { type Bytes, randomBytes, randomId, toBase64Url } from '@alcove/shared/crypto/bytes'
import { generateLinkKey } from '@alcove/shared/crypto/link'
import { asId, type MemberId, type PracticeId } from '@alcove/shared/domain/ids'
import type { Operation } from '@alcove/shared/domain/practice-chain'
import { type Action, type Member, may } from '@alcove/shared/domain/practice'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { PracticeDraft, PracticeRepository, PracticeState, SaveError } from '../../ports.ts'
import { documentIdOf, practiceKeysOf } from './at-rest.ts'
import { sealRow } from './chain-keeper.ts'
import { commitFirst, type Database, type KeyRow, saveErrorOf } from './database.ts'
import type { DeviceKey } from './device-key.ts'
import { createSharedDocument, type SharedDocument } from './documents.ts'
import { signFounding } from './founding.ts'
import type { Home, OpenPractice } from './home.ts'
import { makeKey, roomKeyOf, wrap } from './host-keys.ts'
import { sealUpdate } from './log.ts'
import { practiceDocument } from './names.ts'
import type { RemovalNote } from './removal.ts'
import { checkMemberDraft, checkPracticeChange, checkPracticeDraft, checkTelehealth, readMemberRest } from './stored.ts'
import type { Tabs } from './tabs.ts'
import { collections } from './views.ts'

export type PracticeRepositoryOptions = {
  readonly database: Database
  readonly deviceKey: DeviceKey
  readonly home: Home
  readonly tabs: Tabs
  readonly now: () => number
  /** What this device calls itself. */
  readonly label: string
  readonly removal: RemovalNote
  /** Asks the browser not to throw the practice away when the disk runs low. */
  readonly persist: () => void
}

export function createPracticeRepository(options: PracticeRepositoryOptions): PracticeRepository {
  const { database, deviceKey, home, tabs, removal } = options

  async function create(draft: PracticeDraft): Promise<Result<PracticeState, SaveError>> {
    const checked = checkPracticeDraft(draft)
    if (!checked.ok) return checked
    try {
      const isFirst = await storeNewPractice(checked.value)
      options.persist()
      // From here on it is what a later start will find: read back from the disk.
      const opened = await home.open()
      const practice = home.current()
      if (isFirst) removal.write(null)
      tabs.announce()
      if (!isFirst) return err('not-allowed')
      return opened.ok && practice ? ok(practice.state()) : err('storage-failed')
    } catch (error) {
      return err(saveErrorOf(error))
    }
  }

  /** False when there is a practice already, perhaps set up in another tab a moment ago. */
  async function storeNewPractice(draft: PracticeDraft): Promise<boolean> {
    const [secret, disk] = [randomBytes(32), randomBytes(32)]
    const keys = await practiceKeysOf(secret, disk)
    const me = asId<MemberId>(randomId())
    const identity = await makeKey(deviceKey.key, 'identity')
    const room = draft.roles.includes('clinician') ? await makeKey(deviceKey.key, 'room') : null
    const roles = [...new Set(draft.roles)]
    const { signed, hash } = await signFounding(
      {
        practice: asId<PracticeId>(randomId()),
        telehealth: draft.telehealth,
        members: [{ id: me, name: draft.memberName, roles }],
        me,
        roomKey: room && roomKeyOf(room.pair),
        label: options.label,
      },
      options.now(),
      identity.pair,
    )
    const rows: KeyRow[] = [
      { name: 'practice', sealed: await wrap(deviceKey.key, 'practice', secret), me },
      { name: 'disk', sealed: await wrap(deviceKey.key, 'disk', disk) },
      { name: 'root', root: hash },
      identity.row,
      ...(room ? [room.row] : []),
    ]
    for (const each of [secret, disk, identity.secret, ...(room ? [room.secret] : [])]) each.fill(0)
    const docId = await documentIdOf(keys, practiceDocument)
    const { update, clock } = firstUpdate(draft, me, room !== null, (document) =>
      document.changeEntity(collections.chain, hash, { signed }),
    )
    return commitFirst(database, rows, {
      docId,
      sealed: await sealUpdate(keys, docId, 'update', update),
      chain: [await sealRow(keys, hash, signed)],
      unsynced: { docId, ...clock, changes: 1 },
    })
  }

  /** What the document decides by itself. */
  function change(
    action: Action,
    command: (practice: OpenPractice, document: SharedDocument) => Result<void, SaveError>,
  ): Promise<Result<void, SaveError>> {
    const practice = home.current()
    if (!practice || !may(practice.state().me, action)) return Promise.resolve(err('not-allowed'))
    return practice.documents.change(practice.practiceDocId, (document) => {
      const done = command(practice, document)
      return done.ok ? ok({ value: undefined }) : done
    })
  }

  /** What takes a signature: the chain itself refuses those who may not. */
  async function sign<T>(operation: Operation, value: T, also?: (document: SharedDocument) => void): Promise<Result<T, SaveError>> {
    const practice = home.current()
    if (!practice) return err('not-allowed')
    return practice.chain.act(async () => ok({ operations: [operation], value, ...(also ? { also } : {}) }))
  }

  return {
    watch(listener) {
      let told: PracticeState | null | undefined
      const tell = () => {
        const state = home.current()?.state() ?? null
        if (state === told) return
        told = state
        listener(state)
      }
      tell()
      return home.watch(tell)
    },
    create,
    async updatePractice(settings) {
      const checked = checkPracticeChange(settings)
      if (!checked.ok) return checked
      return change('change-telehealth', (_practice, document) => {
        document.changeSettings(collections.practice, checked.value)
        return ok(undefined)
      })
    },
    async changeTelehealth(tier) {
      if (!checkTelehealth(tier)) return err('invalid')
      return sign({ type: 'change-telehealth', tier }, undefined)
    },
    async addMember(draft) {
      const checked = checkMemberDraft(draft)
      if (!checked.ok) return checked
      const id = asId<MemberId>(randomId())
      const member: Member = { ...checked.value, id, roomKey: null, standingLinkGeneration: 0 }
      // Made here and once, so that nobody makes it a second time elsewhere and one of the two is lost.
      const also = (document: SharedDocument) => document.changeEntity(collections.members, id, { standingLinkGeneration: 0 })
      return sign({ type: 'add-member', member: id, ...checked.value }, member, also)
    },
    async renameMember(id, name) {
      const state = home.current()?.state()
      const member = state?.members.find((other) => other.id === id)
      if (!state || !may(state.me, id === state.me.id ? 'rename-oneself' : 'rename-member')) return err('not-allowed')
      if (!member) return err('invalid')
      const checked = checkMemberDraft({ name, roles: member.roles })
      return checked.ok ? sign({ type: 'rename-member', member: id, name: checked.value.name }, undefined) : checked
    },
    replaceStandingLink: () =>
      change('replace-own-link', (practice, document) => {
        const me = practice.state().me.id
        const rest = readMemberRest(me, document.entity(collections.members, me) ?? {})
        if (!rest) return err('storage-failed')
        document.changeEntity(collections.members, me, { standingLinkGeneration: rest.standingLinkGeneration + 1 })
        return ok(undefined)
      }),
  }
}

function firstUpdate(
  { name, contactPhone, contactEmail }: PracticeDraft,
  me: MemberId,
  isClinician: boolean,
  also: (document: SharedDocument) => void,
): { readonly update: Bytes; readonly clock: { readonly client: number; readonly clock: number } } {
  const document = createSharedDocument()
  const update = document.capture(() => {
    document.changeSettings(collections.practice, { name, contactPhone, contactEmail })
    document.changeEntity(collections.members, me, {
      standingLinkGeneration: 0,
      // Who has the link key can make the clinician's links, without being able to open the room.
      ...(isClinician ? { linkKey: toBase64Url(generateLinkKey()) } : {}),
    })
    also(document)
  })
  const clock = document.ownClock()
  document.close()
  if (!update) throw new Error('A new practice without content')
  return { update, clock }
}
