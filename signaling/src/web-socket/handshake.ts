import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** RFC 6455, 4.2.2. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** The answer to a client's handshake (RFC 6455, 4.2), without extensions and subprotocols; null when it is none. */
export function acceptHandshake({ method, headers }: IncomingMessage): string | null {
  const key = headers['sec-websocket-key']
  const isHandshake = method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && headers['sec-websocket-version'] === '13'
  if (!isHandshake || key === undefined || !/^[+/0-9A-Za-z]{22}==$/.test(key)) return null
  const accept = createHash('sha1').update(`${key}${guid}`).digest('base64')
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
}
