import type { Socket } from 'node:net'
import { type ClientOptions, WebSocket } from 'ws'

/** What passes through the client's own sockets: handshake, frames and control frames, in both directions. */
export type ByteCount = { bytes(): number }

/** A class of sockets that are counted together. No compression by the transport, as both servers have it by default. */
export function countSockets(options: ClientOptions = {}): ByteCount & { readonly Counted: typeof WebSocket } {
  const sockets: Socket[] = []
  class Counted extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols ?? [], { perMessageDeflate: false, ...options })
      this.once('upgrade', ({ socket }) => void sockets.push(socket))
    }
  }
  return {
    Counted: Counted as typeof WebSocket,
    bytes: () => sockets.reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0),
  }
}
