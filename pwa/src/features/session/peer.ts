import type { PairChannel } from '@alcove/shared/crypto/pair-channel'
import type { PairMessage, StatusMessage } from '@alcove/shared/protocol/peer-messages'
import type { IceServer } from '@alcove/shared/protocol/session-messages'
import type { Clock, PeerLinks, PeerState, Stop } from '../../ports.ts'
import { noTracks, type OwnStatus, type OwnTracks, putTracks } from './own-media.ts'

export type PeerDeps = {
  readonly clock: Clock
  readonly peerLinks: PeerLinks
  readonly iceServers: readonly IceServer[]
  readonly polite: boolean
  /** Of this page load. */
  readonly instance: string
  /** Whether signaling could carry something now, and what carries it. */
  readonly canRelay: () => boolean
  readonly relay: (data: string) => void
  readonly onChange: () => void
  /** `bye` or `end`. */
  readonly onWord: (word: PeerWord) => void
  /** Something came that this peer cannot have sent. */
  readonly onTampered: () => void
  /** An answer went out or came in: both know each other's description. */
  readonly onAnswered: () => void
}
export type PeerWord = Extract<PairMessage, { type: 'bye' | 'end' }>

export type PeerView = {
  readonly connection: PeerState
  readonly main: MediaStream | null
  readonly screen: MediaStream | null
  readonly status: StatusMessage | null
}

export type Peer = {
  view(): PeerView
  /**
   * Speaks over this channel from now on. `peerInstance`: the peer's page load, where it is known already; another one
   * than before is called anew (impolite side). `mayHaveLeftovers`: messages of a channel that this page never knew may
   * still arrive for a moment. `reopen`: calls anew in any case (impolite side).
   */
  useChannel(
    channel: PairChannel,
    options: { readonly peerInstance: string | null; readonly mayHaveLeftovers: boolean; readonly reopen?: boolean },
  ): void
  /** The peer has used this channel: it has what belongs to it. */
  isAnswered(): boolean
  /** `data` of a relay. Resolves when it has been dealt with. */
  receive(data: string, mayBeLeftover?: boolean): Promise<void>
  /** Over both ways; whoever hears it twice hears it once. Resolves when it is on its way. */
  say(word: PeerWord): Promise<void>
  setOwn(tracks: OwnTracks, status: OwnStatus, name: string): void
  limitVideoHeight(height: number | null): void
  setIceServers(servers: readonly IceServer[]): void
  checkPath(): void
  close(): void
}

const leftoversMs = 10_000
/** A greeting that is not answered was perhaps lost. */
const greetAgainMs = 4000
const lastWordMs = 250

/** Two people's line to each other: the sealed channel over signaling, and the link that it brings about. */
export function createPeer(deps: PeerDeps): Peer {
  const { clock, polite } = deps
  let view: PeerView = { connection: 'connecting', main: null, screen: null, status: null }
  let channel: PairChannel | null = null
  /** Until the peer uses the new one. */
  let previous: PairChannel | null = null
  let answered = false
  let leftoversUntil = 0
  let peerInstance: string | null = null
  let opened = false
  let own: { readonly status: OwnStatus; readonly name: string } | null = null
  let revision = 0
  let stopGreeting: Stop = () => {}
  let closed = false

  const link = deps.peerLinks.create({
    polite,
    iceServers: deps.iceServers,
    send: (message) => {
      if (!channel || !deps.canRelay()) return false
      void send(message)
      return true
    },
    listen(event) {
      if (closed) return
      switch (event.type) {
        case 'state':
          return change({ connection: event.state })
        case 'streams':
          return change({ main: event.main, screen: event.screen })
        case 'message':
          return handle(event.message)
      }
    },
  })

  function change(next: Partial<PeerView>): void {
    view = { ...view, ...next }
    deps.onChange()
  }

  async function send(message: PairMessage): Promise<void> {
    const through = channel
    if (!through || closed) return
    const data = await through.seal(message).catch(() => null)
    // Sealed for a channel that was replaced meanwhile, it would only look like a forgery.
    if (data === null || channel !== through || closed) return
    deps.relay(data)
    if (isAnswer(message)) deps.onAnswered()
  }

  function handle(message: PairMessage): void {
    if (closed) return
    switch (message.type) {
      case 'hello':
        return greet(message.instance)
      case 'description':
      case 'candidates':
      case 'restart-ice':
        link.receive(message)
        return isAnswer(message) ? deps.onAnswered() : undefined
      case 'status':
        if (message.revision <= (view.status?.revision ?? -1)) return
        return change({ status: message })
      case 'bye':
      case 'end':
        return deps.onWord(message)
    }
  }

  function sayHello(): void {
    void send({ type: 'hello', instance: deps.instance })
  }

  /** The polite side answers every greeting: its own may have come before the peer could read it, or never. */
  function greet(instance: string): void {
    if (polite) sayHello()
    meet(instance)
  }

  function meet(instance: string): void {
    const isNew = instance !== peerInstance
    peerInstance = instance
    if (isNew && view.status) change({ status: null })
    if (!polite && (isNew || !opened)) {
      opened = true
      link.open()
    }
  }

  function tellStatus(): void {
    if (!own) return
    revision = Math.max(revision + 1, clock.now())
    const message: StatusMessage = { type: 'status', revision, name: own.name, ...own.status }
    if (deps.canRelay()) void send(message)
    link.sendDirect(message)
  }

  return {
    view: () => view,
    isAnswered: () => answered,
    useChannel(next, options) {
      previous = channel
      channel = next
      answered = false
      leftoversUntil = options.mayHaveLeftovers ? clock.now() + leftoversMs : 0
      sayHello()
      stopGreeting()
      stopGreeting = clock.every(greetAgainMs, () => (answered ? stopGreeting() : deps.canRelay() && sayHello()))
      if (options.reopen) opened = false
      if (options.peerInstance !== null) meet(options.peerInstance)
      tellStatus()
      link.checkPath()
    },
    async receive(data, mayBeLeftover = false) {
      const through = channel
      if (!through) return
      const message = await through.open(data)
      if (closed) return
      if (message.ok) {
        if (channel === through) {
          answered = true
          previous = null
          leftoversUntil = 0
        }
        return handle(message.value)
      }
      const late = await previous?.open(data)
      if (late?.ok) return handle(late.value)
      if (!mayBeLeftover && clock.now() >= leftoversUntil) deps.onTampered()
    },
    say(word) {
      link.sendDirect(word)
      return send(word)
    },
    setOwn(tracks, status, name) {
      putTracks(link, tracks)
      const same = own?.name === name && JSON.stringify(own.status) === JSON.stringify(status)
      own = { status, name }
      if (!same && channel) tellStatus()
    },
    limitVideoHeight: (height) => link.limitVideoHeight(height),
    setIceServers: (servers) => link.setIceServers(servers),
    checkPath: () => link.checkPath(),
    close() {
      if (closed) return
      closed = true
      stopGreeting()
      putTracks(link, noTracks)
      // What was said last is still on its way.
      clock.after(lastWordMs, () => link.close())
    },
  }
}

function isAnswer(message: PairMessage): boolean {
  return message.type === 'description' && message.kind === 'answer'
}
