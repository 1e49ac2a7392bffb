/** What care needs of a WebSocket, ws's or our own. `Sent`: texts, or whole frames. */
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
/** Node keeps a list for every length of time, so there are not as many lengths as sockets. */
const jitterSteps = 50
const missesAllowed = 2
/** A quarter of the limit is a receiver that falls behind; if it still does after this time it is cut off. */
const slowForMs = 10_000

/**
 * Heartbeat and back-pressure of one socket. Nobody ever waits for a slow receiver. A class, since there are thousands and
 * closures would weigh more than the socket.
 */
export class SocketCare<Sent> {
  private misses = 0
  private slowSince: number | null = null
  private stopTimer: () => void
  private readonly socket: CaredSocket<Sent>
  private readonly deps: CareDeps

  constructor(socket: CaredSocket<Sent>, deps: CareDeps) {
    this.socket = socket
    this.deps = deps
    this.stopTimer = this.beatLater()
  }

  /** Sends, unless so much is waiting already that the receiver has to be given up. */
  send(sent: Sent): void {
    const { socket, deps } = this
    const waiting = socket.bufferedAmount
    this.slowSince = waiting > deps.maxBufferedBytes / 4 ? (this.slowSince ?? deps.now()) : null
    if (waiting > deps.maxBufferedBytes || (this.slowSince !== null && deps.now() - this.slowSince > slowForMs)) {
      deps.onSlow()
      return socket.terminate()
    }
    socket.send(sent)
  }

  /** A pong, or anything else, came in. */
  heard(): void {
    this.misses = 0
  }

  stop(): void {
    this.stopTimer()
  }

  private beat(): void {
    if (this.misses >= missesAllowed) return this.socket.terminate()
    this.misses += 1
    this.socket.ping()
    this.stopTimer = this.beatLater()
  }

  private beatLater(): () => void {
    const jitterMs = (Math.floor(this.deps.random() * jitterSteps) * pingJitterMs) / jitterSteps
    return this.deps.after(pingEveryMs + jitterMs, () => this.beat())
  }
}
