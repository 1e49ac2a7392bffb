import { createRequire } from 'node:module'
import { until } from '../wire-client.ts'

const { WebSocket } = createRequire(import.meta.url)('ws') as typeof import('ws')

/** A socket of `/sync` that keeps what it is sent. Messages compare as JSON: both servers may order keys and write numbers as they like. */
export type Message = Readonly<Record<string, unknown>>

export async function connectSync(url: string, origin: string) {
  const socket = new WebSocket(url, { origin, perMessageDeflate: false })
  const texts: string[] = []
  let closeCode: number | null = null
  socket.on('message', (data) => texts.push(data.toString()))
  socket.on('close', (code) => {
    closeCode = code
  })
  socket.on('error', () => {})
  await until(() => socket.readyState === WebSocket.OPEN, 'the socket to open')
  const all = (): Message[] => texts.map((text) => JSON.parse(text))
  const client = {
    texts,
    closeCode: () => closeCode,
    say: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    of: (type: string) => all().filter((message) => message.type === type),
    /** Returns when everything that was said before has been dealt with. */
    async sync() {
      const before = client.of('pong').length
      socket.send('{"type":"ping"}')
      await until(() => client.of('pong').length > before || closeCode !== null, 'pong')
    },
    /** When the sender is done, this one has everything too. */
    async hears(count: number) {
      await until(() => client.of('publish').length >= count, `${count} messages`)
      return client.of('publish')
    },
    cut: () => socket.terminate(),
    /** Reads nothing more. */
    pause: () => socket.pause(),
  }
  return client
}
export type SyncClient = Awaited<ReturnType<typeof connectSync>>
