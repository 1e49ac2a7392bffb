import { randomId } from '@alcove/shared/crypto/bytes'
import type { PairMessage } from '@alcove/shared/protocol/peer-messages'
import { createClock } from '../../../../pwa/src/adapters/platform/clock.ts'
import { createPeerLink } from '../../../../pwa/src/adapters/rtc/peer-link.ts'
import type { PeerLink, PeerState } from '../../../../pwa/src/ports.ts'

/** Two real peer links in one page, with a line between them that a test can cut. */
type Side = {
  readonly link: PeerLink
  readonly states: PeerState[]
  readonly direct: PairMessage[]
  main: MediaStream | null
  screen: MediaStream | null
}

/** What arrives at one side in a while. */
export type Arriving = { readonly frames: number; readonly distinct: number }

declare global {
  interface Window {
    calls: typeof calls
  }
}

const connections: RTCPeerConnection[] = []
const deps = {
  clock: createClock(),
  randomId,
  createConnection(configuration: RTCConfiguration) {
    const connection = new RTCPeerConnection(configuration)
    connections.push(connection)
    return connection
  },
}
let sides: { readonly clinician: Side; readonly patient: Side } | null = null
let lineIsCut = false
let said: { readonly from: string; readonly type: PairMessage['type'] }[] = []
let camera: MediaStreamTrack | null = null
let microphone: MediaStreamTrack | null = null

/** The clinician's, then the patient's. */
const standing = () => connections.filter((one) => one.connectionState === 'connected')

function makeSide(name: string, polite: boolean, other: () => Side | undefined): Side {
  const states: PeerState[] = []
  const direct: PairMessage[] = []
  const side: Side = {
    states,
    direct,
    main: null,
    screen: null,
    link: createPeerLink(deps, {
      polite,
      iceServers: [],
      send(message) {
        if (lineIsCut) return false
        said.push({ from: name, type: message.type })
        // As over a wire: later, and as a copy.
        setTimeout(() => other()?.link.receive(structuredClone(message)))
        return true
      },
      listen(event) {
        if (event.type === 'state') states.push(event.state)
        if (event.type === 'message') direct.push(event.message)
        if (event.type === 'streams') {
          side.main = event.main
          side.screen = event.screen
        }
      },
    }),
  }
  return side
}

function side(name: 'clinician' | 'patient'): Side {
  if (!sides) throw new Error('Prepare first')
  return sides[name]
}

const calls = {
  /** Both sides with camera and microphone, and nothing said yet. */
  async prepare(): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480, frameRate: 20 } })
    camera = stream.getVideoTracks()[0] ?? null
    microphone = stream.getAudioTracks()[0] ?? null
    said = []
    sides = {
      clinician: makeSide('clinician', false, () => sides?.patient),
      patient: makeSide('patient', true, () => sides?.clinician),
    }
    for (const { link } of Object.values(sides)) {
      link.setTrack('camera', camera)
      link.setTrack('microphone', microphone)
    }
  },
  open: () => side('clinician').link.open(),
  said: () => said,
  /** The browser finds, on these sides in the same moment, that the path is lost; soon it is found again. */
  losePath(...names: ('clinician' | 'patient')[]) {
    const lost = names.flatMap((name) => standing()[name === 'clinician' ? 0 : 1] ?? [])
    for (const one of lost) Object.defineProperty(one, 'connectionState', { configurable: true, value: 'failed' })
    for (const one of lost) one.onconnectionstatechange?.(new Event('connectionstatechange'))
    for (const one of lost) Reflect.deleteProperty(one, 'connectionState')
    setTimeout(() => {
      for (const one of lost) one.onconnectionstatechange?.(new Event('connectionstatechange'))
    }, 300)
  },
  /** Credentials of the path that each side's connection uses now. */
  paths: () => standing().map((one) => /a=ice-ufrag:(\S+)/.exec(one.localDescription?.sdp ?? '')?.[1] ?? ''),
  isAgreed: () => standing().every((one) => one.signalingState === 'stable'),
  /** An offer with every address is made, whether or not it was said. */
  isPrepared: () => connections.some((one) => one.signalingState === 'have-local-offer' && one.iceGatheringState === 'complete'),
  cutLine(cut: boolean) {
    lineIsCut = cut
  },
  states: (name: 'clinician' | 'patient') => side(name).states,
  state: (name: 'clinician' | 'patient') => side(name).states.at(-1) ?? 'connecting',
  direct: (name: 'clinician' | 'patient') => side(name).direct,
  sayDirect: (name: 'clinician' | 'patient') => side(name).link.sendDirect({ type: 'bye' }),
  setCamera: (name: 'clinician' | 'patient', on: boolean) => side(name).link.setTrack('camera', on ? camera : null),
  limit: (name: 'clinician' | 'patient', height: number | null) => side(name).link.limitVideoHeight(height),
  checkPath: (name: 'clinician' | 'patient') => side(name).link.checkPath(),
  async shareScreen(name: 'clinician' | 'patient') {
    const canvas = document.createElement('canvas')
    const draw = canvas.getContext('2d')
    let tick = 0
    setInterval(() => {
      if (draw) draw.fillStyle = `hsl(${(tick++ * 37) % 360} 80% 50%)`
      draw?.fillRect(0, 0, canvas.width, canvas.height)
    }, 50)
    side(name).link.setTrack('screen', canvas.captureStream(20).getVideoTracks()[0] ?? null)
  },
  close: (name: 'clinician' | 'patient') => side(name).link.close(),
  /** The height of what arrives. */
  async height(name: 'clinician' | 'patient'): Promise<number> {
    const video = await play(side(name).main)
    return video.videoHeight
  },

  /** Listens to what one side gets until it hears something, or for five seconds. */
  loudness(name: 'clinician' | 'patient'): Promise<number> {
    const { main } = side(name)
    return main ? listen(main)() : Promise.resolve(0)
  },

  /** Looks at what one side gets until enough different pictures have come, or for ten seconds. */
  async watch(name: 'clinician' | 'patient', which: 'main' | 'screen', enough: number): Promise<Arriving> {
    const stream = side(name)[which]
    const video = await play(stream)
    const seen = new Set<string>()
    let frames = 0
    const until = performance.now() + 10_000
    while (seen.size < enough && performance.now() < until) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500)
        video.requestVideoFrameCallback(() => {
          clearTimeout(timer)
          frames += 1
          seen.add(pictureOf(video))
          resolve()
        })
      })
    }
    return { frames, distinct: seen.size }
  },
}

async function play(stream: MediaStream | null): Promise<HTMLVideoElement> {
  const video = document.createElement('video')
  video.muted = true
  video.srcObject = stream
  await video.play().catch(() => undefined)
  return video
}

function pictureOf(video: HTMLVideoElement): string {
  const canvas = document.createElement('canvas')
  canvas.width = 32
  canvas.height = 24
  const draw = canvas.getContext('2d')
  draw?.drawImage(video, 0, 0, 32, 24)
  return draw?.getImageData(0, 0, 32, 24).data.join() ?? ''
}

/** The loudest that was heard until asked. */
function listen(stream: MediaStream): () => Promise<number> {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  let loudest = 0
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample))
  }, 20)
  return async () => {
    for (let i = 0; i < 50 && loudest < 0.01; i++) await new Promise((resolve) => setTimeout(resolve, 100))
    clearInterval(timer)
    await context.close()
    return loudest
  }
}

window.calls = calls
