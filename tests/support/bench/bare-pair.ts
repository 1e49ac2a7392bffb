/** Runs inside pages: the shortest way from an offer to a picture that two browsers know, for comparison. */
declare global {
  interface Window {
    bare: { ready: Promise<void>; offer(): Promise<void> }
  }
}

/** `relay`: a WebSocket that hands everything to the other page. */
export function installBarePair({ relay }: { readonly relay: string }): void {
  const socket = new WebSocket(relay)
  const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  const send = (message: object) => socket.send(JSON.stringify(message))
  const video = document.createElement('video')
  video.autoplay = true
  video.playsInline = true
  video.muted = true
  video.setAttribute('aria-label', 'Video of the other')
  Object.assign(video.style, { width: '100%', height: '100%' })
  document.body.append(video)

  connection.onicecandidate = ({ candidate }) => candidate && send({ candidate })
  connection.ontrack = ({ streams }) => {
    video.srcObject = streams[0] ?? null
  }
  socket.onmessage = async ({ data }) => {
    const { description, candidate } = JSON.parse(String(data)) as {
      description?: RTCSessionDescriptionInit
      candidate?: RTCIceCandidateInit
    }
    if (candidate) return connection.addIceCandidate(candidate)
    if (!description) return
    await connection.setRemoteDescription(description)
    if (description.type !== 'offer') return
    await connection.setLocalDescription()
    send({ description: connection.localDescription })
  }

  async function prepare(): Promise<void> {
    const opened = new Promise((resolve) => socket.addEventListener('open', resolve))
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
    })
    for (const track of stream.getTracks()) connection.addTrack(track, stream)
    await opened
  }

  window.bare = {
    ready: prepare(),
    async offer() {
      window.probe.mark('start')
      await connection.setLocalDescription()
      send({ description: connection.localDescription })
    },
  }
}
