import { deriveKitKeys } from '@alcove/shared/crypto/recovery-kit'
import type { DeviceKey } from '@alcove/shared/domain/ids'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { WelcomeContents } from '@alcove/shared/protocol/sync-messages'
import { toBase64Url } from '@alcove/shared/crypto/bytes'
import type { LogLine } from '../../log-ports.ts'
import type { Clock, KeyPair } from '../../ports.ts'
import type { RestoreStore } from '../../recovery-ports.ts'
import { appendEntry, epochKeysOf, letIn, signIn } from './join-by-kit.ts'
import { createKitLine, type KitLine } from './kit-line.ts'
import { fetchKit, type KitPractice, type OpenKit, readPractice } from './kit-session.ts'
import { readLog } from './read-log.ts'
import type { Restorer, RestoreFailure, RestoreState, RestoreStep } from './recovery-state.ts'

type Bytes = Uint8Array<ArrayBuffer>

export type RestorerDeps = {
  readonly clock: Clock
  readonly line: LogLine
  readonly origin: string
  readonly store: RestoreStore
  /** What the new device calls itself. */
  readonly label: string
}

/** Once the server knows the new device, only storing it here is left; that can be tried again. */
type Ready = { readonly welcome: WelcomeContents; readonly device: KeyPair; readonly practice: string }

export function createRestorer(deps: RestorerDeps, secret: Bytes): Restorer {
  const { clock, store } = deps
  const listeners = new Set<(state: RestoreState) => void>()
  let state: RestoreState = { kind: 'working', step: 'kit', practice: null }
  let practiceName: string | null = null
  let device: KeyPair | null = null
  let ready: Ready | null = null
  let line: KitLine | null = null
  let run = 0

  function become(next: RestoreState): void {
    state = next
    for (const listener of [...listeners]) listener(next)
  }

  async function begin(): Promise<void> {
    const mine = ++run
    line?.close()
    const kitLine = createKitLine(deps)
    line = kitLine
    const isCurrent = () => mine === run
    const step = (next: RestoreStep) => isCurrent() && become({ kind: 'working', step: next, practice: practiceName })
    const prepared = ready ? ok(ready) : await prepare(kitLine, step, isCurrent).catch(() => err('server-failed' as const))
    kitLine.close()
    if (!isCurrent()) return
    if (!prepared.ok) return become({ kind: 'failed', reason: prepared.error })
    ready = prepared.value
    step('storing')
    const stored = await store.adopt(ready.welcome, ready.device)
    if (!isCurrent()) return
    if (stored.ok) return become({ kind: 'restored', practice: ready.practice })
    const reason: RestoreFailure =
      stored.error === 'invalid' ? 'incomplete' : stored.error === 'not-allowed' ? 'practice-here' : stored.error
    become({ kind: 'failed', reason })
  }

  async function prepare(
    kitLine: KitLine,
    step: (next: RestoreStep) => void,
    isCurrent: () => boolean,
  ): Promise<Result<Ready, RestoreFailure>> {
    step('kit')
    const kit = await fetchKit(kitLine, await deriveKitKeys(secret), store)
    if (!kit.ok) return kit
    practiceName = kit.value.contents.practice
    step('people')
    const practice = await readPractice(kitLine, kit.value)
    if (!practice.ok) return err(practice.error.reason)
    const { book } = practice.value
    try {
      step('practice')
      const document = await practiceDocument(kitLine, kit.value, practice.value)
      if (!document.ok) return document
      practiceName = document.value.name
      if (!isCurrent()) return err('no-server')
      step('joining')
      device ??= await store.newDevice()
      const key = device.publicKey as DeviceKey
      const failed = (await sign(kitLine, kit.value, practice.value, key)) ?? (await letIn(kitLine, kit.value, key, practice.value))
      if (failed) return err(failed)
      const { member, root, foundingKey } = kit.value.contents
      const { room, whole } = document.value
      const welcome = {
        member,
        root,
        entries: [...book.signed()],
        foundingKey,
        epochKeys: epochKeysOf(practice.value),
        room,
        practiceDocument: toBase64Url(whole),
      }
      return ok({ welcome, device, practice: document.value.name })
    } finally {
      book.wipe()
    }
  }

  /** Not twice, when an attempt came only so far. */
  async function sign(kitLine: KitLine, kit: OpenKit, practice: KitPractice, key: DeviceKey): Promise<RestoreFailure | null> {
    if (practice.book.history()?.roll.devices.has(key)) return null
    const entry = await signIn(kit, practice, key, deps.label, clock.now())
    return entry === null ? 'incomplete' : appendEntry(kitLine, kit, practice, entry)
  }

  /** With the key of the waiting room, where the kit has it. */
  async function practiceDocument(kitLine: KitLine, { contents, place, tag }: OpenKit, practice: KitPractice) {
    const read = await readLog(kitLine, practice.book, { space: place.space, log: place.practiceDocument }, tag)
    if (!read.ok) return read
    const { payloads } = read.value
    const picture = store.read(payloads)
    if (!picture) return err('incomplete' as const)
    const roomKey = practice.book.history()?.roll.members.get(contents.member)?.roomKey ?? null
    const room = roomKey === null ? null : await store.room(payloads, roomKey, place.device)
    return ok({ ...picture, room })
  }

  void begin()
  return {
    watch(listener) {
      listeners.add(listener)
      listener(state)
      return () => listeners.delete(listener)
    },
    again: () => void begin(),
    cancel() {
      run++
      listeners.clear()
      line?.close()
      if (device && state.kind !== 'restored') store.forgetDevice(device)
    },
  }
}
