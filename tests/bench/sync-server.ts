import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type Measured, openLoad } from '../support/bench/sync-load.ts'
import { readRss } from '../support/bench/process-cost.ts'
import { startOurs, startStock, type SyncServer } from '../support/signaling/sync-servers.ts'

/**
 * `/sync` against y-webrtc's own signaling server, as npm installs it: the same load on both, in turn; server and load
 * each on a processor of its own. Messages are what devices of a practice send: 2 kB, sealed, base64. All checks run
 * (Origin, rate, back-pressure, subscription, UTF-8, JSON); only what limits one address is raised, since the whole load comes
 * from one. Linux only: it reads /proc.
 */
const rounds = Number(process.argv[2] ?? 3)
const goal = 1.5
const messageBytes = 2_000
/** Of all rooms together: half of what the peer can do on one processor. */
const deliveriesPerSecond = 20_000
const warmUpMs = 2_000
const measureMs = 4_000
const cells = [2, 10].flatMap((roomSize) => [1_000, 5_000].map((sockets) => ({ roomSize, sockets })))
const raised = {
  LIMIT_SOCKETS_PER_ADDRESS: '100000',
  LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE: '1000000',
  LIMIT_CONNECTIONS_PER_ADDRESS: '100000',
}
const probe = { NODE_OPTIONS: '--import ./tests/support/signaling/heap-probe.mjs' }

type Cell = (typeof cells)[number]
type Cost = Measured & { readonly perCpuSecond: number; readonly bytesPerSocket: number }
type Side = 'ours' | 'peer'

const starters: Readonly<Record<Side, () => Promise<SyncServer>>> = {
  ours: () => startOurs({ ...raised, ...probe }),
  peer: () => startStock(probe),
}

/** On this processor from now on, with all its threads. */
function pin(pid: number, processor: number): void {
  execFileSync('taskset', ['-a', '-c', '-p', String(processor), String(pid)], { stdio: 'ignore' })
}

/** Seconds, user and system, of the whole process: fields 14 and 15 of proc(5), in hundredths. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function measure(side: Side, { roomSize, sockets }: Cell): Promise<Cost> {
  const server = await starters[side]()
  pin(server.pid, 0)
  try {
    const empty = await readRss(server)
    const load = await openLoad({ port: server.port, path: '/sync', sockets, roomSize, messageBytes })
    const bytesPerSocket = ((await readRss(server)) - empty) / sockets
    await load.publish(deliveriesPerSecond / roomSize, warmUpMs)
    const before = cpuSeconds(server.pid)
    const measured = await load.publish(deliveriesPerSecond / roomSize, measureMs)
    const perCpuSecond = measured.deliveries / (cpuSeconds(server.pid) - before)
    await load.close()
    return { ...measured, perCpuSecond, bytesPerSocket }
  } finally {
    await server.stop()
  }
}

function median(all: readonly Cost[], name: keyof Cost): number {
  const sorted = all.map((cost) => cost[name]).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

async function main(): Promise<void> {
  pin(process.pid, 1)
  const results = new Map(cells.map((cell) => [cell, { ours: [] as Cost[], peer: [] as Cost[] }]))
  for (let round = 0; round < rounds; round++) {
    for (const [cell, costs] of results) {
      for (const side of round % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const)) {
        const cost = await measure(side, cell)
        costs[side].push(cost)
        process.stdout.write(
          `round ${round + 1}: rooms of ${cell.roomSize}, ${cell.sockets} sockets, ${side}: ${cost.perCpuSecond.toFixed(0)} deliveries/CPU-s, ` +
            `p99 ${cost.p99.toFixed(1)} ms, ${(cost.bytesPerSocket / 1024).toFixed(1)} KiB/socket${cost.lost > 0 ? `, ${cost.lost} LOST` : ''}\n`,
        )
      }
    }
  }
  report(results)
}

function report(results: ReadonlyMap<Cell, Readonly<Record<Side, readonly Cost[]>>>): void {
  const columns = ['rooms of', 'sockets', 'Alcove/CPU-s', 'y-webrtc/CPU-s', 'ratio', 'p99 ms', 'p99 ms', 'KiB/socket', 'KiB/socket']
  const line = (parts: readonly string[]) => `${parts.map((part, index) => part.padStart((columns[index]?.length ?? 0) + 2)).join('')}\n`
  process.stdout.write(`\nmedians of ${rounds}; of each pair Alcove first\n${line(columns)}`)
  let worst = { ours: 0, peer: 0, ratio: Number.POSITIVE_INFINITY }
  let holds = true
  for (const [{ roomSize, sockets }, { ours, peer }] of results) {
    const [mine, theirs] = [median(ours, 'perCpuSecond'), median(peer, 'perCpuSecond')]
    const [p99, peerP99] = [median(ours, 'p99'), median(peer, 'p99')]
    const [memory, peerMemory] = [median(ours, 'bytesPerSocket') / 1024, median(peer, 'bytesPerSocket') / 1024]
    const ratio = mine / theirs
    if (ratio < worst.ratio) worst = { ours: mine, peer: theirs, ratio }
    // Within a tenth is the same: the two never run at the same moment.
    holds &&= p99 <= peerP99 * 1.1 && memory <= peerMemory && ours.every(({ lost }) => lost === 0)
    const figures = [
      mine.toFixed(0),
      theirs.toFixed(0),
      ratio.toFixed(2),
      p99.toFixed(1),
      peerP99.toFixed(1),
      memory.toFixed(1),
      peerMemory.toFixed(1),
    ]
    process.stdout.write(line([String(roomSize), String(sockets), ...figures]))
  }
  const ratio = Number(worst.ratio.toFixed(3))
  const pass = ratio >= goal && holds
  process.stdout.write(
    `\n${JSON.stringify({ name: 'sync-server', ours: Math.round(worst.ours), peer: Math.round(worst.peer), ratio, goal, pass })}\n`,
  )
  if (!pass) process.exitCode = 1
}

await main()
process.exit()
