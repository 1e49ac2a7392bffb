import { generateLinkKey } from '@alcove/shared/crypto/link'
import { compressPublicKey, generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { fromBase64Url, randomId, toBase64Url } from '@alcove/shared/crypto/bytes'
import { asId, type MemberId, type PracticeId } from '@alcove/shared/domain/ids'
import { type Action, type Member, may } from '@alcove/shared/domain/practice'
import { err, type Result } from '@alcove/shared/domain/result'
import { checkMemberDraft, checkPracticeChange, checkPracticeDraft, checkTelehealth } from '../../../pwa/src/adapters/schedule/stored.ts'
import type { PracticeDraft, PracticeRepository, PracticeState, SaveError } from '../../../pwa/src/ports.ts'
import type { FakeMemory } from './fake-memory.ts'

/** The practice in memory, with the same rules as the real repository (one contract suite holds both). */
export function createFakePracticeRepository(memory: FakeMemory): PracticeRepository {
  async function create(draft: PracticeDraft): Promise<Result<PracticeState, SaveError>> {
    const checked = checkPracticeDraft(draft)
    if (!checked.ok) return checked
    const { name, contactPhone, contactEmail, telehealth, memberName, roles } = checked.value
    const id = asId<MemberId>(randomId())
    const isClinician = roles.includes('clinician')
    if (memory.practice) return err('not-allowed')
    const roomKey = isClinician ? await makeRoom(memory, id) : null
    const me: Member = { id, name: memberName, roles, roomKey, standingLinkGeneration: 0 }
    return memory.store(() => {
      memory.practice = {
        practice: { id: asId<PracticeId>(randomId()), name, contactPhone, contactEmail, telehealth },
        me,
        members: [me],
      }
      return memory.practice
    })
  }

  async function change<T>(action: Action, run: (state: PracticeState) => T): Promise<Result<T, SaveError>> {
    const state = memory.practice
    return state && may(state.me, action) ? memory.store(() => run(state)) : err('not-allowed')
  }

  function setMember(state: PracticeState, id: MemberId, part: Partial<Member>): void {
    const members = state.members.map((member) => (member.id === id ? { ...member, ...part } : member))
    memory.practice = { ...state, members, me: members.find((member) => member.id === state.me.id) ?? state.me }
  }

  return {
    watch(listener) {
      listener(memory.practice)
      let first = memory.practice
      return memory.live(
        () => memory.practice,
        (state) => {
          if (state === first) return
          first = null
          listener(state)
        },
      )
    },
    create,
    async updatePractice(part) {
      const checked = checkPracticeChange(part)
      if (!checked.ok) return checked
      return change('change-telehealth', (state) => {
        memory.practice = { ...state, practice: { ...state.practice, ...checked.value } }
      })
    },
    async changeTelehealth(telehealth) {
      if (!checkTelehealth(telehealth)) return err('invalid')
      return change('change-telehealth', (state) => {
        memory.practice = { ...state, practice: { ...state.practice, telehealth } }
      })
    },
    async addMember(draft) {
      const checked = checkMemberDraft(draft)
      if (!checked.ok) return checked
      return change('add-clinician', (state) => {
        const id = asId<MemberId>(randomId())
        const member: Member = { ...checked.value, id, roomKey: null, standingLinkGeneration: 0 }
        memory.practice = { ...state, members: [...state.members, member] }
        return member
      })
    },
    async renameMember(id, name) {
      const state = memory.practice
      if (!state || !(id === state.me.id || may(state.me, 'add-clinician'))) return err('not-allowed')
      const member = state.members.find((other) => other.id === id)
      const checked = member ? checkMemberDraft({ name, roles: member.roles }) : null
      if (!checked?.ok) return err('invalid')
      return memory.store(() => setMember(state, id, { name: checked.value.name }))
    },
    replaceStandingLink: () =>
      change('replace-own-link', (state) => setMember(state, state.me.id, { standingLinkGeneration: state.me.standingLinkGeneration + 1 })),
  }
}

async function makeRoom(memory: FakeMemory, me: MemberId): Promise<string> {
  const secret = await generateSecret()
  const { publicKey } = await importKeyPair(secret)
  memory.secrets.set('room', secret)
  memory.secrets.set('identity', await generateSecret())
  memory.linkKeys.set(me, generateLinkKey())
  return toBase64Url(compressPublicKey(fromBase64Url(publicKey) ?? new Uint8Array(65)))
}
