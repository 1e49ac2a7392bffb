import { createRequire } from 'node:module'
import { WebrtcProvider } from 'y-webrtc'
import * as Y from 'yjs'

// An unmodified y-webrtc client in Node: `node y-webrtc-client.mjs <url> <origin> <room> <password or "">`. WebRTC itself is
// a stand-in that offers and answers with empty descriptions; everything on the signaling wire is y-webrtc's own. What
// happens is said on standard output, one line each.
const { WebSocket } = createRequire(import.meta.url)('ws')
const [url = '', origin = '', room = '', password = ''] = process.argv.slice(2)

const say = (...words) => process.stdout.write(`${words.join(' ')}\n`)

globalThis.WebSocket = class extends WebSocket {
  constructor(address) {
    super(address, { origin })
    this.on('open', () => say('open'))
    this.on('close', (code) => say('closed', code))
    this.on('error', () => {})
  }
}

class StandInConnection {
  iceGatheringState = 'new'
  iceConnectionState = 'new'
  signalingState = 'stable'
  createDataChannel() {
    return { close() {}, addEventListener() {} }
  }
  async createOffer() {
    return { type: 'offer', sdp: `v=0 offer of ${process.pid}` }
  }
  async createAnswer() {
    return { type: 'answer', sdp: `v=0 answer of ${process.pid}` }
  }
  async setLocalDescription(description) {
    this.localDescription = description
  }
  async setRemoteDescription(description) {
    this.remoteDescription = description
    say('remote', description.type, description.sdp)
  }
  getTransceivers() {
    return []
  }
  async getStats() {
    return []
  }
  addEventListener() {}
  close() {}
}

const provider = new WebrtcProvider(room, new Y.Doc(), {
  signaling: [url],
  password: password || undefined,
  filterBcConns: false,
  peerOpts: {
    wrtc: {
      RTCPeerConnection: StandInConnection,
      RTCSessionDescription: class {
        constructor(init) {
          Object.assign(this, init)
        }
      },
      RTCIceCandidate: class {},
    },
  },
})
provider.on('peers', ({ added, webrtcPeers }) => say('peers', added.length, webrtcPeers.length))
// Two ends of the same glare may both give up; the client goes on.
process.on('unhandledRejection', () => {})
