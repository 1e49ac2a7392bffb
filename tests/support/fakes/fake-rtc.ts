import type { Clock } from '../../../pwa/src/ports.ts'

/**
 * RTCPeerConnections without a browser: the states, glare, rollback, trickle and ICE restart of W3C webrtc-pc as far as
 * the adapter depends on them, and an ether between them that tests can cut. Two connections reach each other exactly
 * when each was told the other's fingerprint and ICE user fragment.
 */
export type FakeTrack = {
  readonly kind: string
  readonly label: string
  enabled: boolean
  readyState: 'live'
  getSettings(): { height: number }
}

export function fakeTrack(kind: 'audio' | 'video', label: string): MediaStreamTrack {
  const track: FakeTrack = { kind, label, enabled: true, readyState: 'live', getSettings: () => ({ height: 720 }) }
  return track as unknown as MediaStreamTrack
}

export class FakeMediaStream {
  #tracks: MediaStreamTrack[] = []
  addTrack(track: MediaStreamTrack): void {
    if (!this.#tracks.includes(track)) this.#tracks.push(track)
  }
  removeTrack(track: MediaStreamTrack): void {
    this.#tracks = this.#tracks.filter((other) => other !== track)
  }
  getTracks(): MediaStreamTrack[] {
    return [...this.#tracks]
  }
}

export type Ether = {
  create(owner: string, configuration: RTCConfiguration): RTCPeerConnection
  /** Nothing passes between these two owners (or anybody) until restored. */
  cut(a?: string, b?: string): void
  restore(): void
  /** `a-b` for every pair of owners whose connections stand, each once, sorted. */
  connected(): string[]
  /** Labels of the tracks that `to` gets from `from` now. */
  flowing(from: string, to: string): string[]
  /** ICE servers ever used. */
  contacted(): string[]
  /** A page is gone: its connections end without a word. */
  vanish(owner: string): void
  connections(): readonly FakeConnection[]
}

const failAfterMs = 10_000

export function createEther(clock: Clock): Ether {
  const all: FakeConnection[] = []
  let cuts: (readonly [string, string])[] = []
  let everything = false

  const ether: EtherInside = {
    clock,
    passes: (a, b) => !everything && !cuts.some(([x, y]) => (x === a && y === b) || (x === b && y === a)),
    peerOf(one) {
      if (one.closed || !one.agreed) return null
      return all.find((other) => other !== one && !other.closed && other.agreed && points(one, other) && points(other, one)) ?? null
    },
    update() {
      for (const connection of all) connection.look()
    },
  }

  return {
    create(owner, configuration) {
      refuseStrangeServers(configuration)
      const connection = new FakeConnection(ether, owner, configuration)
      all.push(connection)
      return connection as unknown as RTCPeerConnection
    },
    cut(a, b) {
      if (a !== undefined && b !== undefined) cuts = [...cuts, [a, b]]
      else everything = true
      ether.update()
    },
    restore() {
      cuts = []
      everything = false
      ether.update()
    },
    connected() {
      const names = all.flatMap((one) => {
        const other = one.connectionState === 'connected' ? one.peer : null
        return other ? [[one.owner, other.owner].sort().join('-')] : []
      })
      return [...new Set(names)].sort()
    },
    flowing(from, to) {
      return all
        .filter((one) => one.owner === from && one.connectionState === 'connected' && one.peer?.owner === to)
        .flatMap((one) => one.transceivers.flatMap(({ sender }) => (sender.track ? [sender.track.label] : [])))
        .sort()
    },
    contacted: () => all.flatMap(({ configuration }) => (configuration.iceServers ?? []).flatMap(({ urls }) => urls)),
    vanish(owner) {
      for (const connection of all) if (connection.owner === owner && !connection.closed) connection.vanish()
    },
    connections: () => all,
  }
}

type EtherInside = {
  readonly clock: Clock
  passes(a: string, b: string): boolean
  peerOf(one: FakeConnection): FakeConnection | null
  update(): void
}

/** `one` was told where `other` is and who it is. */
function points(one: FakeConnection, other: FakeConnection): boolean {
  const remote = one.remoteDescription?.sdp ?? ''
  return fingerprintIn(remote) === other.fingerprint && ufragIn(remote) === ufragIn(other.localDescription?.sdp ?? '')
}

/** W3C webrtc-pc, "set the configuration": an address of another kind is a SyntaxError. */
function refuseStrangeServers({ iceServers = [] }: RTCConfiguration): void {
  const urls = iceServers.flatMap((server) => server.urls)
  if (urls.some((url) => !/^(stun|turn)s?:[\w.:?=-]+$/.test(url))) throw new SyntaxError('Not an address of a server')
}

const fingerprintIn = (sdp: string) => /a=fingerprint:sha-256 (\S+)/.exec(sdp)?.[1]
const ufragIn = (sdp: string) => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1]

let counter = 0
function unique(bytes: number): string {
  counter += 1
  return counter
    .toString(16)
    .toUpperCase()
    .padStart(bytes * 2, '0')
}

type Description = { readonly type: 'offer' | 'answer'; readonly sdp: string }

class FakeSender {
  track: FakeTrack | null = null
  #parameters = { encodings: [{}] }
  async replaceTrack(track: FakeTrack | null): Promise<void> {
    this.track = track
  }
  getParameters() {
    return structuredClone(this.#parameters)
  }
  async setParameters(parameters: { encodings: object[] }): Promise<void> {
    this.#parameters = parameters
  }
}

class FakeTransceiver {
  direction = 'sendrecv'
  readonly sender = new FakeSender()
  readonly receiver: { readonly track: MediaStreamTrack }
  constructor(readonly kind: 'audio' | 'video') {
    this.receiver = { track: fakeTrack(kind, 'remote') }
  }
}

class FakeChannel {
  readyState: 'connecting' | 'open' | 'closed' = 'connecting'
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null
  onopen: (() => void) | null = null
  waiting: string[] = []
  constructor(readonly connection: FakeConnection) {}
  send(text: string): void {
    if (this.readyState !== 'open') throw new Error('InvalidStateError')
    this.waiting.push(text)
    this.connection.pump()
  }
}

export class FakeConnection {
  readonly fingerprint = unique(32).match(/../g)?.join(':') ?? ''
  signalingState: 'stable' | 'have-local-offer' | 'have-remote-offer' = 'stable'
  connectionState: 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed' = 'new'
  localDescription: Description | null = null
  remoteDescription: Description | null = null
  onnegotiationneeded: (() => void) | null = null
  onicecandidate: ((event: { candidate: object | null }) => void) | null = null
  onconnectionstatechange: (() => void) | null = null
  transceivers: FakeTransceiver[] = []
  peer: FakeConnection | null = null
  closed = false
  received = 0
  #stable: { local: Description | null; remote: Description | null } = { local: null, remote: null }
  #ufrag = unique(4)
  #wanted = false
  #restarting = false
  #channel: FakeChannel | null = null
  #stopFailing: () => void = () => {}

  constructor(
    readonly ether: EtherInside,
    readonly owner: string,
    public configuration: RTCConfiguration,
  ) {}

  /** Offer and answer are in on this side. */
  get agreed(): boolean {
    return this.signalingState === 'stable' && this.remoteDescription !== null
  }

  setConfiguration(configuration: RTCConfiguration): void {
    refuseStrangeServers(configuration)
    this.configuration = configuration
  }

  addTransceiver(kind: 'audio' | 'video'): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind)
    this.transceivers.push(transceiver)
    this.#negotiate()
    return transceiver
  }

  getTransceivers(): FakeTransceiver[] {
    return [...this.transceivers]
  }

  createDataChannel(): FakeChannel {
    this.#channel ??= new FakeChannel(this)
    return this.#channel
  }

  restartIce(): void {
    this.#restarting = true
    this.#negotiate()
  }

  async setLocalDescription(): Promise<void> {
    await this.#alive()
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer'
    const remoteRestarted = type === 'answer' && ufragIn(this.remoteDescription?.sdp ?? '') !== ufragIn(this.#stable.remote?.sdp ?? '')
    if ((type === 'offer' && this.#restarting) || (remoteRestarted && this.#stable.remote)) this.#ufrag = unique(4)
    if (type === 'offer') this.#restarting = false
    this.#wanted = false
    this.localDescription = { type, sdp: this.#sdp() }
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable'
    if (type === 'answer') this.#settle()
    const candidate = {
      candidate: `candidate:1 1 udp 1 192.0.2.1 9 typ host ufrag ${this.#ufrag}`,
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: this.#ufrag,
    }
    queueMicrotask(() => !this.closed && this.onicecandidate?.({ candidate }))
  }

  async setRemoteDescription(description: Description): Promise<void> {
    await this.#alive()
    if (!fingerprintIn(description.sdp)) throw new Error('InvalidAccessError')
    if (description.type === 'answer') {
      if (this.signalingState !== 'have-local-offer') throw new Error('InvalidStateError')
      this.remoteDescription = description
      this.#settle()
      return
    }
    if (this.signalingState === 'have-local-offer') {
      this.localDescription = this.#stable.local
      if (this.localDescription) this.#ufrag = ufragIn(this.localDescription.sdp) ?? this.#ufrag
      this.#wanted = true
    }
    this.remoteDescription = description
    this.signalingState = 'have-remote-offer'
    if (this.transceivers.length === 0)
      this.transceivers = [new FakeTransceiver('audio'), new FakeTransceiver('video'), new FakeTransceiver('video')]
  }

  async addIceCandidate(): Promise<void> {
    await this.#alive()
    if (!this.remoteDescription) throw new Error('InvalidStateError')
  }

  async getStats(): Promise<Map<string, object>> {
    if (this.connectionState === 'connected') this.received += 100
    return new Map([['pair', { type: 'candidate-pair', bytesReceived: this.received }]])
  }

  close(): void {
    if (this.closed) return
    const { peer } = this
    this.closed = true
    this.#stopFailing()
    this.connectionState = 'closed'
    // What was said last still arrives; then the other side notices, as SCTP and DTLS tell it.
    queueMicrotask(() => {
      if (peer && this.ether.passes(this.owner, peer.owner)) peer.hearClose()
      this.ether.update()
    })
  }

  /** The page was reloaded or killed: no word to the peer. */
  vanish(): void {
    this.closed = true
    this.connectionState = 'closed'
    this.#stopFailing()
    this.ether.update()
  }

  hearClose(): void {
    const channel = this.#channel
    if (!channel || channel.readyState === 'closed') return
    channel.readyState = 'closed'
    channel.onclose?.()
  }

  /** Something about the ether or the descriptions changed. */
  look(): void {
    if (this.closed) return
    const found = this.ether.peerOf(this)
    if (found) this.peer = found
    const reaches = this.peer !== null && !this.peer.closed && this.ether.passes(this.owner, this.peer.owner)
    // A failed path stays so until an ICE restart makes a new one.
    const usable = reaches && (found !== null || this.connectionState === 'connected' || this.connectionState === 'disconnected')
    if (usable && (this.connectionState !== 'failed' || this.#repaired)) this.#enter('connected')
    else if (!reaches && this.connectionState === 'connected') this.#enter('disconnected')
    if (this.connectionState === 'connected') this.#open()
  }

  #repaired = false

  #enter(state: FakeConnection['connectionState']): void {
    if (this.connectionState === state) return
    this.connectionState = state
    this.#stopFailing()
    this.#repaired = false
    if (state === 'disconnected') this.#stopFailing = this.ether.clock.after(failAfterMs, () => this.#enter('failed'))
    queueMicrotask(() => !this.closed && this.onconnectionstatechange?.())
  }

  #open(): void {
    const channel = this.#channel
    if (channel?.readyState === 'connecting') {
      channel.readyState = 'open'
      queueMicrotask(() => channel.onopen?.())
    }
    this.pump()
  }

  /** Messages wait while the path is cut, as SCTP's do. */
  pump(): void {
    const channel = this.#channel
    const target = this.peer
    if (!channel || !target || this.connectionState !== 'connected' || channel.waiting.length === 0) return
    const texts = channel.waiting
    channel.waiting = []
    queueMicrotask(() => {
      for (const data of texts) if (!target.closed) target.#channel?.onmessage?.({ data })
    })
  }

  #settle(): void {
    if (this.#stable.remote && ufragIn(this.#stable.remote.sdp) !== ufragIn(this.remoteDescription?.sdp ?? '')) this.#repaired = true
    this.#stable = { local: this.localDescription, remote: this.remoteDescription }
    this.signalingState = 'stable'
    if (this.#wanted || this.#restarting) this.#negotiate()
    queueMicrotask(() => this.ether.update())
  }

  #negotiate(): void {
    this.#wanted = true
    queueMicrotask(() => {
      if (this.closed || !this.#wanted || this.signalingState !== 'stable') return
      this.#wanted = false
      this.onnegotiationneeded?.()
    })
  }

  async #alive(): Promise<void> {
    await Promise.resolve()
    if (this.closed) throw new Error('InvalidStateError')
  }

  #sdp(): string {
    return [
      'v=0',
      `a=ice-ufrag:${this.#ufrag}`,
      `a=fingerprint:sha-256 ${this.fingerprint}`,
      ...this.transceivers.map(({ kind }) => `m=${kind} 9`),
      '',
    ].join('\r\n')
  }
}
