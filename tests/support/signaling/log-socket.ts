import { createRequire } from 'node:module'
import { logProtocol } from '@alcove/shared/protocol/log-messages'
import { createLogParty, type FrameWire, type LogParty } from './log-wire.ts'

/** Not by `import`: the test projects prefer what packages have for browsers, and there ws has nothing. */
const { WebSocket } = createRequire(import.meta.url)('ws') as typeof import('ws')

type Bytes = Uint8Array<ArrayBuffer>

/** A scripted device over a real WebSocket at `/log`. Rejects when the handshake is refused. */
export function connectLog(url: string, origin: string): Promise<LogParty & { readonly pause: () => void }> {
  // A mask of zeros lets a test read on the wire what the server reads.
  const generateMask = (mask: Buffer) => void mask.fill(0)
  const socket = new WebSocket(url, logProtocol, { origin, perMessageDeflate: false, generateMask })
  const frames: Bytes[] = []
  let closeCode: number | null = null
  socket.on('message', (data: Buffer) => frames.push(new Uint8Array(data)))
  socket.on('close', (code) => {
    closeCode = code
  })
  const wire: FrameWire = {
    frames,
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame)
    },
    isOpen: () => socket.readyState === WebSocket.OPEN,
    closeCode: () => closeCode,
    cut: () => socket.terminate(),
  }
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve({ ...createLogParty(wire), pause: () => socket.pause() }))
    socket.on('error', reject)
  })
}
