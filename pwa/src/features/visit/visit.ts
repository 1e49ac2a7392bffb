import { hashText, randomId } from '@alcove/shared/crypto/bytes'
import type { ParsedLink } from '@alcove/shared/crypto/link'
import { knockMac, openNote, sealKnock } from '@alcove/shared/crypto/seal'
import { displayName } from '@alcove/shared/domain/display-name'
import { type KnockWish, needsServer, newVisit, resumeVisit, type VisitEffect, type VisitEvent, visit } from '@alcove/shared/domain/visit'
import type { GuestToServerMessage, IceServer, ServerToGuestMessage } from '@alcove/shared/protocol/session-messages'
import type { GuestIdentity, Socket, SocketEvent, SocketState, Stop } from '../../ports.ts'
import { createHeldView } from '../session/held-view.ts'
import { createTurns } from '../session/in-turn.ts'
import { readVisit, type RememberedVisit } from './remembered-visit.ts'
import type { VisitCall } from './visit-call.ts'
import type { VisitDeps } from './visit-deps.ts'
import type { Visit, VisitPhase, VisitState } from './visit-state.ts'

/** Not needed before the waiting room is on the screen, and so not in the way there. */
const loadAdmission = () => import('@alcove/shared/crypto/admission')

/** The rest of the program is fetched once the waiting room is on the screen. */
const loadAfterMs = 300
/** Longer than an answer takes on a slow device. */
const answerWithinMs = 400
const knockAgainMs = 5000
const longHiddenMs = 10_000

/**
 * A patient's visit: connects when the patient joins, knocks, and carries out what the visit reducer decides. `fragment`
 * is the link as it stands in the address; a reload finds it, the name and the phase in this tab's memory.
 */
export function createVisit(deps: VisitDeps, link: ParsedLink, fragment: string): Visit {
  const { clock } = deps
  const { room, roomKey, secret, tag, card } = link
  const instance = randomId()
  const listeners = new Set<(state: VisitState) => void>()
  const inTurn = createTurns()
  const held = createHeldView(clock, () => changed())
  let drawLater = (): void => {}
  const remembered = readVisit(deps.memory)
  const before = remembered?.fragment === fragment ? remembered : null
  let model = before ? resumeVisit(before.phase, before.startAt) : newVisit
  let name = before?.name ?? ''
  /** Hash of the last knock: notes answer it, after a reload too. */
  let knock = before?.knock ?? null
  /** The same, if this page sent it: only then a ticket answers it. */
  let ownKnock: string | null = null
  let lastNoteAt: number | null = null
  let lastTicketAt: number | null = null
  let signaling: SocketState = { kind: 'connecting' }
  let offsetMs = 0
  let identity: GuestIdentity | null = null
  let socket: Socket<GuestToServerMessage> | null = null
  let connecting = false
  let call: VisitCall | null = null
  let loading: Promise<VisitCall> | null = null
  let forged = false
  let closed = false

  const stops: Stop[] = [deps.page.watchOnline((online) => online && lookAgain()), watchWaking()]
  let state = view()
  follow()

  // --- deciding ----------------------------------------------------------------------------------------------------

  function decide(event: VisitEvent): void {
    if (closed) return
    const was = model
    const step = visit(model, event)
    model = step.state
    for (const effect of step.effects) perform(effect)
    if (model !== was) changed()
    follow()
  }

  function perform(effect: VisitEffect): void {
    switch (effect.type) {
      case 'knock':
        return void inTurn(() => sendKnock(effect.wish))
      case 'leave-server':
        return void inTurn(() => socket?.send({ type: 'leave' }))
      case 'say-bye':
        return void inTurn(() => call?.sayBye())
      case 'close-call':
        return void inTurn(closeCall)
    }
  }

  /** Has a socket exactly while the phase wants one. */
  function follow(): void {
    const wanted = needsServer(model.phase) && !closed
    if (wanted && !socket && !connecting) {
      connecting = true
      void inTurn(connect)
    } else if (!wanted && socket) void inTurn(disconnect)
  }

  async function connect(): Promise<void> {
    identity ??= await deps.guestKeys.open(`${room}.${tag}`)
    connecting = false
    if (closed || socket || !needsServer(model.phase)) return
    socket = deps.signaling.guest(room, identity, listen)
  }

  function disconnect(): void {
    if (needsServer(model.phase)) return
    socket?.close()
    socket = null
  }

  async function sendKnock(wish: KnockWish): Promise<void> {
    // A ticket that was kept for this page has come meanwhile.
    if (model.knock === 'answered') return
    // What `ready` asks for later is another knock.
    if (!socket || !identity || signaling.kind !== 'open') return decide({ type: 'unsent' })
    const { guestKey } = identity
    const mac = await knockMac(secret, room, guestKey)
    const sealed = await sealKnock({ tag, mac, name, instance, ...wish }, { room, roomKey, guestKey })
    knock = ownKnock = await hashText(sealed)
    lastNoteAt = null
    remember()
    if (!socket?.send({ type: 'knock', sealed })) decide({ type: 'unsent' })
    else clock.after(loadAfterMs, () => void prepareCall())
  }

  // --- hearing -----------------------------------------------------------------------------------------------------

  function listen(event: SocketEvent<ServerToGuestMessage>): void {
    switch (event.type) {
      case 'state':
        signaling = event.state
        return changed()
      case 'clock':
        offsetMs = event.offsetMs
        return changed()
      case 'message':
        return void inTurn(() => receive(event.message))
    }
  }

  async function receive(message: ServerToGuestMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        decide({ type: 'ready', server: message.state, at: now() })
        return call?.checkPaths()
      case 'note':
        return receiveNote(message.sealed)
      case 'admitted':
        return receiveTicket(message.ticket, message.certificate, message.roster, message.iceServers)
      case 'roster':
        return call?.useRoster(message.roster)
      case 'relay':
        // While a newer knock is out, what is said under an older ticket cannot be read, and means nothing.
        return call?.receive(message.from, message.data, model.knock === 'sent')
      case 'ice-servers':
        return call?.setIceServers(message.iceServers)
      case 'ended':
        return receiveEnd(message.end, message.certificate)
      case 'dismissed':
        return decide({ type: 'dismissed', linked: call?.isLinked() ?? false })
      case 'error':
        if (message.code === 'room-full') decide({ type: 'room-full' })
        else if (message.code === 'rate-limited' && model.phase.kind !== 'in-session') knockLater()
    }
  }

  function knockLater(): void {
    decide({ type: 'unsent' })
    clock.after(knockAgainMs, () => signaling.kind === 'open' && decide({ type: 'ready', server: 'new', at: now() }))
  }

  async function receiveNote(sealed: string): Promise<void> {
    if (!identity || knock === null) return
    const { guestKey, pair: guestPair } = identity
    const opened = await openNote(sealed, { room, guestPair })
    if (!opened.ok) return
    const { note, certificate } = opened.value
    const { verifyNote } = await loadAdmission()
    const verified = await verifyNote(note, { room, roomKey, certificate, ...clocks(), guestKey, knock, after: lastNoteAt })
    if (!verified.ok) return
    const words = verified.value
    lastNoteAt = words.sentAt
    switch (words.kind) {
      case 'heard':
        return decide({ type: 'heard', startAt: words.startAt, at: now() })
      case 'early':
        return decide({ type: 'early', startAt: words.startAt, opensAt: words.opensAt })
      case 'restart-offered':
        return decide({ type: 'restart-offered', call: words.call })
      default:
        return decide({ type: 'told', what: words.kind })
    }
  }

  async function receiveTicket(
    signed: string,
    certificate: string,
    roster: string | null,
    iceServers: readonly IceServer[],
  ): Promise<void> {
    if (!identity || ownKnock === null) return
    const { guestKey } = identity
    const anchor = { room, roomKey, certificate }
    const expected = { ...anchor, ...clocks(), guestKey, knock: ownKnock, after: lastTicketAt }
    const admission = await loadAdmission().catch(() => null)
    if (!admission) return knockLater()
    const verified = await admission.verifyTicket(signed, expected)
    // An old ticket is none; one that never was one is somebody's work.
    if (!verified.ok) {
      if (verified.error !== 'stale' && verified.error !== 'other-knock') suspect()
      return
    }
    // Notes from before the ticket were about the waiting room.
    lastNoteAt = lastTicketAt = verified.value.issuedAt
    if (model.phase.kind !== 'in-session') drawLater = held.hold(answerWithinMs)
    decide({ type: 'admitted', call: verified.value.call, at: now() })
    if (model.phase.kind !== 'in-session') return
    call = await loadCall().catch(() => null)
    if (!call) {
      // Offline for a moment: another ticket, another try.
      loading = null
      return knockLater()
    }
    await call.enter({ ...verified.value, signed, certificate }, iceServers)
    if (roster !== null) await call.useRoster(roster)
    changed()
  }

  async function receiveEnd(end: string, certificate: string): Promise<void> {
    if (model.phase.kind !== 'in-session') return
    const running = model.phase.call
    const { verifyEnd } = await loadAdmission()
    const verified = await verifyEnd(end, { room, roomKey, certificate, ...clocks(), call: running })
    if (verified.ok) decide({ type: 'ended', call: verified.value.call })
    else if (verified.error !== 'other-call') suspect()
  }

  function suspect(): void {
    forged = true
    changed()
  }

  // --- the call ----------------------------------------------------------------------------------------------------

  function loadCall(): Promise<VisitCall> {
    loading ??= Promise.all([import('./visit-call.ts'), deps.loadPeerLinks()]).then(([{ createVisitCall }, peerLinks]) => {
      if (!identity) throw new Error('A call without a guest key')
      return createVisitCall({
        ...deps,
        peerLinks,
        link,
        identity,
        instance,
        now,
        name: () => name,
        canRelay: () => signaling.kind === 'open',
        relay: (to, data) => void socket?.send({ type: 'relay', to, data }),
        onChange: changed,
        onAnswered: () => drawLater(),
        onEnd: (end, certificate) => void inTurn(() => receiveEnd(end, certificate)),
      })
    })
    return loading
  }

  async function prepareCall(): Promise<void> {
    const { kind } = model.phase
    if (closed || (kind !== 'waiting' && kind !== 'early' && kind !== 'ended' && kind !== 'in-session')) return
    // Offline it is tried again when it is needed.
    const loaded = await loadCall().catch(() => {
      loading = null
    })
    loaded?.prepare()
  }

  function closeCall(): void {
    if (model.phase.kind === 'in-session') return
    call?.close()
    call = null
    loading = null
    forged = false
  }

  // --- keeping -----------------------------------------------------------------------------------------------------

  function changed(): void {
    if (closed) return
    state = view()
    remember()
    if (held.isHeld()) return
    for (const listener of [...listeners]) listener(state)
  }

  function remember(): void {
    if (model.phase.kind === 'welcome') return
    const { phase, startAt } = model
    const kept: RememberedVisit = { fragment, name, phase, startAt, knock }
    deps.memory.write(JSON.stringify(kept))
  }

  function view(): VisitState {
    const hint = card.startMinutes === null ? null : card.startMinutes * 60_000
    return { card, startAt: model.startAt ?? hint, signaling, clockOffsetMs: offsetMs, phase: viewPhase() }
  }

  function viewPhase(): VisitPhase {
    const { phase } = model
    switch (phase.kind) {
      case 'in-session': {
        const seen = call?.view() ?? { people: [], group: false, clinicianGone: false, tampered: false }
        return { kind: 'in-session', startedAt: phase.startedAt, ...seen, tampered: seen.tampered || forged }
      }
      case 'ended': {
        const { kind, iWantRestart, clinicianWantsRestart } = phase
        return { kind, iWantRestart, clinicianWantsRestart }
      }
      default:
        return phase
    }
  }

  function now(): number {
    return Math.round(clock.now() + offsetMs)
  }

  /** The server's clock decides about minutes, this device's own about months. */
  function clocks() {
    return { now: now(), ownNow: clock.now() }
  }

  function lookAgain(): void {
    socket?.reconnectNow()
    call?.checkPaths()
  }

  function watchWaking(): Stop {
    let hiddenAt: number | null = null
    return deps.page.watchVisibility((hidden) => {
      if (!hidden && hiddenAt !== null && clock.now() - hiddenAt > longHiddenMs) lookAgain()
      hiddenAt = hidden ? clock.now() : null
    })
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    join(typed) {
      name = displayName(typed) ?? ''
      decide({ type: 'join', at: now() })
    },
    leave: () => decide({ type: 'leave', group: call?.view().group ?? false }),
    restart: () => decide({ type: 'restart', at: now() }),
    setName(typed) {
      name = displayName(typed) ?? ''
      call?.nameChanged()
      remember()
    },
    reconnectNow: () => socket?.reconnectNow(),
    close() {
      closed = true
      for (const stop of stops) stop()
      call?.close()
      socket?.close()
    },
  }
}
