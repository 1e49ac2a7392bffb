import { hashText } from '@alcove/shared/crypto/bytes'
import { displayName } from '@alcove/shared/domain/display-name'
import { eligibility, startWindow } from '@alcove/shared/domain/eligibility'
import type { GuestKey, PatientId } from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import { err, ok } from '@alcove/shared/domain/result'
import {
  holdSession,
  isFull,
  noSession,
  presentMembers,
  restartableCall,
  type Session,
  type SessionEvent,
} from '@alcove/shared/domain/session'
import {
  type Arrival,
  arrivalOf,
  emptyWaitingRoom,
  placeOf,
  type WaitingRoom,
  type WaitingRoomEvent,
  waitIn,
} from '@alcove/shared/domain/waiting-room'
import type { GuestListing, ServerToHostMessage } from '@alcove/shared/protocol/session-messages'
import type { HostIdentity, PracticeState, Stop } from '../../ports.ts'
import { callOf, newCall } from './call-id.ts'
import { createHeldView } from './held-view.ts'
import { createTurns } from './in-turn.ts'
import { createRoomAppointments } from './room-appointments.ts'
import { createRoomCalls, type RoomCalls } from './room-calls.ts'
import { createRoomClerk, type RoomClerk } from './room-clerk.ts'
import type { ClinicianRoomDeps } from './room-deps.ts'
import { readRoom, writeRoom } from './room-journal.ts'
import { readKnock } from './room-knocks.ts'
import { createRoomLine } from './room-line.ts'
import { createRoomLinks } from './room-links.ts'
import { takeRoomLock } from './room-lock.ts'
import { createRoomPeers } from './room-peers.ts'
import type { ClinicianRoom, ClinicianRoomState } from './room-state.ts'
import { createSpentKnocks } from './room-spent.ts'
import { viewRoom } from './room-view.ts'
import { createSaver } from './saver.ts'
import { watchWaking } from './watch-waking.ts'

const tickMs = 1000
const beginPollMs = 50
/** A click has to show within this time, however far away the guest is. */
const answerWithinMs = 150
const renewMs = 6 * 60 * 60 * 1000

/**
 * The clinician's waiting room and session: always on, whatever page is shown. Decisions are the reducers'
 * (shared/domain waiting-room and session); this runs what they decide and keeps a journal of where they are.
 */
export function createClinicianRoom(deps: ClinicianRoomDeps): ClinicianRoom {
  const { clock } = deps
  const listeners = new Set<(state: ClinicianRoomState) => void>()
  const inTurn = createTurns()
  const links = createRoomLinks()
  const inherited = new Set<GuestKey>()
  const held = createHeldView(clock, () => changed())
  let drawLater = (): void => {}
  const spent = createSpentKnocks()
  const save = createSaver(write)
  const stops: Stop[] = []
  let waiting: WaitingRoom = emptyWaitingRoom
  let session: Session = noSession
  let running: { readonly identity: HostIdentity; readonly clerk: RoomClerk; readonly calls: RoomCalls } | null = null
  let practice: PracticeState | null = null
  let patients: readonly Patient[] = []
  let givenName = deps.name
  let tampered = false
  let elsewhere = false
  let beginning = true
  let closed = false

  const line = createRoomLine({
    signaling: deps.signaling,
    preferences: deps.preferences,
    onChange: () => changed(),
    onMessage: receive,
    onIceServers: (servers) => peers.setIceServers(servers),
  })
  const peers = createRoomPeers({
    clock,
    peerLinks: deps.peerLinks,
    media: () => deps.localMedia.state(),
    canRelay: () => line.isOpen(),
    relay: (to, data) => void line.send({ type: 'relay', to, data }),
    onChange: linkChanged,
    onWord: (guest, word) => word.type === 'bye' && decide({ type: 'bye', guest, at: now() }),
    onAnswered: () => drawLater(),
    onTampered() {
      tampered = true
      changed()
    },
  })
  const appointments = createRoomAppointments(
    clock,
    deps.schedule,
    () => practice?.me.id ?? null,
    () => void inTurn(readAppointments),
  )
  let state = view()

  stops.push(
    deps.practice.watch((next) => {
      practice = next
      peers.setName(name())
      void inTurn(updateLinks)
    }),
    deps.patients.watch((next) => {
      patients = next
      void inTurn(updateLinks)
    }),
    deps.localMedia.subscribe(() => peers.mediaChanged()),
    clock.every(tickMs, tick),
    clock.every(renewMs, () => void inTurn(renew)),
    deps.page.watchOnline((online) => online && lookAgain()),
    watchWaking(deps.page, clock, lookAgain),
    appointments.close,
  )
  void inTurn(begin).then(() => {
    beginning = false
  })

  // --- beginning ---------------------------------------------------------------------------------------------------

  async function begin(): Promise<void> {
    const release = await takeRoomLock(
      deps,
      () => closed,
      () => setElsewhere(true),
    )
    if (!release) return
    stops.push(release)
    setElsewhere(false)
    const identity = await deps.vault.hostIdentity()
    if (!identity || closed) return
    const record = await readRoom(deps.journal, now())
    if (closed) return
    session = record.session
    waiting = record.waiting
    spent.restore(record.spent)
    if (session.kind === 'running') for (const { guest } of session.members) inherited.add(guest)
    const clerk = createRoomClerk(identity, now, record.lastStamp)
    const certificate = () => running?.identity.certificate ?? identity.certificate
    running = { identity, clerk, calls: createRoomCalls({ clock, clerk, certificate, line, peers, session: () => session, inherited }) }
    changed()
    line.connect(identity)
  }

  function setElsewhere(next: boolean): void {
    elsewhere = next
    changed()
  }

  /** The vault renews the device's certificate in time; the server has to see the new one. */
  async function renew(): Promise<void> {
    const identity = await deps.vault.hostIdentity()
    if (!identity || !running || identity.certificate === running.identity.certificate) return
    running = { ...running, identity }
    line.connect(identity)
  }

  async function updateLinks(): Promise<void> {
    const linkKey = practice && (await deps.vault.linkKey(practice.me.id))
    if (linkKey && practice) links.update(linkKey, practice.me, patients)
  }

  // --- deciding ----------------------------------------------------------------------------------------------------

  function decide(event: SessionEvent): void {
    const before = session
    const step = holdSession(session, event)
    session = step.state
    for (const effect of step.effects) {
      if (effect.type === 'queue') queue(effect)
      else if (effect.type === 'unqueue') wait({ type: 'settled', guest: effect.guest, at: now() })
      else running?.calls.run(effect)
    }
    if (session === before) return
    if (callOf(session) !== callOf(before)) tampered = false
    const appointmentId = session.kind === 'running' ? session.appointmentId : null
    const restartable = restartableCall(session)
    if (appointmentId !== waiting.running || restartable !== waiting.restartable) {
      wait({ type: 'context', running: appointmentId, restartable, at: now() })
    }
    if (session.kind === 'running') peers.setPeople(presentMembers(session).length + 1)
    changed()
  }

  function wait(event: WaitingRoomEvent): void {
    const before = waiting
    const step = waitIn(waiting, event)
    waiting = step.state
    for (const effect of step.effects) {
      const person = waiting.people.find((one) => one.guest === effect.guest)
      if (!person) continue
      if (effect.type === 'tell-heard') running?.calls.note(person, { kind: 'heard', startAt: effect.startAt })
      else running?.calls.note(person, { kind: 'early', startAt: effect.startAt, opensAt: effect.opensAt })
    }
    if (waiting !== before) changed()
  }

  const known = new Map<PatientId, Awaited<ReturnType<typeof appointments.of>>>()

  function queue({ arrival, present }: { readonly arrival: Arrival; readonly present: boolean }): void {
    const { owner } = arrival
    const theirs = owner.kind === 'patient' ? (known.get(owner.patientId) ?? []) : []
    wait({ type: 'arrived', arrival, appointments: theirs, present, at: now() })
  }

  async function readAppointments(): Promise<void> {
    const owners = new Set(waiting.people.flatMap(({ owner }) => (owner.kind === 'patient' ? [owner.patientId] : [])))
    for (const patientId of owners) {
      const theirs = await appointments.of(patientId)
      known.set(patientId, theirs)
      wait({ type: 'appointments', patientId, appointments: theirs, at: now() })
    }
  }

  function tick(): void {
    // Nobody can be missed while nobody can be seen.
    if (!line.isOpen()) return
    wait({ type: 'tick', at: now() })
    decide({ type: 'tick', at: now() })
    peers.prepare(session.kind === 'running' && !isFull(session) && waiting.people.length > 0)
  }

  // --- hearing -----------------------------------------------------------------------------------------------------

  function receive(message: ServerToHostMessage): void {
    switch (message.type) {
      case 'ready':
        return void inTurn(() => ready(message.guests))
      case 'knock':
        return void inTurn(() => knocked(message.guest, message.sealed, true))
      case 'presence':
        return void inTurn(() => presence(message.guest, message.presence))
      case 'relay':
        return message.from === 'host' ? undefined : peers.receive(message.from, message.data)
    }
  }

  /** A new connection, perhaps to a server that has forgotten everybody. */
  async function ready(listings: readonly GuestListing[]): Promise<void> {
    running?.calls.catchUp()
    const present = listings.filter((listing) => listing.present).map((listing) => listing.guest)
    wait({ type: 'listed', guests: present, at: now() })
    decide({ type: 'listed', guests: present, at: now() })
    for (const { guest, state: place, sealed, present: isHere, call } of listings) {
      const member = session.kind === 'running' && place === 'admitted' && call === session.call
      if (place === 'admitted' && !member) {
        // Ours, and over: its end was lost with the connection.
        if (call !== null) running?.calls.run({ type: 'end-call', call, guests: [] })
      } else if (!member || !running?.calls.isConnected(guest, await hashText(sealed))) {
        await knocked(guest, sealed, isHere)
      }
    }
    peers.checkPaths()
  }

  async function knocked(guest: GuestKey, sealed: string, present: boolean): Promise<void> {
    if (!running) return
    const { identity, calls } = running
    const opened = await readKnock(sealed, guest, identity, links)
    if (opened.kind === 'nothing') return
    if (opened.kind === 'replaced') {
      calls.note({ guest, knock: opened.knock }, { kind: 'replaced' })
      return calls.dismiss(guest)
    }
    const { arrival, secret } = opened
    if (spent.has(arrival.knock)) return spent.isLive(guest) ? undefined : calls.dismiss(guest)
    calls.learnSecret(guest, secret)
    if (arrival.owner.kind === 'patient') known.set(arrival.owner.patientId, await appointments.of(arrival.owner.patientId))
    decide({ type: 'knock', arrival, present, newCall: newCall(), at: now() })
  }

  function presence(guest: GuestKey, word: 'away' | 'back' | 'left'): void {
    wait({ type: 'presence', guest, presence: word, at: now() })
    decide({ type: 'presence', guest, presence: word, newCall: newCall(), at: now() })
    const member = session.kind === 'running' ? session.members.find((m) => m.guest === guest) : undefined
    // Its ticket may have been lost with its socket.
    const isIn = member && running?.calls.isConnected(guest, member.knock) && peers.isAnswered(guest)
    if (word === 'back' && member && !isIn) running?.calls.run({ type: 'admit', guest })
  }

  function linkChanged(guest: GuestKey): void {
    const member = session.kind === 'running' ? session.members.find((m) => m.guest === guest) : undefined
    const connected = peers.view(guest)?.connection === 'connected'
    if (member && member.linked !== connected) decide({ type: 'link', guest, connected, at: now() })
    else changed()
  }

  // --- keeping -----------------------------------------------------------------------------------------------------

  function changed(): void {
    if (closed) return
    spent.follow(waiting, session)
    state = view()
    if (!held.isHeld()) for (const listener of [...listeners]) listener(state)
    save()
  }

  async function write(): Promise<void> {
    if (closed || !running) return
    const record = { session, waiting, spent: spent.list(), lastStamp: running.clerk.lastStamp() }
    // Keeping on matters more than remembering: without storage a reload rings again, and nothing else is lost.
    await writeRoom(deps.journal, record).catch(() => undefined)
  }

  function view(): ClinicianRoomState {
    const peer = (guest: GuestKey) => peers.view(guest)
    const clockOffsetMs = line.offsetMs()
    const at = clock.now() + clockOffsetMs
    const facts = { waiting, session, tampered, elsewhere, peer, at, clockOffsetMs }
    return viewRoom({ ...facts, signaling: line.state(), enrolment: line.enrolment() })
  }

  function now(): number {
    return Math.round(clock.now() + line.offsetMs())
  }

  function name(): string {
    return givenName ?? practice?.me.name ?? ''
  }

  function lookAgain(): void {
    line.reconnectNow()
    peers.checkPaths()
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async start(appointment) {
      while (beginning && !elsewhere) await new Promise<void>((resolve) => clock.after(beginPollMs, resolve))
      if (elsewhere || !running) return err('elsewhere')
      if (session.kind === 'running') return session.appointmentId === appointment.id ? ok(undefined) : err('session-running')
      if (!practice || !eligibility({ saved: appointment, ...practice, now: now() }).eligible) return err('not-eligible')
      const { closesAt } = startWindow(appointment.startAt)
      decide({ type: 'start', call: newCall(), appointmentId: appointment.id, closesAt, at: now() })
      peers.prepare(waiting.people.length > 0)
      return ok(undefined)
    },
    async accept(guest, options) {
      if (session.kind !== 'running') return err({ kind: 'no-session' })
      const person = waiting.people.find((one) => one.guest === guest)
      if (!person || person.presence.kind === 'away') return err({ kind: 'gone' })
      if (!line.isOpen()) return err({ kind: 'offline' })
      if (isFull(session)) {
        running?.calls.note(person, { kind: 'full' })
        return err({ kind: 'full' })
      }
      const entry = state.waiting.find((one) => one.guest === guest)
      const { belongsHere } = placeOf(person, session.appointmentId, now())
      if (!belongsHere && !options?.confirmed && entry) return err({ kind: 'other-appointment', entry })
      drawLater = held.hold(answerWithinMs)
      decide({ type: 'accept', arrival: arrivalOf(person), at: now() })
      return ok(undefined)
    },
    decline(guest) {
      const person = waiting.people.find((one) => one.guest === guest)
      if (!person) return
      running?.calls.note(person, { kind: 'declined' })
      running?.calls.dismiss(guest)
      wait({ type: 'settled', guest, at: now() })
      decide({ type: 'presence', guest, presence: 'left', newCall: newCall(), at: now() })
    },
    askForAMoment(guest) {
      const person = waiting.people.find((one) => one.guest === guest)
      if (person) running?.calls.note(person, { kind: 'moment' })
    },
    dismissAnnouncement: () => wait({ type: 'announcement-dismissed', at: now() }),
    seenOthers: () => wait({ type: 'others-seen', at: now() }),
    remove: (guest) => decide({ type: 'remove', guest, at: now() }),
    end() {
      decide({ type: 'end', at: now() })
      peers.prepare(false)
    },
    restart: () => decide({ type: 'restart', newCall: newCall(), at: now() }),
    setName(next) {
      givenName = displayName(next)
      peers.setName(name())
    },
    reconnectNow: () => line.reconnectNow(),
    enrol: (code) => line.enrol(code),
    close() {
      closed = true
      for (const stop of stops) stop()
      peers.closeAll()
      line.close()
    },
  }
}
