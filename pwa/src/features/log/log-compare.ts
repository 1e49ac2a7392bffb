import type { LogConnection } from '../../log-ports.ts'
import type { LogMemory } from './log-memory.ts'
import type { ReadQueue } from './log-queue.ts'

/**
 * Holds this device's place in all logs against where they end. Not only in those that the server says have changed: the
 * count by which it says so may be that of another log than was shown before. False: the server did not say.
 */
export async function compareAll(connection: LogConnection, memory: LogMemory, queue: ReadQueue): Promise<boolean> {
  const told = new Set<string>()
  for (let since = 0, more = true; more; ) {
    const reply = await connection.ask({ type: 'changed', since })
    if (!reply.ok || reply.value.message.type !== 'heads') return false
    const { heads, tick } = reply.value.message
    for (const { log, end } of heads) {
      told.add(log)
      queue.ends(log, end)
    }
    more = reply.value.message.more && tick > since
    since = tick
  }
  // What it tells nothing of is gone.
  for (const page of [...memory.pages()]) {
    if (page.position.sequence > 0 && !told.has(page.document)) queue.doubt(page.document, 'rolled-back')
  }
  return true
}
