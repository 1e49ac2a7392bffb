import { videoHeightLimit } from '@alcove/shared/call/quality'
import { randomId } from '@alcove/shared/crypto/bytes'
import type { PairChannel } from '@alcove/shared/crypto/pair-channel'
import type { GuestKey } from '@alcove/shared/domain/ids'
import type { IceServer } from '@alcove/shared/protocol/session-messages'
import type { Clock, PeerLinks } from '../../ports.ts'
import type { LocalMediaState } from '../device-check/local-media-state.ts'
import { ownStatus, ownTracks } from './own-media.ts'
import { createPeer, type Peer, type PeerView, type PeerWord } from './peer.ts'

export type RoomPeersDeps = {
  readonly clock: Clock
  readonly peerLinks: PeerLinks
  readonly media: () => LocalMediaState
  readonly canRelay: () => boolean
  readonly relay: (guest: GuestKey, data: string) => void
  readonly onChange: (guest: GuestKey) => void
  readonly onWord: (guest: GuestKey, word: PeerWord) => void
  readonly onTampered: (guest: GuestKey) => void
  readonly onAnswered: () => void
}

/** The clinician's lines to the guests of the running call. */
export type RoomPeers = {
  view(guest: GuestKey): PeerView | null
  /** The guest has its newest ticket. */
  isAnswered(guest: GuestKey): boolean
  /** Opens the line, or changes the locks of one that stands. */
  connect(guest: GuestKey, channel: PairChannel, options: { readonly instance: string; readonly mayHaveLeftovers: boolean }): void
  receive(guest: GuestKey, data: string): void
  /** Makes one connection ahead, so that Accept finds it ready. Nothing is sent before. False drops it. */
  prepare(wanted: boolean): void
  /** `people` counts the clinician. */
  setPeople(people: number): void
  setName(name: string): void
  mediaChanged(): void
  setIceServers(servers: readonly IceServer[]): void
  checkPaths(): void
  close(guest: GuestKey, lastWord?: PeerWord): void
  closeAll(): void
}

/** A prepared connection's addresses do not stay true for ever. */
const preparedForMs = 90_000

type Line = { readonly peer: Peer; guest: GuestKey | null }

export function createRoomPeers(deps: RoomPeersDeps): RoomPeers {
  const { clock } = deps
  const instance = randomId()
  const lines = new Map<GuestKey, Line>()
  let spare: { readonly line: Line; readonly madeAt: number } | null = null
  let iceServers: readonly IceServer[] = []
  let people = 1
  let name = ''

  function makeLine(): Line {
    const line: { peer: Peer | null; guest: GuestKey | null } = { peer: null, guest: null }
    const withGuest = (run: (guest: GuestKey) => void) => line.guest !== null && run(line.guest)
    const peer = createPeer({
      clock,
      peerLinks: deps.peerLinks,
      iceServers,
      polite: false,
      instance,
      canRelay: () => line.guest !== null && deps.canRelay(),
      relay: (data) => withGuest((guest) => deps.relay(guest, data)),
      onChange: () => withGuest(deps.onChange),
      onWord: (word) => withGuest((guest) => deps.onWord(guest, word)),
      onTampered: () => withGuest(deps.onTampered),
      onAnswered: deps.onAnswered,
    })
    const made = Object.assign(line, { peer })
    dress(made)
    return made
  }

  function dress({ peer }: Line): void {
    const media = deps.media()
    peer.setOwn(ownTracks(media), ownStatus(media), name)
    peer.limitVideoHeight(videoHeightLimit(people))
  }

  function everyLine(run: (line: Line) => void): void {
    for (const line of lines.values()) run(line)
    if (spare) run(spare.line)
  }

  function dropSpare(): void {
    spare?.line.peer.close()
    spare = null
  }

  function close(guest: GuestKey, lastWord?: PeerWord): void {
    const line = lines.get(guest)
    if (!line) return
    lines.delete(guest)
    const { peer } = line
    if (lastWord) void peer.say(lastWord).then(() => peer.close())
    else peer.close()
  }

  return {
    view: (guest) => lines.get(guest)?.peer.view() ?? null,
    isAnswered: (guest) => lines.get(guest)?.peer.isAnswered() ?? false,
    connect(guest, channel, options) {
      const { instance: peerInstance, mayHaveLeftovers } = options
      const standing = lines.get(guest)
      const line = standing ?? spare?.line ?? makeLine()
      if (line === spare?.line) spare = null
      line.guest = guest
      lines.set(guest, line)
      // The guest may have answered another device meanwhile: then this end of the old line is dead.
      const reopen = mayHaveLeftovers && standing !== undefined && standing.peer.view().connection !== 'connected'
      line.peer.useChannel(channel, { peerInstance, mayHaveLeftovers, reopen })
    },
    receive: (guest, data) => void lines.get(guest)?.peer.receive(data),
    prepare(wanted) {
      if (wanted && spare && clock.now() - spare.madeAt < preparedForMs) return
      dropSpare()
      if (wanted) spare = { line: makeLine(), madeAt: clock.now() }
    },
    setPeople(next) {
      if (next === people) return
      people = next
      everyLine(({ peer }) => peer.limitVideoHeight(videoHeightLimit(people)))
    },
    setName(next) {
      name = next
      everyLine(dress)
    },
    mediaChanged: () => everyLine(dress),
    setIceServers(servers) {
      iceServers = servers
      everyLine(({ peer }) => peer.setIceServers(servers))
    },
    checkPaths: () => everyLine(({ peer, guest }) => guest !== null && peer.checkPath()),
    close,
    closeAll() {
      dropSpare()
      for (const guest of [...lines.keys()]) close(guest)
    },
  }
}
