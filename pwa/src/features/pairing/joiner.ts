import { randomId } from '@alcove/shared/crypto/bytes'
import {
  createWelcomeReader,
  deriveInvitationKeys,
  type Invitation,
  type PairingTranscript,
  pairingCode,
  pairingCommitment,
  parseInvitation,
  type WelcomeReader,
} from '@alcove/shared/crypto/invitation'
import { asId, type DeviceKey } from '@alcove/shared/domain/ids'
import type { InvitationKind, PairingMessage } from '@alcove/shared/protocol/sync-messages'
import type { Clock, KeyPair } from '../../ports.ts'
import type { PairingStore, Relay } from '../../sync-ports.ts'
import { createPairingLine, type PairingLine, repeatMs, serverPatienceMs } from './pairing-line.ts'
import type { Joiner, JoinerFailure, JoinerState } from './pairing-state.ts'

/** Without a word from the inviting device: at first, and once it has greeted. */
const answerPatienceMs = 15_000
const comparingPatienceMs = 60_000
/** So long may the person here take to compare: the other device may be waiting, long after it approved. */
const decisionPatienceMs = 10 * 60_000
/** After it is stored here it is said again for so long: the inviting device may have missed it. */
const lingerMs = 30_000

export type JoinerDeps = {
  readonly clock: Pick<Clock, 'now' | 'every' | 'after'>
  readonly relay: Relay
  readonly store: Pick<PairingStore, 'newDevice' | 'forgetDevice' | 'adopt'>
  /** What this device calls itself to the person who decides: "Firefox on Linux". */
  readonly label: string
}

/** `link`: as it was opened or pasted. Nothing is stored before the people at both devices have confirmed the code. */
export function createJoiner(deps: JoinerDeps, link: string): Joiner {
  const listeners = new Set<(state: JoinerState) => void>()
  let state: JoinerState = { kind: 'connecting' }
  let talking: Talking = {
    confirm: () => undefined,
    reject: () => undefined,
    cancel: () => become({ kind: 'failed', reason: 'cancelled' }),
  }

  function become(next: JoinerState): void {
    if (state.kind === 'failed' || state.kind === 'joined') return
    state = next
    for (const listener of [...listeners]) listener(state)
  }

  async function start(): Promise<void> {
    const invitation = await parseInvitation(link)
    if (!invitation.ok) return become({ kind: 'failed', reason: invitation.error === 'newer-link' ? 'newer-link' : 'broken-link' })
    const device = await deps.store.newDevice()
    const keys = await deriveInvitationKeys(invitation.value.secret)
    const nonce = randomId()
    const commitment = await pairingCommitment(asId<DeviceKey>(device.publicKey), nonce)
    if (state.kind !== 'connecting') return deps.store.forgetDevice(device)
    talking = talk(
      { ...deps, invitation: invitation.value, device, nonce, commitment, become, state: () => state },
      (onMessage, onConnection) => createPairingLine({ relay: deps.relay, keys, onMessage, onConnection }),
    )
  }

  void start().catch((fault) => {
    become({ kind: 'failed', reason: 'failed' })
    void Promise.reject(fault)
  })

  return {
    watch(listener) {
      listeners.add(listener)
      listener(state)
      return () => void listeners.delete(listener)
    },
    confirm: () => talking.confirm(),
    reject: () => talking.reject(),
    cancel: () => talking.cancel(),
  }
}

type Talk = JoinerDeps & {
  readonly invitation: Invitation
  readonly device: KeyPair
  readonly nonce: string
  readonly commitment: string
  readonly become: (state: JoinerState) => void
  readonly state: () => JoinerState
}

/** What the person here says meanwhile. */
type Talking = Pick<Joiner, 'confirm' | 'reject' | 'cancel'>

/** From the first knock to the end. */
function talk(
  { clock, store, label, invitation, device, nonce, commitment, become, state }: Talk,
  open: (onMessage: (message: PairingMessage) => Promise<void>, onConnection: (connected: boolean) => void) => PairingLine,
): Talking {
  const me = asId<DeviceKey>(device.publicKey)
  let greeted: { readonly transcript: PairingTranscript; readonly reader: WelcomeReader } | null = null
  let confirmed = false
  let adopting = false
  let silentMs = 0
  let undecidedMs = 0
  let disconnectedMs = 0

  const line = open(receive, (connected) => {
    disconnectedMs = 0
    if (connected) void repeat()
  })
  const stopTicking = clock.every(repeatMs, tick)

  function repeat(): Promise<boolean> {
    // What lies here whole need not be sent again while the person here still compares.
    const whole = greeted !== null && !confirmed && greeted.reader.progress() === 1
    if (greeted && !whole) return line.say({ type: 'reveal', device: me, nonce })
    return line.say({ type: 'knock', commitment, label })
  }

  function tick(): void {
    if (adopting) return
    if (greeted && !confirmed) undecidedMs += repeatMs
    if (undecidedMs >= decisionPatienceMs) return refuse('expired')
    if (!line.isConnected()) {
      disconnectedMs += repeatMs
      if (disconnectedMs >= (greeted ? comparingPatienceMs : serverPatienceMs)) fail('no-server')
      return
    }
    silentMs += repeatMs
    if (silentMs < (greeted ? comparingPatienceMs : answerPatienceMs)) void repeat()
    else fail(clock.now() > invitation.expiresAt ? 'expired' : 'no-answer')
  }

  async function receive(message: PairingMessage): Promise<void> {
    if (state().kind === 'failed' || adopting) return
    if (message.type === 'greeting' && message.commitment === commitment) await heardGreeting(message)
    else if (message.type === 'welcome') await heardWelcome(message)
    else if (message.type === 'failed' && (message.commitment === null || message.commitment === commitment)) fail(message.reason)
  }

  async function heardGreeting(greeting: Extract<PairingMessage, { type: 'greeting' }>): Promise<void> {
    const { device: inviter, nonce: inviterNonce, kind, practice, member } = greeting
    if (greeted) {
      // Only the device whose code is on the screen counts, whoever else has the link.
      if (greeted.transcript.inviter === inviter && greeted.transcript.inviterNonce === inviterNonce) silentMs = 0
      return
    }
    const transcript: PairingTranscript = { inviter, inviterNonce, joiner: me, joinerNonce: nonce, kind, practice, member }
    const reader = await createWelcomeReader(transcript, device)
    if (!reader) return
    greeted = { transcript, reader }
    silentMs = 0
    const code = await pairingCode(invitation.secret, transcript)
    become({ kind: 'comparing', code, practice: plain(practice), member: plain(member), invitation: kind, confirmed })
    await repeat()
  }

  async function heardWelcome(part: Extract<PairingMessage, { type: 'welcome' }>): Promise<void> {
    if (!greeted || !(await greeted.reader.take(part))) return
    silentMs = 0
    await takeOver()
  }

  /** What came of the welcome waits in memory until the person here has confirmed: it may be another practice's. */
  async function takeOver(): Promise<void> {
    if (!greeted || !confirmed || adopting || state().kind === 'failed' || greeted.reader.progress() === 0) return
    become({ kind: 'receiving', progress: greeted.reader.progress() })
    const contents = greeted.reader.contents()
    if (contents === 'broken') return refuse('failed')
    if (contents === null) return
    await adopt(contents, greeted.transcript.kind)
  }

  async function adopt(contents: Parameters<PairingStore['adopt']>[0], kind: InvitationKind): Promise<void> {
    adopting = true
    const adopted = await store.adopt(contents, device, kind)
    if (!adopted.ok) {
      adopting = false
      return refuse(adopted.error === 'not-allowed' ? 'practice-here' : adopted.error === 'invalid' ? 'failed' : 'storage')
    }
    stopTicking()
    become({ kind: 'joined' })
    await line.say({ type: 'joined' })
    const stopRepeating = clock.every(repeatMs, () => void line.say({ type: 'joined' }))
    clock.after(lingerMs, () => {
      stopRepeating()
      line.leave()
    })
  }

  function fail(reason: JoinerFailure): void {
    stopTicking()
    store.forgetDevice(device)
    become({ kind: 'failed', reason })
    line.leave()
  }

  /** The other device waits for a word: it gets it before this one goes. */
  function refuse(reason: JoinerFailure): void {
    stopTicking()
    store.forgetDevice(device)
    become({ kind: 'failed', reason })
    const wire = reason === 'cancelled' || reason === 'declined' || reason === 'expired' ? reason : 'failed'
    void line.say({ type: 'failed', reason: wire, commitment }).then(() => line.leave())
  }

  return {
    confirm() {
      const now = state()
      if (now.kind !== 'comparing' || now.confirmed) return
      confirmed = true
      become({ ...now, confirmed })
      void takeOver()
    },
    reject() {
      if (state().kind === 'comparing') refuse('declined')
    },
    cancel() {
      // Once it is being stored, it is: the line stays a little for the other side's sake.
      if (!adopting && state().kind !== 'failed') refuse('cancelled')
    },
  }
}

/** Somebody else's text, without what hides or reorders characters. */
function plain(text: string): string {
  return text.replace(/\p{C}/gu, '')
}
