import { expect, it } from 'vitest'
import { asId, type AppointmentId, type CallId, type GuestKey, type PatientId } from '@alcove/shared/domain/ids'
import { holdSession, noSession, type Session, type SessionEvent } from '@alcove/shared/domain/session'
import { newVisit, resumeVisit, type Visit, type VisitEvent, visit } from '@alcove/shared/domain/visit'
import type { Arrival } from '@alcove/shared/domain/waiting-room'

/**
 * S42 exhaustively: both reducers, a server that only routes and may be lost, messages in flight, and every order in
 * which choices, deliveries, reloads, lost sockets and restarts of the server can follow each other.
 */
const guest = asId<GuestKey>('sam')
const ended = asId<CallId>('first')
const at = 1000

type Seat = { readonly phase: 'new' | 'waiting' | 'admitted' | 'known'; readonly knock: Knock | null; readonly here: boolean }
type Knock = Pick<Arrival, 'knock' | 'intent' | 'call'>
type ToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'knock'; readonly knock: Knock }
  | { readonly type: 'presence'; readonly presence: 'away' | 'back' }
type ToGuest =
  | { readonly type: 'ready'; readonly server: 'new' | 'waiting' | 'admitted' }
  | { readonly type: 'admitted'; readonly call: CallId; readonly knock: string }
  | { readonly type: 'offer'; readonly call: CallId }
  | { readonly type: 'dismissed' }

type World = {
  readonly host: Session
  readonly hostOnline: boolean
  readonly page: Visit
  readonly pageOnline: boolean
  /** Of the page's last knock. */
  readonly knock: string
  readonly knocks: number
  readonly calls: number
  readonly seat: Seat
  readonly toHost: readonly ToHost[]
  readonly toGuest: readonly ToGuest[]
  readonly chosen: { readonly host: boolean; readonly page: boolean }
  readonly disturbed: number
  readonly path: readonly string[]
}

function arrivalOf({ knock, intent, call }: Knock): Arrival {
  const owner = { kind: 'patient', patientId: asId<PatientId>('p'), recordName: 'Sam' } as const
  return { guest, knock, intent, call, instance: 'i', name: 'Sam', owner }
}

function endedWorld(): World {
  const appointmentId = asId<AppointmentId>('a')
  let host = holdSession(noSession, { type: 'start', call: ended, appointmentId, closesAt: 10_000, at }).state
  host = holdSession(host, { type: 'accept', arrival: arrivalOf({ knock: 'k0', intent: 'arrive', call: null }), at }).state
  host = holdSession(host, { type: 'end', at }).state
  let page = visit(newVisit, { type: 'join', at }).state
  page = visit(page, { type: 'admitted', call: ended, at }).state
  page = visit(page, { type: 'ended', call: ended }).state
  return {
    host,
    hostOnline: true,
    page,
    pageOnline: true,
    knock: 'k0',
    knocks: 0,
    calls: 0,
    seat: { phase: 'known', knock: { knock: 'k0', intent: 'arrive', call: null }, here: true },
    toHost: [],
    toGuest: [],
    chosen: { host: false, page: false },
    disturbed: 0,
    path: [],
  }
}

const newCall = (world: World) => asId<CallId>(`call ${world.calls}`)
const tellHost = (world: World, message: ToHost): World => (world.hostOnline ? { ...world, toHost: [...world.toHost, message] } : world)
const tellGuest = (world: World, message: ToGuest): World => (world.pageOnline ? { ...world, toGuest: [...world.toGuest, message] } : world)

function hostDecides(before: World, event: SessionEvent): World {
  const step = holdSession(before.host, event)
  let world: World = { ...before, host: step.state, calls: before.calls + 1 }
  for (const effect of step.effects) {
    const { seat } = world
    const session = step.state
    if (!world.hostOnline) continue
    if (effect.type === 'admit' && session.kind === 'running') {
      const member = session.members.find((m) => m.guest === guest)
      // The server holds a ticket against the knock that it has.
      if (!member || seat.knock?.knock !== member.knock || (seat.phase !== 'waiting' && seat.phase !== 'admitted')) continue
      world = tellGuest({ ...world, seat: { ...seat, phase: 'admitted' } }, { type: 'admitted', call: session.call, knock: member.knock })
    } else if (effect.type === 'dismiss') {
      world = tellGuest({ ...world, seat: { ...seat, phase: 'known' } }, { type: 'dismissed' })
    } else if (effect.type === 'offer-restart' && seat.phase !== 'new') {
      world = tellGuest(world, { type: 'offer', call: effect.call })
    }
  }
  return world
}

function pageDecides(before: World, event: VisitEvent): World {
  const step = visit(before.page, event)
  let world: World = { ...before, page: step.state }
  for (const effect of step.effects) {
    if (effect.type === 'knock') {
      if (!world.pageOnline) {
        world = { ...world, page: visit(world.page, { type: 'unsent' }).state }
        continue
      }
      const knock: Knock = { knock: `k${world.knocks + 1}`, ...effect.wish }
      const phase = world.seat.phase === 'admitted' ? 'admitted' : 'waiting'
      world = { ...world, knock: knock.knock, knocks: world.knocks + 1, seat: { phase, knock, here: true } }
      world = tellHost(world, { type: 'knock', knock })
    }
  }
  return world
}

function hostHears(world: World, message: ToHost): World {
  switch (message.type) {
    case 'knock':
      return hostDecides(world, { type: 'knock', arrival: arrivalOf(message.knock), present: true, newCall: newCall(world), at })
    case 'presence':
      return hostDecides(world, { type: 'presence', guest, presence: message.presence, newCall: newCall(world), at })
    case 'ready': {
      const { seat } = world
      const listed = seat.phase === 'waiting' || seat.phase === 'admitted'
      const present = listed && seat.here
      const next = hostDecides(world, { type: 'listed', guests: present ? [guest] : [], at })
      if (!listed || !seat.knock) return next
      return hostDecides(next, { type: 'knock', arrival: arrivalOf(seat.knock), present, newCall: newCall(next), at })
    }
  }
}

function pageHears(world: World, message: ToGuest): World {
  switch (message.type) {
    case 'ready':
      return pageDecides(world, { type: 'ready', server: message.server, at })
    case 'admitted':
      return message.knock === world.knock ? pageDecides(world, { type: 'admitted', call: message.call, at }) : world
    case 'offer':
      return pageDecides(world, { type: 'restart-offered', call: message.call })
    case 'dismissed':
      return pageDecides(world, { type: 'dismissed', linked: false })
  }
}

/** As the journal does it. */
function wakeHost(session: Session): Session {
  return session.kind === 'ended' ? { ...session, wanting: session.wanting.map((w) => ({ ...w, here: false })) } : session
}

const loseHost = (world: World): World => ({ ...world, hostOnline: false, toHost: [] })
function losePage(world: World): World {
  const away: World = { ...world, pageOnline: false, toGuest: [] }
  if (away.seat.phase === 'new') return away
  return tellHost({ ...away, seat: { ...away.seat, here: false } }, { type: 'presence', presence: 'away' })
}

type Move = { readonly name: string; readonly world: World; readonly disturbs?: boolean }

function moves(world: World): Move[] {
  const all: (Move | null)[] = [
    world.chosen.host
      ? null
      : {
          name: 'clinician chooses',
          world: hostDecides({ ...world, chosen: { ...world.chosen, host: true } }, { type: 'restart', newCall: newCall(world), at }),
        },
    world.chosen.page
      ? null
      : { name: 'patient chooses', world: pageDecides({ ...world, chosen: { ...world.chosen, page: true } }, { type: 'restart', at }) },
    world.toHost[0]
      ? { name: `clinician hears ${world.toHost[0].type}`, world: hostHears({ ...world, toHost: world.toHost.slice(1) }, world.toHost[0]) }
      : null,
    world.toGuest[0]
      ? {
          name: `patient hears ${world.toGuest[0].type}`,
          world: pageHears({ ...world, toGuest: world.toGuest.slice(1) }, world.toGuest[0]),
        }
      : null,
    world.hostOnline ? null : { name: 'clinician connects', world: tellHost({ ...world, hostOnline: true }, { type: 'ready' }) },
    world.pageOnline ? null : { name: 'patient connects', world: connectPage(world) },
    { name: 'clinician loses the socket', world: loseHost(world), disturbs: true },
    { name: 'patient loses the socket', world: losePage(world), disturbs: true },
    { name: 'clinician reloads', world: loseHost({ ...world, host: wakeHost(world.host) }), disturbs: true },
    { name: 'patient reloads', world: losePage({ ...world, page: resumeVisit(world.page.phase, null) }), disturbs: true },
    {
      name: 'the server restarts',
      world: { ...loseHost(world), pageOnline: false, toGuest: [], seat: { phase: 'new', knock: null, here: false } },
      disturbs: true,
    },
  ]
  return all.filter((move) => move !== null)
}

function connectPage(world: World): World {
  const { phase } = world.seat
  const server = phase === 'waiting' || phase === 'admitted' ? phase : 'new'
  const back: World = { ...world, pageOnline: true, seat: { ...world.seat, here: true } }
  return tellGuest(phase === 'new' ? back : tellHost(back, { type: 'presence', presence: 'back' }), { type: 'ready', server })
}

const isQuiet = (world: World) => world.hostOnline && world.pageOnline && world.toHost.length === 0 && world.toGuest.length === 0

function check(world: World): void {
  const told = () => world.path.join(' > ')
  const both = world.chosen.host && world.chosen.page
  const hostIn = world.host.kind === 'running'
  const pageIn = world.page.phase.kind === 'in-session'
  if (!both && (hostIn || pageIn)) expect.fail(`connected before both chose: ${told()}`)
  if (world.page.phase.kind === 'waiting' || world.page.phase.kind === 'declined') expect.fail(`became ${world.page.phase.kind}: ${told()}`)
  if (!isQuiet(world) || !both) return
  if (world.host.kind !== 'running' || world.page.phase.kind !== 'in-session') expect.fail(`not together in the end: ${told()}`)
  if (world.host.call !== world.page.phase.call) expect.fail(`in different calls: ${told()}`)
  if (!world.host.members.some((m) => m.guest === guest && m.socket === 'here')) expect.fail(`not a member who is there: ${told()}`)
}

/** What tells two worlds apart; how they came about and how ids are numbered does not. */
function shapeOf({ path: _, knocks: __, calls: ___, ...world }: World): string {
  const names = new Map<string, string>()
  return JSON.stringify(world).replace(/"(?:k\d+|call \d+)"/g, (id) => {
    const name = names.get(id) ?? `"#${names.size}"`
    names.set(id, name)
    return name
  })
}

it('S42 no order of choices, reloads, lost sockets and server restarts connects too early or never', () => {
  const seen = new Set<string>()
  let frontier = [endedWorld()]
  while (frontier.length > 0) {
    const next: World[] = []
    for (const world of frontier) {
      for (const move of moves(world)) {
        const disturbed = world.disturbed + (move.disturbs ? 1 : 0)
        if (disturbed > 4) continue
        const reached: World = { ...move.world, disturbed, path: [...world.path, move.name] }
        const shape = shapeOf(reached)
        if (seen.has(shape)) continue
        seen.add(shape)
        check(reached)
        next.push(reached)
      }
    }
    frontier = next
  }
  // The whole space was walked, not a corner of it.
  expect(seen.size).toBeGreaterThan(20_000)
})
