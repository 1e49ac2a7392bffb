/**
 * What the hub must do, said as plainly as possible and without sockets, signatures or waiting: the model that the
 * property test compares the real hub with. Guests and devices are small numbers, calls and knocks plain strings.
 */
export type ModelTicket = {
  readonly signer: string
  readonly guest: number
  readonly call: string
  readonly knock: string
  readonly issuedAt: number
}
export type ModelRoster = {
  readonly signer: string
  readonly call: string
  readonly sequence: number
  readonly entries: readonly { readonly guest: number; readonly knock: string }[]
}
export type ModelEnd = { readonly signer: string; readonly call: string }

/** What must reach somebody now. Whatever is not listed and not harmless must not. */
export type Delivery = { readonly to: string; readonly what: string }

type Guest = {
  state: 'none' | 'new' | 'waiting' | 'member' | 'known'
  connected: boolean
  lostAt: number
  knock: string
  call: string
  answered: string
  missed: { readonly isNote: boolean; readonly what: string }[]
}
type Host = { seated: boolean; connected: boolean; lostAt: number }
type Call = {
  owner: string
  former: string | null
  lastIssuedAt: number
  roster: { sequence: number; signed: string; by: string; knocks: Map<number, string> } | null
}

const graceMs = 20_000
const skewMs = 120_000
const ticketMs = 60_000

export function createHubModel(guestCount: number, devices: readonly string[], startAt: number) {
  let now = startAt
  let guests: Guest[] = []
  let hosts = new Map<string, Host>()
  let calls = new Map<string, Call>()
  let ended = new Set<string>()
  restart()

  function restart(): void {
    guests = Array.from({ length: guestCount }, () => ({
      state: 'none',
      connected: false,
      lostAt: 0,
      knock: '',
      call: '',
      answered: '',
      missed: [],
    }))
    hosts = new Map(devices.map((device) => [device, { seated: false, connected: false, lostAt: 0 }]))
    calls = new Map()
    ended = new Set()
  }

  const guestAt = (index: number): Guest => {
    const guest = guests[index]
    if (!guest) throw new Error(`No guest ${index}`)
    return guest
  }
  const hostOf = (device: string): Host => hosts.get(device) ?? { seated: false, connected: false, lostAt: 0 }
  const members = (call: string) => guests.filter((guest) => guest.state === 'member' && guest.call === call)
  const isOpen = (guest: Guest) => guest.state === 'member' && guest.answered === guest.knock
  const name = (guest: Guest) => `guest ${guests.indexOf(guest)}`

  function tidy(): void {
    for (const [id, call] of calls) if (!hostOf(call.owner).seated && members(id).length === 0) calls.delete(id)
    // A room in which nobody has a seat is forgotten with all its ends.
    if (guests.every(({ state }) => state === 'none') && [...hosts.values()].every(({ seated }) => !seated)) ended = new Set()
  }

  function tell(guest: Guest, what: string, isNote = false): Delivery[] {
    if (guest.connected) return [{ to: name(guest), what }]
    guest.missed = [...guest.missed.filter((kept) => kept.isNote !== isNote), { isNote, what }]
    return []
  }

  return {
    restart,
    isHostConnected: (device: string) => hostOf(device).connected,
    isGuestConnected: (index: number) => guestAt(index).connected,
    knockOf: (index: number) => guestAt(index).knock,

    advance(ms: number): void {
      now += ms
      for (const guest of guests) if (!guest.connected && guest.state !== 'none' && guest.lostAt + graceMs <= now) guest.state = 'none'
      for (const host of hosts.values()) if (host.seated && !host.connected && host.lostAt + graceMs <= now) host.seated = false
      tidy()
    },

    connectGuest(index: number): Delivery[] {
      const guest = guestAt(index)
      if (guest.state === 'none') Object.assign(guest, { state: 'new', missed: [] })
      guest.connected = true
      const missed = guest.missed.map(({ what }) => what)
      guest.missed = []
      const call = isOpen(guest) ? calls.get(guest.call) : undefined
      const roster = call?.roster?.by === call?.owner ? call?.roster?.signed : undefined
      const state = guest.state === 'member' ? 'admitted' : guest.state === 'waiting' ? 'waiting' : 'new'
      return [`ready ${state}`, ...missed, ...(roster === undefined ? [] : [`roster ${roster}`])].map((what) => ({ to: name(guest), what }))
    },
    loseGuest(index: number): void {
      const guest = guestAt(index)
      guest.connected = false
      guest.lostAt = now
      if (guest.state === 'new') guest.state = 'none'
      tidy()
    },
    knock(index: number, knock: string): void {
      const guest = guestAt(index)
      guest.knock = knock
      guest.missed = []
      if (guest.state !== 'member') guest.state = 'waiting'
    },
    leave(index: number): void {
      const guest = guestAt(index)
      guest.state = 'new'
      guest.missed = []
      tidy()
    },

    connectHost(device: string): void {
      Object.assign(hostOf(device), { seated: true, connected: true })
    },
    loseHost(device: string): void {
      Object.assign(hostOf(device), { connected: false, lostAt: now })
    },

    admit(device: string, to: number, ticket: ModelTicket, signed: string): Delivery[] {
      const guest = guestAt(to)
      const call = calls.get(ticket.call)
      const isOrphan = guest.state === 'member' && !hostOf(calls.get(guest.call)?.owner ?? '').seated
      const allowed =
        ticket.signer === device &&
        ticket.guest === to &&
        (guest.state === 'waiting' || (guest.state === 'member' && (guest.call === ticket.call || isOrphan))) &&
        ticket.knock === guest.knock &&
        now <= ticket.issuedAt + ticketMs + skewMs &&
        ticket.issuedAt <= now + skewMs &&
        !ended.has(ticket.call) &&
        (call === undefined || (call.owner === device && ticket.issuedAt > call.lastIssuedAt)) &&
        members(ticket.call).filter((member) => member !== guest).length < 3
      if (!allowed) return []
      if (call === undefined) {
        for (const [id, older] of calls) if (older.owner === device && members(id).length === 0) calls.delete(id)
      }
      const own: Call = call ?? { owner: device, former: null, lastIssuedAt: 0, roster: null }
      own.lastIssuedAt = ticket.issuedAt
      calls.set(ticket.call, own)
      Object.assign(guest, { state: 'member', call: ticket.call, answered: ticket.knock })
      const roster = own.roster?.by === device && own.roster.knocks.get(to) === ticket.knock ? own.roster.signed : null
      return tell(guest, `admitted ${signed} ${roster}`)
    },
    roster(device: string, roster: ModelRoster, signed: string): Delivery[] {
      const call = calls.get(roster.call)
      if (roster.signer !== device || call?.owner !== device || roster.sequence <= (call.roster?.sequence ?? -1)) return []
      call.roster = {
        sequence: roster.sequence,
        signed,
        by: device,
        knocks: new Map(roster.entries.map(({ guest, knock }) => [guest, knock])),
      }
      return members(roster.call)
        .filter((guest) => isOpen(guest) && guest.connected)
        .map((guest) => ({ to: name(guest), what: `roster ${signed}` }))
    },
    handOver(device: string, heir: string, id: string): Delivery[] {
      const call = calls.get(id)
      if (call === undefined || !hostOf(heir).connected) return []
      const gives = call.owner === device && heir !== device
      const takesBack = call.owner !== device && heir === device && call.former === device
      if (!gives && !takesBack) return []
      call.owner = heir
      call.former = gives ? device : null
      const inside = members(id).map((guest) => guests.indexOf(guest))
      const told = [{ to: heir, what: `handed-over ${id} ${inside}` }]
      return gives ? [...told, { to: device, what: `handed-over ${id} ` }] : told
    },
    end(device: string, end: ModelEnd, signed: string): Delivery[] {
      const call = calls.get(end.call)
      if (end.signer !== device || (call !== undefined && call.owner !== device) || ended.has(end.call)) return []
      ended.add(end.call)
      calls.delete(end.call)
      return members(end.call).flatMap((guest) => {
        guest.state = 'known'
        return tell(guest, `ended ${signed}`)
      })
    },
    dismiss(device: string, to: number): Delivery[] {
      const guest = guestAt(to)
      const owner = guest.state === 'member' ? calls.get(guest.call)?.owner : undefined
      if (guest.state !== 'waiting' && guest.state !== 'member') return []
      if (owner !== undefined && hostOf(owner).seated && owner !== device) return []
      guest.state = 'known'
      const told = tell(guest, 'dismissed')
      tidy()
      return told
    },
    note(device: string, to: number, sealed: string): Delivery[] {
      const guest = guestAt(to)
      const owner = guest.state === 'member' ? calls.get(guest.call)?.owner : undefined
      const isOthers = owner !== undefined && hostOf(owner).seated && owner !== device
      return guest.state === 'none' || guest.state === 'new' || isOthers ? [] : tell(guest, `note ${sealed}`, true)
    },
    relayFromHost(device: string, to: number, data: string): Delivery[] {
      const guest = guestAt(to)
      const passes = isOpen(guest) && calls.get(guest.call)?.owner === device && guest.connected
      return passes ? [{ to: name(guest), what: `relay host ${data}` }] : []
    },
    relayFromGuest(from: number, to: number | 'host', data: string): Delivery[] {
      const guest = guestAt(from)
      const call = isOpen(guest) ? calls.get(guest.call) : undefined
      if (call === undefined) return []
      const what = `relay guest ${from} ${data}`
      if (to === 'host') return hostOf(call.owner).connected ? [{ to: call.owner, what }] : []
      const peer = guestAt(to)
      const inRoster = (one: Guest) => call.roster?.knocks.get(guests.indexOf(one)) === one.answered
      const passes = peer !== guest && isOpen(peer) && peer.call === guest.call && inRoster(guest) && inRoster(peer) && peer.connected
      return passes ? [{ to: name(peer), what }] : []
    },
  }
}

export type HubModel = ReturnType<typeof createHubModel>
