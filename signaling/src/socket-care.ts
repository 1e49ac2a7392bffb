/** What care needs of a WebSocket. `Sent`: texts, or whole frames. */
export type CaredSocket<Sent> = {
  readonly bufferedAmount: number
  send(sent: Sent): void
  ping(): void
  terminate(): void
}

export type CareDeps = {
  now(): number
  /** 0..1 */
  random(): number
  after(delayMs: number, run: () => void): () => void
  readonly maxBufferedBytes: number
  onSlow(): void
}

/** Between two pings: 20 to 25 s, so that a thousand sockets are not pinged in the same moment. */
const pingEveryMs = 20_000
const pingJitterMs = 5_000
const missesAllowed = 2
/** A quarter of the limit is a receiver that falls behind; if it still does after this time it is cut off. */
const slowForMs = 10_000

export type SocketCare<Sent> = {
  /** Sends, unless so much is waiting already that the receiver has to be given up. */
  send(sent: Sent): void
  /** A pong, or anything else, came in. */
  heard(): void
  stop(): void
}

/** Heartbeat and back-pressure of one socket. Nobody ever waits for a slow receiver. */
export function careFor<Sent>(socket: CaredSocket<Sent>, deps: CareDeps): SocketCare<Sent> {
  let misses = 0
  let slowSince: number | null = null
  let stopTimer = deps.after(nextPing(), beat)

  function nextPing(): number {
    return pingEveryMs + deps.random() * pingJitterMs
  }

  function beat(): void {
    if (misses >= missesAllowed) return socket.terminate()
    misses += 1
    socket.ping()
    stopTimer = deps.after(nextPing(), beat)
  }

  return {
    send(sent) {
      const waiting = socket.bufferedAmount
      slowSince = waiting > deps.maxBufferedBytes / 4 ? (slowSince ?? deps.now()) : null
      if (waiting > deps.maxBufferedBytes || (slowSince !== null && deps.now() - slowSince > slowForMs)) {
        deps.onSlow()
        return socket.terminate()
      }
      socket.send(sent)
    },
    heard() {
      misses = 0
    },
    stop: () => stopTimer(),
  }
}
