import { randomBytes, randomId, toBase64Url } from '@alcove/shared/crypto/bytes'
import { generateLinkKey } from '@alcove/shared/crypto/link'
import { asId, type MemberId } from '@alcove/shared/domain/ids'
import { type Action, type Member, may } from '@alcove/shared/domain/practice'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { PracticeDraft, PracticeRepository, PracticeState, SaveError } from '../../ports.ts'
import { documentIdOf, practiceKeysOf } from './at-rest.ts'
import { commitFirst, type Database, saveErrorOf } from './database.ts'
import type { Command } from './document-store.ts'
import { createSharedDocument } from './documents.ts'
import type { Home, OpenPractice } from './home.ts'
import { makeHostKeys, wrap } from './host-keys.ts'
import { sealUpdate } from './log.ts'
import { practiceDocument } from './names.ts'
import { checkMemberDraft, checkPracticeChange, checkPracticeDraft, checkTelehealth, readMember } from './stored.ts'
import type { Tabs } from './tabs.ts'
import { collections } from './views.ts'

export type PracticeRepositoryOptions = {
  readonly database: Database
  readonly deviceKey: CryptoKey
  readonly home: Home
  readonly tabs: Tabs
  /** Asks the browser not to throw the practice away when the disk runs low. */
  readonly persist: () => void
}

export function createPracticeRepository(options: PracticeRepositoryOptions): PracticeRepository {
  const { database, deviceKey, home, tabs } = options

  async function create(draft: PracticeDraft): Promise<Result<PracticeState, SaveError>> {
    const checked = checkPracticeDraft(draft)
    if (!checked.ok) return checked
    try {
      const isFirst = await storeNewPractice(checked.value)
      options.persist()
      // From here on it is what a later start will find: read back from the disk.
      const opened = await home.open()
      const practice = home.current()
      tabs.announce()
      if (!isFirst) return err('not-allowed')
      return opened.ok && practice ? ok(practice.state()) : err('storage-failed')
    } catch (error) {
      return err(saveErrorOf(error))
    }
  }

  /** False when there is a practice already, perhaps set up in another tab a moment ago. */
  async function storeNewPractice(draft: PracticeDraft): Promise<boolean> {
    const secret = randomBytes(32)
    const keys = await practiceKeysOf(secret)
    const me = asId<MemberId>(randomId())
    const host = draft.roles.includes('clinician') ? await makeHostKeys(deviceKey) : null
    const docId = await documentIdOf(keys, practiceDocument)
    const update = draftUpdate(draft, me, host?.roomKey ?? null)
    const sealed = await wrap(deviceKey, 'practice', secret)
    secret.fill(0)
    return commitFirst(database, [{ name: 'practice', sealed, me }, ...(host?.rows ?? [])], {
      docId,
      kind: 'update',
      sealed: await sealUpdate(keys, docId, 'update', update),
    })
  }

  function change<T>(action: Action, command: (practice: OpenPractice) => Command<T>): Promise<Result<T, SaveError>> {
    const practice = home.current()
    if (!practice || !may(practice.state().me, action)) return Promise.resolve(err('not-allowed'))
    return practice.documents.change(practice.practiceDocId, command(practice))
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
      return change('change-telehealth', () => (document) => {
        document.changeSettings(collections.practice, checked.value)
        return ok({ value: undefined })
      })
    },
    async changeTelehealth(telehealth) {
      if (!checkTelehealth(telehealth)) return err('invalid')
      return change('change-telehealth', () => (document) => {
        document.changeSettings(collections.practice, { telehealth })
        return ok({ value: undefined })
      })
    },
    async addMember(draft) {
      const checked = checkMemberDraft(draft)
      if (!checked.ok) return checked
      return change('add-clinician', () => (document) => {
        const id = randomId()
        const fields = { ...checked.value, roomKey: null, standingLinkGeneration: 0 }
        const member = readMember(id, fields)
        if (!member) return err('invalid')
        document.changeEntity(collections.members, id, fields)
        return ok({ value: member })
      })
    },
    async renameMember(id, name) {
      const practice = home.current()
      const state = practice?.state()
      const member = state?.members.find((other) => other.id === id)
      if (!practice || !state || !(id === state.me.id || may(state.me, 'add-clinician'))) return err('not-allowed')
      if (!member) return err('invalid')
      const checked = checkMemberDraft({ name, roles: member.roles })
      if (!checked.ok) return checked
      return practice.documents.change(practice.practiceDocId, (document) => {
        document.changeEntity(collections.members, id, { name: checked.value.name })
        return ok({ value: undefined })
      })
    },
    replaceStandingLink: () =>
      change('replace-own-link', (practice) => (document) => {
        const me = practice.state().me.id
        const fields = document.entity(collections.members, me)
        const member = fields && readMember(me, fields)
        if (!member) return err('storage-failed')
        document.changeEntity(collections.members, me, { standingLinkGeneration: member.standingLinkGeneration + 1 })
        return ok({ value: undefined })
      }),
  }
}

function draftUpdate(draft: PracticeDraft, me: MemberId, roomKey: Member['roomKey']) {
  const { name, contactPhone, contactEmail, telehealth, memberName, roles } = draft
  const document = createSharedDocument()
  const update = document.capture(() => {
    document.changeSettings(collections.practice, { id: randomId(), name, contactPhone, contactEmail, telehealth })
    document.changeEntity(collections.members, me, {
      name: memberName,
      roles: [...new Set(roles)],
      roomKey,
      standingLinkGeneration: 0,
      // Who has the link key can make the clinician's links, without being able to open the room.
      ...(roomKey === null ? {} : { linkKey: toBase64Url(generateLinkKey()) }),
    })
  })
  document.close()
  if (!update) throw new Error('A new practice without content')
  return update
}
