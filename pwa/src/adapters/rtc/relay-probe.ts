import type { IceServer } from '@alcove/shared/protocol/session-messages'
import type { RelayProbe } from '../../ports.ts'
import { configurationOf } from './connection.ts'

/** A relay that has not let through a word by then is as good as none. */
const connectMs = 10_000
const pings = 5
const sendMs = 2000
const chunkBytes = 16_384
/** So much may wait in the browser: enough to keep the line busy, little enough to stop at once. */
const aheadBytes = 262_144

/**
 * Two peer connections in this page, each with its relayed candidates alone, so that every byte goes up to the relay and
 * comes down again. Both ways at the same time over the same line: what is measured is there at the least.
 */
export function createRelayProbe(): RelayProbe {
  return {
    async measure(servers) {
      const relays = servers.filter(isRelay)
      if (relays.length === 0) return 'none'
      const configuration: RTCConfiguration = { ...configurationOf(relays), iceTransportPolicy: 'relay' }
      const near = new RTCPeerConnection(configuration)
      const far = new RTCPeerConnection(configuration)
      try {
        return await within(connectMs + sendMs + 3000, measure(near, far))
      } catch {
        return 'unreachable'
      } finally {
        near.close()
        far.close()
      }
    },
  }
}

const isRelay = ({ urls }: IceServer) => urls.some((url) => /^turns?:/i.test(url))

async function measure(near: RTCPeerConnection, far: RTCPeerConnection) {
  introduce(near, far)
  introduce(far, near)
  // Lost bytes are not sent again: a voice would not wait for them either.
  const mine = near.createDataChannel('relay', { ordered: false, maxRetransmits: 0 })
  const theirs = nextEvent<RTCDataChannelEvent>(far, 'datachannel')
  await near.setLocalDescription()
  await far.setRemoteDescription(near.localDescription as RTCSessionDescription)
  await far.setLocalDescription()
  await near.setRemoteDescription(far.localDescription as RTCSessionDescription)
  const { channel: echo } = await within(connectMs, theirs)
  if (mine.readyState !== 'open') await within(connectMs, nextEvent(mine, 'open'))
  const roundTripMs = await pingThrough(mine, echo)
  return { roundTripMs, ...(await pourThrough(mine, echo)) }
}

function introduce(from: RTCPeerConnection, to: RTCPeerConnection): void {
  from.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate) to.addIceCandidate(candidate).catch(() => undefined)
  })
}

async function pingThrough(mine: RTCDataChannel, echo: RTCDataChannel): Promise<number> {
  const answer = ({ data }: MessageEvent) => echo.send(data as string)
  echo.addEventListener('message', answer)
  let shortestMs = Number.POSITIVE_INFINITY
  for (let count = 0; count < pings; count += 1) {
    const startedAt = performance.now()
    const back = nextEvent(mine, 'message')
    mine.send('?')
    // One of them may be lost; that all are is another thing.
    const came = await within(1000, back).then(
      () => true,
      () => false,
    )
    if (came) shortestMs = Math.min(shortestMs, performance.now() - startedAt)
  }
  echo.removeEventListener('message', answer)
  if (shortestMs === Number.POSITIVE_INFINITY) throw new Error('Nothing came back')
  // There and back is two ways through the relay, each up and down.
  return shortestMs
}

async function pourThrough(mine: RTCDataChannel, echo: RTCDataChannel): Promise<{ readonly upKbps: number; readonly downKbps: number }> {
  const chunk = new Uint8Array(chunkBytes)
  let received = 0
  let sent = 0
  echo.binaryType = 'arraybuffer'
  echo.addEventListener('message', ({ data }: MessageEvent) => {
    if (data instanceof ArrayBuffer) received += data.byteLength
  })
  mine.bufferedAmountLowThreshold = aheadBytes / 2
  const startedAt = performance.now()
  const until = startedAt + sendMs
  while (performance.now() < until) {
    while (mine.bufferedAmount < aheadBytes) {
      mine.send(chunk)
      sent += chunkBytes
    }
    await Promise.race([nextEvent(mine, 'bufferedamountlow'), new Promise((resolve) => setTimeout(resolve, 50))])
  }
  const tookMs = performance.now() - startedAt
  const kbps = (bytes: number) => (bytes * 8) / tookMs
  return { upKbps: kbps(sent - mine.bufferedAmount), downKbps: kbps(received) }
}

function nextEvent<Kind extends Event>(target: EventTarget, type: string): Promise<Kind> {
  return new Promise((resolve) => target.addEventListener(type, (event) => resolve(event as Kind), { once: true }))
}

async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Too late')), limitMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
