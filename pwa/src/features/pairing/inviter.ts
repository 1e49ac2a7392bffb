import { randomId } from '@alcove/shared/crypto/bytes'
import {
  deriveInvitationKeys,
  formatInvitation,
  generateInvitation,
  type PairingTranscript,
  pairingCode,
  pairingCommitment,
  sealWelcome,
} from '@alcove/shared/crypto/invitation'
import { displayName } from '@alcove/shared/domain/display-name'
import { asId, type DeviceKey } from '@alcove/shared/domain/ids'
import type { PairingFailure, PairingMessage } from '@alcove/shared/protocol/sync-messages'
import type { Clock, KeyPair, Stop } from '../../ports.ts'
import type { InvitationTarget, PairingStore, Relay } from '../../sync-ports.ts'
import { createPairingLine } from './pairing-line.ts'
import type { Inviter, InviterFailure, InviterState } from './pairing-state.ts'

export const invitationLifetimeMs = 10 * 60 * 1000
/** Between a device's first word and what it has to say next, and between its last word and giving it up. */
const joinerPatienceMs = 30_000
/** Between two parts of the welcome: the server limits how much one socket may say at once. */
const pauseMs = 50

export type InviterDeps = {
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly relay: Relay
  readonly store: Pick<PairingStore, 'admit' | 'withdraw'>
  /** This device's own key. */
  readonly device: KeyPair
  /** `https://clinic.example` */
  readonly origin: string
}

/** `practice` and `member` are shown to the joiner: where it is invited to, and as whom. */
export type InviteOptions = { readonly target: InvitationTarget; readonly practice: string; readonly member: string }

type Welcome = Extract<PairingMessage, { type: 'welcome' }>
/** The device that knocked first; nobody else comes in with this link. */
type Taken = { readonly commitment: string; readonly label: string; readonly nonce: string }

/** Valid once: from the first knock on it belongs to that device, and with any end it is void. */
export async function createInviter({ clock, relay, store, device, origin }: InviterDeps, options: InviteOptions): Promise<Inviter> {
  const expiresAt = clock.now() + invitationLifetimeMs
  const invitation = generateInvitation(expiresAt)
  const keys = await deriveInvitationKeys(invitation.secret)
  const link = await formatInvitation(origin, invitation)
  const me = asId<DeviceKey>(device.publicKey)

  const listeners = new Set<(state: InviterState) => void>()
  let state: InviterState = { kind: 'open', link, expiresAt, connected: false }
  let taken: Taken | null = null
  let transcript: PairingTranscript | null = null
  let rival = false
  let parts: readonly Welcome[] = []
  let stopSending: Stop | null = null
  let stopWaiting: Stop = () => undefined

  const line = createPairingLine({ relay, keys, onMessage: receive, onConnection: connection })
  const stopExpiry = clock.after(expiresAt - clock.now(), endIfExpired)

  function become(next: InviterState): void {
    state = next
    for (const listener of [...listeners]) listener(state)
  }

  /** By the time of day: a timer stands still while the device sleeps. */
  function endIfExpired(): void {
    if (clock.now() >= expiresAt && (state.kind === 'open' || state.kind === 'comparing')) end('expired')
  }

  function connection(connected: boolean): void {
    if (state.kind === 'open') become({ ...state, connected })
  }

  function greet(): Promise<boolean> {
    const { commitment, nonce } = taken as Taken
    const kind = options.target.kind
    return line.say({ type: 'greeting', commitment, device: me, nonce, kind, practice: options.practice, member: options.member })
  }

  /** Gives the device up when it says no more. */
  function expectWord(): void {
    stopWaiting()
    stopWaiting = clock.after(joinerPatienceMs, () => end(line.isConnected() ? 'lost' : 'no-server'))
  }

  async function receive(message: PairingMessage): Promise<void> {
    if (message.type === 'knock') await heardKnock(message)
    else if (message.type === 'reveal') await heardReveal(message)
    else if (message.type === 'joined') heardJoined()
    else if (message.type === 'failed' && taken && message.commitment === taken.commitment) heardFailure(message.reason)
  }

  async function heardKnock({ commitment, label }: Extract<PairingMessage, { type: 'knock' }>): Promise<void> {
    endIfExpired()
    if (state.kind === 'failed') {
      await line.say({ type: 'failed', reason: taken && taken.commitment !== commitment ? 'used' : onTheWire(state.reason), commitment })
    } else if (taken && taken.commitment !== commitment) {
      rival = true
      if (state.kind === 'comparing') become({ ...state, rival })
      await line.say({ type: 'failed', reason: 'used', commitment })
    } else {
      // While it is sent to, a knock says that it has everything and its person still compares.
      if (!taken || state.kind === 'sending') expectWord()
      // Whoever has the link wrote the label.
      taken ??= { commitment, label: displayName(label) ?? '?', nonce: randomId() }
      await greet()
    }
  }

  async function heardReveal({ device: joiner, nonce }: Extract<PairingMessage, { type: 'reveal' }>): Promise<void> {
    if (!taken || (await pairingCommitment(joiner, nonce)) !== taken.commitment) return
    if (state.kind === 'open') {
      const { practice, member, target } = options
      transcript = { inviter: me, inviterNonce: taken.nonce, joiner, joinerNonce: nonce, kind: target.kind, practice, member }
      const code = await pairingCode(invitation.secret, transcript)
      stopWaiting()
      if (state.kind === 'open') become({ kind: 'comparing', code, label: taken.label, expiresAt, rival })
    } else if (state.kind === 'comparing') {
      // It only wants to know whether somebody is still here.
      await greet()
    } else if (state.kind === 'sending' || state.kind === 'joined') {
      if (state.kind === 'sending') expectWord()
      if (!stopSending) sendFrom(0)
    } else if (state.kind === 'failed') {
      await line.say({ type: 'failed', reason: onTheWire(state.reason), commitment: taken.commitment })
    }
  }

  function heardJoined(): void {
    if (state.kind !== 'sending' || parts.length === 0) return
    rest()
    become({ kind: 'joined', label: taken?.label ?? '' })
  }

  function heardFailure(reason: PairingFailure): void {
    const differ = reason === 'declined'
    if (state.kind === 'open' || state.kind === 'comparing') finish(differ ? 'declined' : 'cancelled')
    else if (state.kind === 'sending') finish(differ ? 'declined-late' : 'failed')
  }

  function sendFrom(index: number): void {
    const part = parts[index]
    stopSending = null
    if (!part) return
    void line.say(part)
    if (state.kind === 'sending') become({ kind: 'sending', progress: Math.max(state.progress, (index + 1) / parts.length) })
    stopSending = clock.after(pauseMs, () => sendFrom(index + 1))
  }

  async function admit(agreed: PairingTranscript, label: string): Promise<void> {
    const admitted = await store.admit(options.target, agreed.joiner, label)
    if (state.kind !== 'sending') return admitted.ok ? withdraw(agreed.joiner) : undefined
    if (!admitted.ok) {
      const known = admitted.error === 'invalid' ? 'already-a-member' : 'failed'
      return end(admitted.error === 'storage-full' || admitted.error === 'storage-failed' ? 'storage' : known)
    }
    const sealed = await sealWelcome(agreed, device, admitted.value)
    if (!sealed) end('failed')
    if (!sealed || state.kind !== 'sending') return withdraw(agreed.joiner)
    parts = sealed
    expectWord()
    sendFrom(0)
  }

  /** It was over before the other device was told anything: no device is left in the list. */
  async function withdraw(joiner: DeviceKey): Promise<void> {
    // Then the screen says already that it has to be removed.
    if (state.kind === 'failed' && state.reason === 'declined-late') return
    await store.withdraw(joiner)
  }

  function rest(): void {
    stopWaiting()
    stopSending?.()
    stopSending = null
    stopExpiry()
  }

  function finish(reason: InviterFailure): void {
    rest()
    become({ kind: 'failed', reason })
  }

  /** Void from now on; the other device is told, if it is there. */
  function end(reason: InviterFailure): void {
    finish(reason)
    void line.say({ type: 'failed', reason: onTheWire(reason), commitment: taken?.commitment ?? null })
  }

  return {
    watch(listener) {
      listeners.add(listener)
      listener(state)
      return () => void listeners.delete(listener)
    },
    approve() {
      endIfExpired()
      if (state.kind !== 'comparing' || !transcript) return
      const { label } = state
      become({ kind: 'sending', progress: 0 })
      void admit(transcript, label)
    },
    decline() {
      if (state.kind === 'comparing') end('declined')
    },
    cancel() {
      const over = state.kind === 'failed' || state.kind === 'joined'
      if (!over) finish('cancelled')
      rest()
      const told = over ? null : line.say({ type: 'failed', reason: 'cancelled', commitment: taken?.commitment ?? null })
      void Promise.resolve(told).then(() => line.leave())
    },
  }
}

/** What the other device needs to know of it. */
function onTheWire(reason: InviterFailure): PairingFailure {
  if (reason === 'declined-late') return 'declined'
  return reason === 'lost' || reason === 'no-server' || reason === 'storage' ? 'failed' : reason
}
