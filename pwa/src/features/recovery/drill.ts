import { deriveKitKeys } from '@alcove/shared/crypto/recovery-kit'
import type { DeviceKey, DocumentId } from '@alcove/shared/domain/ids'
import { may } from '@alcove/shared/domain/practice'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { LogLine } from '../../log-ports.ts'
import type { Clock, Stop } from '../../ports.ts'
import type { Comparison, KitStore, RestoreStore } from '../../recovery-ports.ts'
import { createKitLine, failureOf, type KitLine } from './kit-line.ts'
import { type EnterFailure, fetchKit, type KitPractice, type OpenKit, readPractice } from './kit-session.ts'
import { readLog } from './read-log.ts'
import type { Drill, DrillFailure, DrillResult, DrillState } from './recovery-state.ts'

type Bytes = Uint8Array<ArrayBuffer>

export type DrillDeps = {
  readonly clock: Clock
  readonly line: LogLine
  readonly origin: string
  readonly kits: KitStore
  readonly restore: RestoreStore
}

/** A kit that was made a moment ago: so long the server may take to hear of it. */
const hearWithinMs = 45_000
const askAgainMs = 1_500

/**
 * All that a restore does, with the kit and the server alone, up to where something would be stored: and what came out of it
 * beside what is here.
 */
export function createDrill(deps: DrillDeps, secret: Bytes): Drill {
  const { clock, kits } = deps
  const listeners = new Set<(state: DrillState) => void>()
  let state: DrillState = { kind: 'working', done: 0, total: 0 }
  let cancelled = false
  const line = createKitLine(deps)
  const startedAt = clock.now()

  function become(next: DrillState): void {
    if (cancelled) return
    state = next
    for (const listener of [...listeners]) listener(next)
  }

  async function run(): Promise<Result<{ readonly result: DrillResult; readonly device: DeviceKey }, DrillFailure>> {
    const keys = await deriveKitKeys(secret)
    const device = await kitHere(kits, keys.locator)
    if (!device) return err('other-kit')
    const kit = await fetchKit(line, keys, deps.restore)
    if (!kit.ok) return kit
    const practice = await enter(kit.value)
    if (!practice.ok) return practice
    try {
      const weighed = await weigh(kit.value, practice.value)
      return weighed.ok ? ok({ result: weighed.value, device }) : weighed
    } finally {
      practice.value.book.wipe()
    }
  }

  /** The kit is valid here. Until the server has heard so, it is asked again. */
  async function enter(kit: OpenKit): Promise<Result<KitPractice, DrillFailure>> {
    for (;;) {
      const practice = await readPractice(line, kit)
      if (practice.ok) return practice
      if (!isTooEarly(practice.error)) return err(practice.error.reason)
      if (clock.now() - startedAt > hearWithinMs || cancelled) return err('not-yet')
      await new Promise<void>((resolve) => clock.after(askAgainMs, resolve))
    }
  }

  async function weigh({ contents, place, tag }: OpenKit, { book }: KitPractice): Promise<Result<DrillResult, DrillFailure>> {
    const roll = book.history()?.roll
    const member = roll?.members.get(contents.member)
    const heads = await headsOf(line)
    if (!heads.ok) return heads
    if (!roll || !member) return err('incomplete')
    const documents = new Set<DocumentId>([...heads.value, ...(await kits.documents())])
    documents.delete(place.chainLog)
    const compared: Comparison[] = []
    let room: boolean | null = member.roomKey === null || !may(member, 'start-session') ? null : false
    become({ kind: 'working', done: 0, total: documents.size })
    for (const document of documents) {
      const read = await readLog(line, book, { space: place.space, log: document }, tag)
      if (!read.ok) return read
      compared.push(await kits.compare(document, read.value.payloads))
      if (document === place.practiceDocument && member.roomKey !== null && room === false) {
        room = (await deps.restore.room(read.value.payloads, member.roomKey, place.device)) !== null
      }
      become({ kind: 'working', done: compared.length, total: documents.size })
      if (cancelled) return err('no-server')
    }
    return ok({
      people: [...roll.members.values()].filter(({ removed }) => !removed).length,
      appointments: amountOf(compared, 'appointments'),
      patients: amountOf(compared, 'patients'),
      room,
      behind: compared.some(({ behind }) => behind),
      tookMs: clock.now() - startedAt,
    })
  }

  async function runAndNote(): Promise<void> {
    const done = await run().catch(() => err('server-failed' as const))
    line.close()
    if (cancelled) return
    if (!done.ok) return become({ kind: 'failed', reason: done.error })
    const { result, device } = done.value
    const complete = isComplete(result)
    if (complete) await kits.noteDrill(device)
    become({ kind: 'finished', result, complete })
  }

  void runAndNote()
  return {
    watch(listener): Stop {
      listeners.add(listener)
      listener(state)
      return () => listeners.delete(listener)
    },
    cancel() {
      cancelled = true
      line.close()
    },
  }
}

export function isComplete({ appointments, patients, room }: DrillResult): boolean {
  return room !== false && [appointments, patients].every(({ here, there }) => there >= here)
}

/** On the list of the server, or in the chain's log, it does not stand yet. */
function isTooEarly({ reason, refused }: EnterFailure): boolean {
  return refused?.code === 'not-a-member' || refused?.code === 'unknown-space' || (refused === null && reason === 'incomplete')
}

async function kitHere(kits: KitStore, locator: string): Promise<DeviceKey | null> {
  const found = new Promise<DeviceKey | null>((resolve) => {
    const stop: Stop = kits.watch((state) => resolve(state?.kits.find(({ kept }) => kept?.locator === locator)?.device ?? null))
    queueMicrotask(() => stop())
  })
  return found
}

async function headsOf(line: KitLine): Promise<Result<readonly DocumentId[], DrillFailure>> {
  const documents: DocumentId[] = []
  for (let since = 0; ; ) {
    const reply = await line.ask({ type: 'changed', since })
    if (!reply.ok) return err(failureOf(reply.error))
    const { message } = reply.value
    if (message.type !== 'heads') return err('server-failed')
    documents.push(...message.heads.map(({ log }) => log))
    if (!message.more || message.tick <= since) return ok(documents)
    since = message.tick
  }
}

function amountOf(compared: readonly Comparison[], holds: Comparison['holds']) {
  const those = compared.filter((one) => one.holds === holds)
  const sum = (count: (one: Comparison) => number) => those.reduce((total, one) => total + count(one), 0)
  return { here: sum(({ here }) => here), there: sum(({ there }) => there) }
}
