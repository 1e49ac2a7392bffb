import type { Enrolment } from '../../../signaling/src/enrolment.ts'
import { createLogHub, type LogHub } from '../../../signaling/src/log-hub.ts'
import { limitDefaults } from '../../../signaling/src/limits.ts'
import type { DocumentId } from '@alcove/shared/domain/ids'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { createFrameAssembler, cutMessage } from '@alcove/shared/protocol/log-frames'
import { type LogServerMessage, maxLogMessageBytes } from '@alcove/shared/protocol/log-messages'
import { replyTo } from '../../../pwa/src/adapters/log/answers.ts'
import type { LogConnection, LogFailure, LogLine, LogLineEvent, LogReply, LogRequest } from '../../../pwa/src/log-ports.ts'
import type { Random } from '../signaling/fuzz.ts'
import { createSimLogDisk, openSimLogStore, type SimLogDisk, type SimLogStore } from './sim-log-disk.ts'
import type { SimHost, SimProcess } from './sim-network.ts'
import type { VirtualTime } from './virtual-time.ts'

type Bytes = Uint8Array<ArrayBuffer>

export const simOrigin = 'https://clinic.example'

export type ServerSabotage = 'ack-before-stored' | null

/**
 * The server's `/log`: its real hub over disks of the simulation, and the way of every frame there and back. It may be two
 * servers in truth, of which each host sees one.
 */
export type SimLogServer = {
  /** `isLetThrough`: otherwise no way leads there. */
  lineFor(process: SimProcess, isLetThrough: boolean): LogLine
  /** Tell it after a host was changed, or a process ended. */
  moved(): void
  /** Of the server that everybody sees who is not led astray. */
  disk(): SimLogDisk
  /** Of the other one. */
  otherDisk(): SimLogDisk | null
  /** As when the power goes; it is back, with this disk, after so long. */
  crash(backAfterMs: number, disk?: SimLogDisk): void
  /** These hosts are led to another server from now on. */
  leadAstray(hosts: ReadonlySet<SimHost>, disk: SimLogDisk): void
  /** One server again. */
  unite(keep: 'main' | 'other'): void
  /** Of each log, up to where this host was ever led over records that it did not see, by a snapshot's word. */
  jumps(host: SimHost): ReadonlyMap<DocumentId, number>
  /** What went wrong inside. */
  faults(): readonly unknown[]
  counts(): Readonly<Record<string, number>>
}

type Branch = { disk: SimLogDisk; store: SimLogStore | null; hub: LogHub | null }
type Way = { lastArrivalAt: number }
type Line = {
  readonly process: SimProcess
  readonly take: (frame: Bytes) => void
  /** To the device. */
  readonly lost: () => void
  branch: Branch | null
  client: ReturnType<LogHub['connect']> | null
  readonly there: Way
  readonly back: Way
  /** The network has lost it; both ends notice late. */
  broken: boolean
  closed: boolean
}

export type SimLogServerOptions = {
  readonly time: VirtualTime
  readonly random: Random
  readonly keepsLogs: boolean
  readonly sabotage: ServerSabotage
  readonly quotaBytes?: number
  readonly enrolment?: Enrolment | null
}

export function createSimLogServer({ time, random, keepsLogs, sabotage, quotaBytes, enrolment = null }: SimLogServerOptions): SimLogServer {
  const between = (low: number, high: number) => low + random.next() * (high - low)
  const lines = new Set<Line>()
  const retries = new Set<() => void>()
  const jumps = new Map<SimHost, Map<DocumentId, number>>()
  const faults: unknown[] = []
  const counts: Record<string, number> = {}
  const count = (kind: string) => {
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  const limits = { ...limitDefaults, ...(quotaBytes !== undefined && { LIMIT_LOG_BYTES_PER_SPACE: quotaBytes }) }
  let main = boot(createSimLogDisk())
  let other: Branch | null = null
  let astray: ReadonlySet<SimHost> = new Set()

  function boot(disk: SimLogDisk): Branch {
    const branch: Branch = { disk, store: null, hub: null }
    branch.store = openSimLogStore({
      disk,
      pass: () => new Promise((resolve) => void time.after(sabotage ? between(1, 10_000) : between(1, 40), resolve)),
      wasDurable: () => random.below(2) === 0,
      isHasty: sabotage === 'ack-before-stored',
    })
    branch.hub = createLogHub({
      now: () => Math.round(time.now()),
      after: (delayMs, run) => time.after(delayMs, run),
      random: (length) => random.bytes(length).toString('base64url'),
      limits,
      store: keepsLogs ? branch.store : null,
      enrolment,
      report(event) {
        if (event.type === 'fault') faults.push(event.error)
        count(event.type === 'refused' ? event.reason : event.type === 'limit' ? event.limit : event.type)
      },
    })
    time.after(0, tryAgain)
    return branch
  }

  function tryAgain(): void {
    for (const retry of [...retries]) retry()
  }

  function shut(branch: Branch): void {
    branch.hub?.close()
    branch.store?.kill()
    branch.hub = null
    branch.store = null
    for (const line of lines) if (line.branch === branch) hangUp(line, between(5, 500))
  }

  const branchOf = ({ host }: SimProcess) => (other && astray.has(host) ? other : main)
  const isReached = ({ process, broken, closed }: Line) =>
    !broken && !closed && process.alive && process.host.online && process.host.powered

  /** In order, and not at all once the connection is lost. */
  function carry(line: Line, way: Way, run: () => void): void {
    const arrivesAt = Math.max(way.lastArrivalAt, time.now() + between(2, 120))
    way.lastArrivalAt = arrivesAt
    time.after(arrivesAt - time.now(), () => {
      if (isReached(line)) run()
      else line.broken = true
    })
  }

  function connect(line: Line): void {
    const branch = branchOf(line.process)
    if (line.closed || !line.process.alive) return
    if (!isReached(line) || !branch.hub) return hangUp(line, between(0, 3000))
    line.branch = branch
    line.client = branch.hub.connect({
      address: line.process.host.name,
      origin: simOrigin,
      send(frame: Bytes) {
        const copy = frame.slice()
        carry(line, line.back, () => line.take(copy))
      },
      close: () => carry(line, line.back, () => hangUp(line, 0)),
    })
  }

  /** The device notices after so long. */
  function hangUp(line: Line, afterMs: number): void {
    if (line.closed) return
    line.closed = true
    leave(line)
    time.after(afterMs, () => {
      if (line.process.alive) line.lost()
    })
  }

  function leave(line: Line): void {
    lines.delete(line)
    line.client?.closed()
    line.client = null
  }

  /** The adapter's part without its heartbeats, which would be most of what happens in a quiet hour. */
  function openLine(process: SimProcess, isLetThrough: boolean, listen: (event: LogLineEvent) => void): LogConnection {
    const assembler = { current: createFrameAssembler() }
    const asked = new Map<number, { readonly request: LogRequest; readonly answer: (reply: Result<LogReply, LogFailure>) => void }>()
    let nextId = 1
    let line: Line | null = null
    let isOpen = false
    let isClosed = false
    let stopRetry: (() => void) | null = null

    function dial(): void {
      stopRetry?.()
      stopRetry = null
      if (isClosed || !process.alive || !isLetThrough) return
      assembler.current = createFrameAssembler()
      line = {
        process,
        branch: null,
        client: null,
        there: { lastArrivalAt: 0 },
        back: { lastArrivalAt: 0 },
        broken: false,
        closed: false,
        take,
        lost,
      }
      lines.add(line)
      const mine = line
      time.after(between(20, 400), () => connect(mine))
    }

    function take(frame: Bytes): void {
      const taken = assembler.current.take(frame, maxLogMessageBytes)
      if (taken.kind !== 'message') return
      const message: LogServerMessage = JSON.parse(Buffer.from(taken.message.json).toString())
      const { body } = taken.message
      if (message.type === 'hello') {
        isOpen = true
        return listen({ type: 'open', hello: message })
      }
      if (message.type === 'head') return listen({ type: 'head', head: message })
      const one = asked.get(message.id ?? -1)
      asked.delete(message.id ?? -1)
      if (message.type !== 'refused') {
        const reply = one && replyTo(one.request, message, body.slice())
        if (one && !reply) faults.push(new Error(`${message.type} answers ${one.request.type}`))
        if (reply) noteJump(one.request, message)
        return reply ? one?.answer(ok(reply)) : undefined
      }
      one?.answer(err({ code: message.code, ...(message.expected !== undefined && { expected: message.expected }) }))
    }

    function noteJump(request: LogRequest, message: LogServerMessage): void {
      if (request.type !== 'read' || message.type !== 'records' || message.first <= request.after + 1) return
      const known = jumps.get(process.host) ?? new Map<DocumentId, number>()
      jumps.set(process.host, known.set(request.log, Math.max(message.first - 1, known.get(request.log) ?? 0)))
    }

    function lost(): void {
      line = null
      const wasOpen = isOpen
      isOpen = false
      const unanswered = [...asked.values()]
      asked.clear()
      for (const { answer } of unanswered) answer(err({ code: 'lost' }))
      if (isClosed) return
      if (wasOpen) listen({ type: 'lost' })
      retry()
    }

    /** As it would find the server with its tries, without them. */
    function retry(): void {
      if (isClosed || !process.alive || !isLetThrough || line || stopRetry) return
      if (process.host.online && process.host.powered && branchOf(process).hub) stopRetry = time.after(between(100, 8000), dial)
      else retries.add(retryNow)
    }
    function retryNow(): void {
      retries.delete(retryNow)
      retry()
    }

    dial()
    return {
      ask(request, body = new Uint8Array()) {
        const current = line
        if (!isOpen || !current || isClosed) return Promise.resolve(err({ code: 'lost' }))
        const id = nextId++
        return new Promise((answer) => {
          asked.set(id, { request, answer })
          const json = new Uint8Array(Buffer.from(JSON.stringify({ ...request, id })))
          for (const frame of cutMessage({ json, body })) {
            carry(current, current.there, () => void current.client?.receive(frame).catch((error: unknown) => faults.push(error)))
          }
        })
      },
      hurry() {
        if (stopRetry) dial()
      },
      close() {
        isClosed = true
        stopRetry?.()
        retries.delete(retryNow)
        const current = line
        line = null
        if (!current || current.closed) return
        current.closed = true
        time.after(between(2, 120), () => leave(current))
      },
    }
  }

  return {
    lineFor: (process, isLetThrough) => ({ open: (listen) => openLine(process, isLetThrough, listen) }),
    moved() {
      tryAgain()
      for (const line of lines) {
        if (isReached(line) || line.broken) continue
        line.broken = true
        time.after(between(0, 20_000), () => leave(line))
        time.after(between(0, 20_000), () => hangUp(line, 0))
      }
    },
    disk: () => main.disk,
    otherDisk: () => other?.disk ?? null,
    crash(backAfterMs, disk = main.disk) {
      shut(main)
      main = { disk, store: null, hub: null }
      const down = main
      time.after(backAfterMs, () => {
        if (main === down) main = boot(disk)
      })
    },
    leadAstray(hosts, disk) {
      astray = hosts
      other = boot(disk)
      for (const line of lines) if (hosts.has(line.process.host)) hangUp(line, between(5, 500))
    },
    unite(keep) {
      if (!other) return
      const [kept, gone] = keep === 'main' ? [main, other] : [other, main]
      main = kept
      other = null
      astray = new Set()
      shut(gone)
      if (!main.hub) main = boot(main.disk)
    },
    jumps: (host) => jumps.get(host) ?? new Map(),
    faults: () => faults,
    counts: () => counts,
  }
}
