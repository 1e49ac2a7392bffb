import { foundLogPractice } from '../support/bench/log-practice.ts'
import { startPlainPeer } from '../support/bench/plain-peer.ts'
import { editSchedule } from '../support/bench/schedule-edits.ts'
import { startServer } from '../support/server.ts'

/**
 * A device that was away catches up from the server alone: 10,000 edits to 2,000 appointments, which two devices made one by
 * one, each a record of its own. Against @y/websocket-server with y-leveldb, the plaintext server that npm has for Yjs: the same
 * documents, the same edits, the client's copy in memory on both sides. Real WebSockets on loopback, each server a process of its own;
 * bytes are counted at the client's sockets, both ways, handshakes included, without compression by the transport (what is inside a
 * record of ours is packed before it is sealed). Ours verifies, decrypts, and remembers where it stands.
 *
 * `alone`: nobody else is connected, as when a device comes back by itself; what the goals are about. The peer reads the documents
 * from its disk, and sends them whole, since it has not read them yet when it is asked. `together`, for comparison: another device stays
 * connected, the peer has the plaintext in memory and sends just what lacks. With ours that other device would itself send that over WebRTC.
 */
const rounds = Number(process.argv[2] ?? 7)
const [appointments, edits] = [Number(process.argv[3] ?? 2_000), Number(process.argv[4] ?? 10_000)]
const goals = { ms: 1.5, bytes: 1.3 }
/** All comes from one address, and in a minute what took months. */
const raised = {
  LIMIT_LOG_MESSAGES_PER_SOCKET_PER_SECOND: '1000000',
  LIMIT_LOG_MESSAGE_BURST_PER_SOCKET: '1000000',
  LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE: '100000',
}

type Cost = { readonly ms: number; readonly bytes: number }
type Side = { readonly name: 'ours' | 'peer'; catchUp(): Promise<Cost>; keepWarm(): Promise<() => Promise<void>> }

function median(costs: readonly Cost[], what: keyof Cost): number {
  const sorted = costs.map((cost) => cost[what]).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

async function measure(sides: readonly Side[], how: 'alone' | 'together'): Promise<Readonly<Record<Side['name'], readonly Cost[]>>> {
  const costs = { ours: [] as Cost[], peer: [] as Cost[] }
  for (let round = 0; round <= rounds; round++) {
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
      const leave = how === 'together' ? await side.keepWarm() : null
      const cost = await side.catchUp()
      await leave?.()
      // The first one is for both to warm up.
      if (round === 0) continue
      costs[side.name].push(cost)
      process.stdout.write(`${how}, round ${round}, ${side.name}: ${cost.ms.toFixed(0)} ms, ${(cost.bytes / 1024).toFixed(0)} KiB\n`)
    }
  }
  return costs
}

async function main(): Promise<void> {
  process.stdout.write(`${edits} edits to ${appointments} appointments are made on both sides\n`)
  const { schedule, edits: made } = editSchedule(appointments, edits, 4)
  const server = await startServer({ env: raised })
  const peer = await startPlainPeer(schedule, made)
  const ours = await foundLogPractice(server, schedule, made)
  const sides: readonly Side[] = [
    { name: 'ours', ...ours },
    { name: 'peer', ...peer },
  ]
  const columns = ['', 'Alcove ms', 'peer ms', 'ratio', 'Alcove KiB', 'peer KiB', 'ratio']
  const line = (parts: readonly string[]) =>
    `${parts.map((part, index) => part.padStart(Math.max(8, columns[index]?.length ?? 0) + 2)).join('')}\n`
  const table: string[] = []
  const medians = new Map<string, { readonly ours: Cost; readonly peer: Cost }>()
  for (const how of ['alone', 'together'] as const) {
    const costs = await measure(sides, how)
    const medianOf = (all: readonly Cost[]): Cost => ({ ms: median(all, 'ms'), bytes: median(all, 'bytes') })
    const [mine, theirs] = [medianOf(costs.ours), medianOf(costs.peer)]
    medians.set(how, { ours: mine, peer: theirs })
    const pair = (one: number, other: number) => [one.toFixed(0), other.toFixed(0), (one / other).toFixed(2)]
    table.push(line([how, ...pair(mine.ms, theirs.ms), ...pair(mine.bytes / 1024, theirs.bytes / 1024)]))
  }
  await Promise.all([server.kill(), peer.stop()])
  process.stdout.write(`\nmedians of ${rounds}; ${ours.records} records in the log\n${line(columns)}${table.join('')}`)
  const alone = medians.get('alone')
  if (!alone) throw new Error('Nothing was measured')
  const ratio = Number((alone.ours.ms / alone.peer.ms).toFixed(3))
  const pass = ratio <= goals.ms && alone.ours.bytes / alone.peer.bytes <= goals.bytes
  const [mine, theirs] = [Math.round(alone.ours.ms), Math.round(alone.peer.ms)]
  process.stdout.write(`\n${JSON.stringify({ name: 'catch-up', ours: mine, peer: theirs, ratio, goal: goals.ms, pass })}\n`)
  if (!pass) process.exitCode = 1
}

// The peer's client listens for the end of the process once for each document.
process.setMaxListeners(0)
await main()
process.exit()
