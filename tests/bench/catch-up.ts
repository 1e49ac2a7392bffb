import { foundLogPractice } from '../support/bench/log-practice.ts'
import { startPlainPeer } from '../support/bench/plain-peer.ts'
import { editSchedule } from '../support/bench/schedule-edits.ts'
import { startServer } from '../support/server.ts'

/**
 * A device that was away catches up from the server alone: 10,000 edits to 2,000 appointments, which two devices made one by
 * one. Against @y/websocket-server with y-leveldb, the plaintext server that npm has for Yjs: the same documents, the same
 * edits, the client's copy in memory on both sides. Real WebSockets on loopback, each server a process of its own; bytes are
 * counted at the client's sockets, both ways, handshakes included. `alone`: nobody else is connected, as for a device that
 * comes online by itself. `together`: another device is, so that the peer has all documents in memory.
 * The peer keeps and sends plaintext, and cannot be asked to prove anything; ours verifies, decrypts and remembers.
 */
const rounds = Number(process.argv[2] ?? 7)
const [appointments, edits] = [Number(process.argv[3] ?? 2_000), Number(process.argv[4] ?? 10_000)]
const goals = { ms: 1.5, bytes: 1.3 }
/** All of one address, and a second for each day that it took. */
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
  let worst = { ours: 0, peer: 0, ratio: 0 }
  let holds = true
  for (const how of ['alone', 'together'] as const) {
    const costs = await measure(sides, how)
    const [ms, peerMs, bytes, peerBytes] = (['ms', 'bytes'] as const).flatMap((what) => [
      median(costs.ours, what),
      median(costs.peer, what),
    ]) as [number, number, number, number]
    const ratio = ms / peerMs
    if (ratio > worst.ratio) worst = { ours: ms, peer: peerMs, ratio }
    holds &&= bytes / peerBytes <= goals.bytes
    table.push(
      line([
        how,
        ms.toFixed(0),
        peerMs.toFixed(0),
        ratio.toFixed(2),
        (bytes / 1024).toFixed(0),
        (peerBytes / 1024).toFixed(0),
        (bytes / peerBytes).toFixed(2),
      ]),
    )
  }
  await Promise.all([server.kill(), peer.stop()])
  process.stdout.write(`\nmedians of ${rounds}\n${line(columns)}${table.join('')}`)
  const ratio = Number(worst.ratio.toFixed(3))
  const pass = ratio <= goals.ms && holds
  process.stdout.write(
    `\n${JSON.stringify({ name: 'catch-up', ours: Math.round(worst.ours), peer: Math.round(worst.peer), ratio, goal: goals.ms, pass })}\n`,
  )
  if (!pass) process.exitCode = 1
}

await main()
process.exit()
