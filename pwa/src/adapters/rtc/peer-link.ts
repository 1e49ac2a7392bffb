import { fingerprintOf } from '@alcove/shared/call/fingerprint'
import { createNegotiation, type NegotiationEffect, type NegotiationEvent, negotiate } from '@alcove/shared/call/negotiation'
import { createPath, mendPath, needsTicks, type PathEvent, pathTickMs, pathWord } from '@alcove/shared/call/path'
import { decode } from '@alcove/shared/protocol/decode'
import { type PairMessage, pairMessage } from '@alcove/shared/protocol/peer-messages'
import type { Clock, PeerLink, PeerLinkOptions, PeerState, Stop, TrackSlot } from '../../ports.ts'
import { createCandidateBatch } from './candidate-batch.ts'
import {
  addTransceivers,
  adoptTransceivers,
  configurationOf,
  inboundActivity,
  sendTrack,
  shapeSending,
  showTracks,
  slots,
  type Tracks,
  type Transceivers,
} from './connection.ts'

export type PeerLinkDeps = {
  readonly clock: Clock
  /** 22 characters; names a generation. */
  readonly randomId: () => string
  readonly createConnection: (configuration: RTCConfiguration) => RTCPeerConnection
}

/** An offer prepared longer ago than this may name addresses that are gone. */
const preparedForMs = 2 * 60_000
/** A browser guesses a narrow way at first, and drops whole frames of a picture that would not fit through it. */
const firstHeight = 360
const settleMs = 1500
const maxUnsent = 20
const maxMessageLength = 64 * 1024

/** The connection of one generation. */
type Current = {
  readonly connection: RTCPeerConnection
  readonly channel: RTCDataChannel | null
  readonly transceivers: Transceivers | null
}

/**
 * Runs the negotiation and path reducers against one RTCPeerConnection at a time. The impolite side makes its first
 * connection and offer ahead, without telling anybody, so that `open` has only to send it.
 */
export function createPeerLink(deps: PeerLinkDeps, options: PeerLinkOptions): PeerLink {
  const { clock } = deps
  const main = new MediaStream()
  const screen = new MediaStream()
  let negotiation = createNegotiation(options.polite)
  let path = createPath(options.polite)
  let iceServers = options.iceServers
  let tracks: Tracks = { microphone: null, camera: null, screen: null }
  let heightLimit: number | null = null
  let current: Current | null = null
  let word: PeerState = 'connecting'
  let shown = false
  let stopTicks: Stop | null = null
  let stopSettling: Stop | null = null
  let settled = false
  let sampling = false
  let closed = false
  /** Nothing is said before `open`; the polite side answers whoever reached it. */
  let speaking = options.polite
  const preparedAt = clock.now()
  let unsent: PairMessage[] = []

  const candidates = createCandidateBatch(clock, (batch) => {
    const { generation } = negotiation
    if (generation !== null) say({ type: 'candidates', generation, candidates: [...batch] })
  })

  if (options.polite) current = { connection: newConnection(), channel: null, transceivers: null }
  else negotiated({ type: 'open', generation: deps.randomId() })

  function negotiated(event: NegotiationEvent): void {
    if (closed) return
    const step = negotiate(negotiation, event)
    negotiation = step.state
    for (const effect of step.effects) perform(effect)
  }

  function perform(effect: NegotiationEffect): void {
    switch (effect.type) {
      case 'build':
        return build()
      case 'make-offer':
        return run(async ({ connection }) => {
          await connection.setLocalDescription()
          return { type: 'offer-made', sdp: connection.localDescription?.sdp ?? '' }
        })
      case 'take-offer':
        return run(async (built) => {
          if (fingerprintOf(effect.sdp) === null) throw new Error('A description without one clear fingerprint')
          await built.connection.setRemoteDescription({ type: 'offer', sdp: effect.sdp })
          adopt(built.connection)
          await built.connection.setLocalDescription()
          return { type: 'offer-taken', sdp: built.connection.localDescription?.sdp ?? '' }
        })
      case 'take-answer':
        return run(async ({ connection }) => {
          if (fingerprintOf(effect.sdp) === null) throw new Error('A description without one clear fingerprint')
          await connection.setRemoteDescription({ type: 'answer', sdp: effect.sdp })
          return { type: 'answer-taken' }
        })
      case 'add-candidates':
        // One that cannot be used, or belongs to an offer that was ignored, is no loss.
        for (const candidate of effect.candidates) void current?.connection.addIceCandidate(candidate).catch(() => {})
        return
      case 'send':
        return say(effect.description)
      case 'broken':
        return mended({ type: 'broken', at: clock.now() })
    }
  }

  /** One asynchronous step against the present connection; its outcome counts only if that is still the present one. */
  function run(step: (built: Current) => Promise<NegotiationEvent>): void {
    const built = current
    if (!built) return
    const report = (event: NegotiationEvent) => {
      if (closed || current?.connection !== built.connection) return
      negotiated(event)
      shape()
    }
    step(built).then(report, () => report({ type: 'step-failed' }))
  }

  function build(): void {
    const prepared = current?.connection.remoteDescription === null && current.transceivers === null ? current.connection : null
    if (!prepared) current?.connection.close()
    candidates.clear()
    unsent = []
    const connection = prepared ?? newConnection()
    current = { connection, channel: null, transceivers: null }
    if (!options.polite) {
      current = { connection, channel: openChannel(connection), transceivers: addTransceivers(connection) }
      useTransceivers()
    }
    if (speaking) mended({ type: 'built', at: clock.now() })
  }

  /** What the browser refuses (SyntaxError for a strange address) is done without: the call does not hang on the server. */
  function createConnection(): RTCPeerConnection {
    try {
      return deps.createConnection(configurationOf(iceServers))
    } catch {
      iceServers = []
      return deps.createConnection(configurationOf(iceServers))
    }
  }

  function newConnection(): RTCPeerConnection {
    const connection = createConnection()
    const isCurrent = () => !closed && current?.connection === connection
    connection.onnegotiationneeded = () => {
      // The media sections never change, so that the polite side has nothing to offer.
      if (isCurrent() && !options.polite) negotiated({ type: 'negotiation-needed' })
    }
    connection.onicecandidate = ({ candidate }) => {
      if (isCurrent() && candidate && candidate.candidate !== '') candidates.add(candidate)
    }
    connection.onconnectionstatechange = () => {
      const { connectionState } = connection
      if (!isCurrent()) return
      if (connectionState === 'connected' || connectionState === 'disconnected' || connectionState === 'failed') {
        mended({ type: 'connection', connection: connectionState, at: clock.now() })
      }
    }
    return connection
  }

  /** Answering side, once the offer is in: the same media sections, the same channel. */
  function adopt(connection: RTCPeerConnection): void {
    if (current?.connection !== connection || current.transceivers) return
    const transceivers = adoptTransceivers(connection)
    if (!transceivers) throw new Error('Not an offer of this program')
    current = { connection, transceivers, channel: openChannel(connection) }
    useTransceivers()
  }

  function useTransceivers(): void {
    if (!current?.transceivers) return
    for (const slot of slots) sendTrack(current.transceivers, slot, tracks[slot])
    showTracks(current.transceivers, main, screen)
    if (speaking) showStreams()
  }

  function showStreams(): void {
    if (shown) return
    shown = true
    options.listen({ type: 'streams', main, screen })
  }

  function openChannel(connection: RTCPeerConnection): RTCDataChannel {
    const channel = connection.createDataChannel('control', { negotiated: true, id: 0 })
    channel.onmessage = (event: MessageEvent<unknown>) => {
      if (closed || current?.channel !== channel || typeof event.data !== 'string') return
      const message = decode(pairMessage, event.data, maxMessageLength)
      if (message.ok) receive(message.value, true)
    }
    // The peer closed its page or its connection: see whether anything still comes in.
    channel.onclose = () => {
      if (!closed && current?.channel === channel) mended({ type: 'nudge', at: clock.now() })
    }
    return channel
  }

  function receive(message: PairMessage, direct: boolean): void {
    if (message.type === 'description' || message.type === 'candidates') negotiated(message)
    else if (message.type === 'restart-ice') restartIfAsked(message.generation)
    else if (direct) options.listen({ type: 'message', message })
  }

  function restartIfAsked(generation: string): void {
    if (!options.polite && generation === negotiation.generation) mended({ type: 'asked', at: clock.now() })
  }

  /** Only one side offers, so that two offers never meet on the way. */
  function restartIce(): void {
    const { generation } = negotiation
    if (!options.polite) current?.connection.restartIce()
    else if (generation !== null) say({ type: 'restart-ice', generation })
  }

  function say(message: PairMessage): void {
    const sent = speaking && (options.send(message) || sendDirect(message))
    if (!sent) unsent = [...unsent, message].slice(-maxUnsent)
  }

  function sayUnsent(): void {
    const messages = unsent
    unsent = []
    for (const message of messages) say(message)
  }

  function sendDirect(message: PairMessage): boolean {
    const channel = current?.channel
    if (channel?.readyState !== 'open') return false
    channel.send(JSON.stringify(message))
    return true
  }

  /** The prepared offer, as it is now: with the candidates that were found meanwhile. */
  function sayPrepared(): void {
    const sdp = current?.connection.localDescription?.sdp
    if (sdp !== undefined) candidates.clear()
    const described = unsent.filter((message) => message.type === 'description')
    unsent = sdp === undefined ? unsent : described.map((message) => ({ ...message, sdp }))
    sayUnsent()
  }

  function mended(event: PathEvent): void {
    if (closed) return
    const step = mendPath(path, event)
    path = step.state
    showWord()
    keepTicking()
    for (const effect of step.effects) {
      if (effect === 'restart') restartIce()
      else negotiated({ type: 'open', generation: deps.randomId() })
    }
  }

  function showWord(): void {
    const next = pathWord(path, clock.now())
    if (next === word) return
    word = next
    if (word === 'connected') settle()
    options.listen({ type: 'state', state: word })
  }

  function keepTicking(): void {
    if (needsTicks(path)) stopTicks ??= clock.every(pathTickMs, () => void tick())
    else {
      stopTicks?.()
      stopTicks = null
    }
  }

  async function tick(): Promise<void> {
    const connection = current?.connection
    if (sampling || !connection) return
    sampling = true
    const activity = await inboundActivity(connection).catch(() => 0)
    sampling = false
    if (current?.connection === connection) mended({ type: 'tick', activity, at: clock.now() })
  }

  function shape(): void {
    const height = settled ? heightLimit : Math.min(heightLimit ?? firstHeight, firstHeight)
    if (current?.transceivers && negotiation.hasRemoteDescription) void shapeSending(current.transceivers, height)
  }

  /** Connected for the first time: in a moment the way is known well enough for the full picture. */
  function settle(): void {
    if (settled || stopSettling) return
    stopSettling = clock.after(settleMs, () => {
      settled = true
      shape()
    })
  }

  return {
    open() {
      if (closed || options.polite) return
      const prepared = !speaking && clock.now() - preparedAt < preparedForMs
      speaking = true
      if (!prepared) return negotiated({ type: 'open', generation: deps.randomId() })
      showStreams()
      mended({ type: 'built', at: clock.now() })
      sayPrepared()
    },
    receive: (message) => receive(message, false),
    setTrack(slot: TrackSlot, track) {
      if (tracks[slot] === track) return
      tracks = { ...tracks, [slot]: track }
      if (current?.transceivers) sendTrack(current.transceivers, slot, track)
      shape()
    },
    limitVideoHeight(height) {
      heightLimit = height
      shape()
    },
    sendDirect,
    checkPath() {
      sayUnsent()
      mended({ type: 'nudge', at: clock.now() })
    },
    setIceServers(servers) {
      try {
        current?.connection.setConfiguration(configurationOf(servers))
        iceServers = servers
      } catch {
        // Those from before go on.
      }
    },
    close() {
      closed = true
      stopTicks?.()
      stopSettling?.()
      candidates.clear()
      current?.connection.close()
      current = null
    },
  }
}
