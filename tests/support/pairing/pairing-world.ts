import { randomBytes, randomId, toBase64Url } from '@alcove/shared/crypto/bytes'
import { asId, type DeviceKey, type EntryHash, type MemberId } from '@alcove/shared/domain/ids'
import { err, ok } from '@alcove/shared/domain/result'
import type { InvitationKind, WelcomeContents } from '@alcove/shared/protocol/sync-messages'
import { createInviter } from '../../../pwa/src/features/pairing/inviter.ts'
import { createJoiner } from '../../../pwa/src/features/pairing/joiner.ts'
import type { Inviter, InviterState, Joiner, JoinerState } from '../../../pwa/src/features/pairing/pairing-state.ts'
import type { SaveError } from '../../../pwa/src/ports.ts'
import type { InvitationTarget } from '../../../pwa/src/sync-ports.ts'
import { settled } from '../call/pending-crypto.ts'
import { newPair } from '../crypto-people.ts'
import { createManualClock, type ManualClock } from '../session/manual-clock.ts'
import { createMemoryRelay, type MemoryRelay } from './memory-relay.ts'

export const origin = 'https://clinic.example'

export type TestInviter = {
  readonly inviter: Inviter
  readonly states: readonly InviterState[]
  state(): InviterState
  link(): string
  /** Devices that were signed into the practice. */
  readonly admitted: readonly { readonly target: InvitationTarget; readonly device: DeviceKey; readonly label: string }[]
  readonly withdrawn: readonly DeviceKey[]
  readonly welcome: WelcomeContents
}

export type TestJoiner = {
  readonly joiner: Joiner
  readonly states: readonly JoinerState[]
  state(): JoinerState
  /** Keys that are not needed any more. */
  readonly forgotten: readonly string[]
  readonly adopted: readonly { readonly welcome: WelcomeContents; readonly device: string; readonly kind: InvitationKind }[]
}

export type PairingWorld = {
  readonly clock: ManualClock
  readonly relay: MemoryRelay
  pass(ms: number): Promise<void>
  invite(options?: {
    readonly target?: InvitationTarget
    readonly fails?: SaveError
    readonly documentLength?: number
    /** Its timers stand still, as in a laptop that is closed; time goes on. */
    readonly asleep?: boolean
    /** Signing a device in takes until then. */
    readonly holding?: Promise<void>
  }): Promise<TestInviter>
  join(link: string, options?: { readonly name?: string; readonly fails?: SaveError }): Promise<TestJoiner>
}

/** Both engines, real cryptography, and a server in memory; stores that only write down what they are given. */
export function createPairingWorld(): PairingWorld {
  const clock = createManualClock(Date.UTC(2026, 10, 23, 15))
  const relay = createMemoryRelay(clock)

  async function pass(ms: number): Promise<void> {
    await settled()
    for (let left = ms; left > 0; left -= Math.min(left, 250)) {
      clock.advance(Math.min(left, 250))
      await settled()
    }
  }

  return {
    clock,
    relay,
    pass,
    async invite({ target = newColleague(), fails, documentLength = 50_000, asleep = false, holding } = {}) {
      const admitted: { target: InvitationTarget; device: DeviceKey; label: string }[] = []
      const withdrawn: DeviceKey[] = []
      const states: InviterState[] = []
      const welcome: WelcomeContents = {
        member: target.kind === 'colleague' ? target.member : asId<MemberId>(randomId()),
        root: asId<EntryHash>(toBase64Url(randomBytes(32))),
        entries: [],
        foundingKey: toBase64Url(randomBytes(32)),
        epochKeys: [],
        room: null,
        practiceDocument: 'A'.repeat(documentLength),
      }
      const deps = {
        clock: asleep ? { ...clock, after: () => () => undefined } : clock,
        relay: relay.of('inviter'),
        device: await newPair(),
        origin,
        store: {
          async admit(to: InvitationTarget, device: DeviceKey, label: string) {
            if (fails) return err(fails)
            admitted.push({ target: to, device, label })
            await holding
            return ok(welcome)
          },
          async withdraw(device: DeviceKey) {
            withdrawn.push(device)
            return ok(undefined)
          },
        },
      }
      const inviter = await createInviter(deps, { target, practice: 'Willow Practice', member: 'Kofi Mensah' })
      inviter.watch((state) => states.push(state))
      await pass(10)
      return {
        inviter,
        states,
        admitted,
        withdrawn,
        welcome,
        state: () => states.at(-1) as InviterState,
        link: () => {
          const [first] = states
          if (first?.kind !== 'open') throw new Error('It begins with a link')
          return first.link
        },
      }
    },
    async join(link, { name = 'joiner', fails } = {}) {
      const adopted: { welcome: WelcomeContents; device: string; kind: InvitationKind }[] = []
      const forgotten: string[] = []
      const states: JoinerState[] = []
      const deps = {
        clock,
        relay: relay.of(name),
        label: 'Firefox on Linux',
        store: {
          newDevice: newPair,
          forgetDevice: ({ publicKey }: { readonly publicKey: string }) => void forgotten.push(publicKey),
          async adopt(welcome: WelcomeContents, device: { readonly publicKey: string }, kind: InvitationKind) {
            if (fails) return err(fails)
            adopted.push({ welcome, device: device.publicKey, kind })
            return ok(undefined)
          },
        },
      }
      const joiner = createJoiner(deps, link)
      joiner.watch((state) => states.push(state))
      await settled()
      return { joiner, states, adopted, forgotten, state: () => states.at(-1) as JoinerState }
    },
  }
}

function newColleague(): InvitationTarget {
  return { kind: 'colleague', member: asId<MemberId>(randomId()) }
}
