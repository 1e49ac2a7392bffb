import { verifyRoster } from '@alcove/shared/crypto/admission'
import type { ParsedLink } from '@alcove/shared/crypto/link'
import { createGuestChannel, createHostChannel } from '@alcove/shared/crypto/pair-channel'
import { videoHeightLimit } from '@alcove/shared/call/quality'
import type { CallId, GuestKey } from '@alcove/shared/domain/ids'
import type { RosterContents } from '@alcove/shared/protocol/peer-messages'
import type { IceServer } from '@alcove/shared/protocol/session-messages'
import type { Clock, GuestIdentity, PeerLinks, Stop } from '../../ports.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import { noTracks, ownStatus, ownTracks } from '../session/own-media.ts'
import { createPeer, type Peer, type PeerWord } from '../session/peer.ts'
import type { RemotePerson } from '../session/room-state.ts'
import { viewPerson } from '../session/room-view.ts'

export type VisitCallDeps = {
  readonly clock: Clock
  readonly peerLinks: PeerLinks
  readonly localMedia: Pick<LocalMedia, 'state' | 'subscribe'>
  readonly link: ParsedLink
  readonly identity: GuestIdentity
  readonly instance: string
  /** Epoch ms by the server's clock. */
  readonly now: () => number
  readonly name: () => string
  readonly canRelay: () => boolean
  readonly relay: (to: 'host' | GuestKey, data: string) => void
  readonly onChange: () => void
  /** The clinician's offer is answered. */
  readonly onAnswered: () => void
  /** A signed end that came over the clinician's line; still to be verified. */
  readonly onEnd: (end: string, certificate: string) => void
}

/** A verified ticket, as it was signed, and the knock that it answers. */
export type Admission = {
  readonly call: CallId
  readonly hostKey: string
  readonly signed: string
  readonly certificate: string
  readonly knock: string
}

/** The patient's side of a call: the clinician, and the other guests of the newest roster. */
export type VisitCall = {
  view(): {
    readonly people: readonly RemotePerson[]
    readonly group: boolean
    readonly clinicianGone: boolean
    readonly tampered: boolean
  }
  /** Readies a connection while waiting; nothing is sent. */
  prepare(): void
  enter(admission: Admission, iceServers: readonly IceServer[]): Promise<void>
  useRoster(signed: string): Promise<void>
  /** `mayBeLeftover`: it may belong to a ticket that this page has given up. */
  receive(from: 'host' | GuestKey, data: string, mayBeLeftover: boolean): Promise<void>
  /** Whether the clinician's connection stands. */
  isLinked(): boolean
  sayBye(): Promise<void>
  nameChanged(): void
  setIceServers(servers: readonly IceServer[]): void
  checkPaths(): void
  close(): void
}

/** Patients are never alone together: media between them stops when the clinician has been gone for this long. */
export const clinicianGoneMs = 20_000

type Entry = RosterContents['guests'][number]
type GuestLine = { readonly peer: Peer; readonly entry: Entry; readonly myKnock: string }

export function createVisitCall(deps: VisitCallDeps): VisitCall {
  const { clock, identity, link } = deps
  const { guestKey, pair: mine } = identity
  const guests = new Map<GuestKey, GuestLine>()
  let host: Peer | null = null
  let admission: Admission | null = null
  let iceServers: readonly IceServer[] = []
  let roster: RosterContents | null = null
  let wasLinked = false
  /** The clinician is there, or has been a moment ago. */
  let flowing = false
  let stopGoneTimer: Stop | null = null
  let tampered = false
  let closed = false

  const stopMedia = deps.localMedia.subscribe(dressAll)

  function makePeer(to: 'host' | GuestKey, polite: boolean): Peer {
    return createPeer({
      clock,
      peerLinks: deps.peerLinks,
      iceServers,
      polite,
      instance: deps.instance,
      canRelay: deps.canRelay,
      relay: (data) => deps.relay(to, data),
      onChange: to === 'host' ? hostChanged : deps.onChange,
      onWord: (word) => to === 'host' && hear(word),
      onAnswered: () => to === 'host' && deps.onAnswered(),
      onTampered() {
        tampered = true
        deps.onChange()
      },
    })
  }

  function hear(word: PeerWord): void {
    if (word.type === 'end') deps.onEnd(word.end, word.certificate)
  }

  function hostPeer(): Peer {
    if (!host) {
      host = makePeer('host', true)
      dress(host, true)
    }
    return host
  }

  function hostChanged(): void {
    const linked = host?.view().connection === 'connected'
    if (linked !== wasLinked) {
      wasLinked = linked
      stopGoneTimer?.()
      stopGoneTimer = linked ? null : clock.after(clinicianGoneMs, () => setFlowing(false))
      if (linked) setFlowing(true)
    }
    deps.onChange()
  }

  function setFlowing(next: boolean): void {
    if (closed || next === flowing) return
    flowing = next
    dressAll()
    deps.onChange()
  }

  function dress(peer: Peer, sends: boolean): void {
    const media = deps.localMedia.state()
    peer.setOwn(sends ? ownTracks(media) : noTracks, ownStatus(media), deps.name())
    peer.limitVideoHeight(videoHeightLimit(2 + guests.size))
  }

  function dressAll(): void {
    if (host) dress(host, true)
    for (const { peer } of guests.values()) dress(peer, flowing)
  }

  function everyPeer(run: (peer: Peer) => void): void {
    if (host) run(host)
    for (const { peer } of guests.values()) run(peer)
  }

  function closeGuests(): void {
    for (const { peer } of guests.values()) peer.close()
    guests.clear()
  }

  /** Lines to exactly those who are in the newest roster; another knock of either end changes the locks. */
  async function connectGuests(call: CallId, contents: RosterContents): Promise<void> {
    const myEntry = contents.guests.find((entry) => entry.guest === guestKey)
    const others = myEntry ? contents.guests.filter((entry) => entry !== myEntry) : []
    for (const [guest, { peer }] of guests) {
      if (others.some((entry) => entry.guest === guest)) continue
      peer.close()
      guests.delete(guest)
    }
    // Until the roster knows this page's own knock, nobody could read what it says; lines that stand go on.
    if (myEntry && myEntry.knock === admission?.knock) {
      for (const entry of others) await connectGuest(call, myEntry, entry)
    }
    dressAll()
  }

  async function connectGuest(call: CallId, myEntry: Entry, entry: Entry): Promise<void> {
    const line = guests.get(entry.guest)
    if (line?.entry.knock === entry.knock && line.myKnock === myEntry.knock) return
    const channel = await createGuestChannel({ mine, myEntry, peerEntry: entry, call })
    if (closed) return
    const peer = line?.peer ?? makePeer(entry.guest, guestKey > entry.guest)
    guests.set(entry.guest, { peer, entry, myKnock: myEntry.knock })
    peer.useChannel(channel, { peerInstance: null, mayHaveLeftovers: true })
  }

  return {
    view: () => ({
      people: [
        viewPerson('host', link.card.clinician, host?.view() ?? null, false),
        ...[...guests.values()].map(({ peer, entry }) => viewPerson(entry.guest, '', peer.view(), !flowing)),
      ],
      group: (roster?.guests.length ?? 0) > 1,
      clinicianGone: guests.size > 0 && !flowing && admission !== null && stopGoneTimer !== null,
      tampered,
    }),
    prepare: () => void hostPeer(),
    async enter(next, servers) {
      if (admission && admission.call !== next.call) {
        // Another session than before: nothing of the old one goes on.
        closeGuests()
        host?.close()
        host = null
        roster = null
        tampered = false
        // Nothing flows between patients before the clinician is in this one.
        stopGoneTimer?.()
        stopGoneTimer = null
        wasLinked = flowing = false
      }
      iceServers = servers
      everyPeer((peer) => peer.setIceServers(servers))
      admission = next
      const { hostKey, signed: ticket } = next
      const channel = await createHostChannel({ side: 'guest', mine, peer: hostKey, linkSecret: link.secret, ticket })
      // The server holds back what was meant for an older ticket.
      hostPeer().useChannel(channel, { peerInstance: null, mayHaveLeftovers: false })
      if (roster) await connectGuests(next.call, roster)
    },
    async useRoster(signed) {
      if (!admission) return
      const { room, roomKey } = link
      const { call, certificate } = admission
      const after = roster?.sequence ?? null
      const clocks = { now: deps.now(), ownNow: clock.now() }
      const verified = await verifyRoster(signed, { room, roomKey, certificate, ...clocks, call, after })
      if (!verified.ok) {
        if (verified.error !== 'stale' && verified.error !== 'other-call') tampered = true
        return deps.onChange()
      }
      roster = verified.value
      await connectGuests(call, roster)
      deps.onChange()
    },
    async receive(from, data, mayBeLeftover) {
      await (from === 'host' ? host : guests.get(from)?.peer)?.receive(data, mayBeLeftover)
    },
    isLinked: () => wasLinked,
    sayBye: async () => host?.say({ type: 'bye' }),
    nameChanged: dressAll,
    setIceServers(servers) {
      iceServers = servers
      everyPeer((peer) => peer.setIceServers(servers))
    },
    checkPaths: () => everyPeer((peer) => peer.checkPath()),
    close() {
      closed = true
      stopMedia()
      stopGoneTimer?.()
      closeGuests()
      host?.close()
    },
  }
}
