import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RoomId } from '@alcove/shared/domain/ids'
import { decode } from '@alcove/shared/protocol/decode'
import { instant, roomId, signed } from '@alcove/shared/protocol/fields'
import * as v from '@alcove/shared/protocol/schema'
import type { Epochs } from './session-hub/epochs.ts'

/** The one thing that the server stores: one JSON line for each raise, the newest of a room counts. */
const fileName = 'minimum-epochs.jsonl'
const record = v.strictObject({ room: roomId, epoch: instant, statement: signed })
type Raised = v.InferOutput<typeof record>

const maxLineLength = 8 * 1024
/** Rewritten when it has more than twice as many lines as rooms, and these. */
const spareLines = 1000

export type MinimumEpochs = Epochs & {
  size(): number
  /** After the last write. */
  close(): Promise<void>
}

/**
 * Opens the file, or makes it. Only what was never acknowledged may be lost: a last line that was torn by a crash is cut
 * off. Rejects when another line cannot be read: whom it kept out is not known.
 */
export async function openMinimumEpochs(folder: string, maxRooms: number): Promise<MinimumEpochs> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, fileName)
  const { raised, lines, length } = parse(await readFile(path, 'utf8').catch(absent))
  let file = await open(path, 'a', 0o600)
  await file.truncate(length)
  await syncFolder(folder)
  let written = lines
  /** Given out but not yet written; counts against the limit already. */
  const pending = new Set<RoomId>()
  let waiting: { readonly raise: Raised; readonly done: (stored: boolean) => void }[] = []
  let writing: Promise<void> | null = null

  /** One write and one fsync for everybody who waits. */
  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      const stored = await append(batch.map(({ raise }) => raise))
      for (const { raise, done } of batch) {
        if (stored) remember(raised, raise)
        done(stored)
      }
    }
    writing = null
  }

  async function append(raises: readonly Raised[]): Promise<boolean> {
    if (written > 2 * raised.size + spareLines) await compact().catch(() => {})
    const { size } = await file.stat()
    try {
      await file.appendFile(raises.map(lineOf).join(''))
      await file.datasync()
      written += raises.length
      return true
    } catch {
      // Half a line would make the next one unreadable.
      await file.truncate(size).catch(() => {})
      return false
    }
  }

  async function compact(): Promise<void> {
    await rm(`${path}.new`, { force: true })
    const fresh = await open(`${path}.new`, 'a', 0o600)
    try {
      await fresh.appendFile([...raised.values()].map(lineOf).join(''))
      await fresh.sync()
      await rename(`${path}.new`, path)
    } catch (error) {
      await fresh.close()
      throw error
    }
    // From here on the old file has no name: nothing may be written to it any more.
    const old = file
    file = fresh
    written = raised.size
    await syncFolder(folder)
    await old.close()
  }

  return {
    minimum: (room) => raised.get(room)?.epoch ?? 0,
    async raise(room, epoch, statement) {
      if (epoch <= (raised.get(room)?.epoch ?? 0)) return 'stored'
      if (!raised.has(room) && !pending.has(room) && raised.size + pending.size >= maxRooms) return 'full'
      if (!raised.has(room)) pending.add(room)
      const stored = await new Promise<boolean>((done) => {
        waiting.push({ raise: { room, epoch, statement }, done })
        writing ??= write()
      })
      pending.delete(room)
      return stored ? 'stored' : 'failed'
    },
    size: () => raised.size,
    async close() {
      await writing
      await file.close()
    },
  }
}

type Parsed = {
  readonly raised: Map<RoomId, Raised>
  readonly lines: number
  /** Bytes up to the end of the last whole line. */
  readonly length: number
}

function parse(text: string): Parsed {
  const raised = new Map<RoomId, Raised>()
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const lines = whole.split('\n').slice(0, -1)
  let length = Buffer.byteLength(whole)
  for (const [index, line] of lines.entries()) {
    const read = decode(record, line, maxLineLength)
    if (read.ok) remember(raised, read.value)
    else if (index < lines.length - 1) {
      throw new Error(
        `${fileName} in DATA_DIR is damaged in line ${index + 1}. Restore it; without that line a removed device may come back.`,
      )
    } else length -= Buffer.byteLength(line) + 1
  }
  return { raised, lines: lines.length, length }
}

/** Never lowers. */
function remember(raised: Map<RoomId, Raised>, raise: Raised): void {
  if (raise.epoch > (raised.get(raise.room)?.epoch ?? 0)) raised.set(raise.room, raise)
}

function lineOf({ room, epoch, statement }: Raised): string {
  return `${JSON.stringify({ room, epoch, statement })}\n`
}

function absent(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return ''
  throw error
}

/** A new name is durable when its folder is. Windows has no such thing, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | null = null
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } catch {
    // Not every system lets a folder be opened or synced.
  } finally {
    await handle?.close()
  }
}
