import { randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import type { MemberId } from '@alcove/shared/domain/ids'
import { createLogLine, type LogSocket } from '../../../pwa/src/adapters/log/log-line.ts'
import type { Store } from '../../../pwa/src/adapters/schedule/open-store.ts'
import { createLogSync, type LogEngine } from '../../../pwa/src/features/log/log-sync.ts'
import type { LogState } from '../../../pwa/src/features/log/log-state.ts'
import { createDrill } from '../../../pwa/src/features/recovery/drill.ts'
import { createKitKeeper } from '../../../pwa/src/features/recovery/kit-keeper.ts'
import { makeKit } from '../../../pwa/src/features/recovery/make-kit.ts'
import type { DrillState, RestoreState } from '../../../pwa/src/features/recovery/recovery-state.ts'
import { createRestorer } from '../../../pwa/src/features/recovery/restorer.ts'
import type { LogLine } from '../../../pwa/src/log-ports.ts'
import type { Clock } from '../../../pwa/src/ports.ts'
import type { KitDraft, RecoveryKit } from '../../../pwa/src/recovery-ports.ts'
import { type Limits, limitDefaults } from '../../../signaling/src/limits.ts'
import { createLogHub, type LogHub } from '../../../signaling/src/log-hub.ts'
import { createMemoryDevice, type MemoryDevice } from '../fakes/memory-device.ts'
import { createMemoryLogStore, type MemoryLogStore } from '../signaling/memory-log-store.ts'

type Bytes = Uint8Array<ArrayBuffer>

const origin = 'https://clinic.example'
/** Waiting is what tests have no time for. */
const haste = 40

/** Real stores, the real engine of the log, the real hub; everything that waits does so for a fortieth of the time. */
export type RecoveryWorld = {
  readonly clock: Clock
  readonly disk: MemoryLogStore
  readonly line: LogLine
  readonly origin: string
  /** With a practice: the founder is its administrator and clinician. */
  found(): Promise<Computer>
  /** Nothing on it yet. */
  empty(): Computer
  /** Invited by another computer, as one more of its own or as somebody's first. */
  join(from: Computer, member?: MemberId): Promise<Computer>
  /** The server; from now on with these. */
  restart(change?: Partial<ServerKind>): void
  /** No way leads to the server. */
  cut(): void
  restore(computer: Computer, secret: Bytes): Restoring
  close(): Promise<void>
}

/** `keepsLogs` false: an operator who has switched them off. */
export type ServerKind = { readonly keepsLogs: boolean; readonly limits: Partial<Limits> }

export type Computer = {
  readonly device: MemoryDevice
  store(): Promise<Store>
  /** All is in the log. */
  current(): Promise<void>
  /** Signs a kit in; it is on the server's list when it resolves. */
  makeKit(): Promise<KitDraft>
  drill(secret: Bytes): Promise<DrillState>
  kits(): Promise<readonly RecoveryKit[]>
  /** Looks after what the server keeps for the practice's kits, as the app does while it runs. */
  keepKits(over?: LogLine): Promise<{ close(): void }>
  /** It stays as it is, and tells the server nothing of what is made here from now on. */
  rest(): void
  /** For good. */
  lose(): void
}

export type Restoring = {
  /** The next state that asks for something, or the last. */
  settled(): Promise<RestoreState>
  readonly steps: readonly string[]
  again(): void
  cancel(): void
}

export function createRecoveryWorld(): RecoveryWorld {
  const startedAt = Date.now()
  const clock = createHastyClock(startedAt)
  const disk = createMemoryLogStore()
  const sockets = new Set<{ close(): void }>()
  const computers: Computer[] = []
  let isCut = false
  let server: ServerKind = { keepsLogs: true, limits: { LIMIT_KIT_READS_PER_ADDRESS_PER_MINUTE: 100_000 } }
  let hub = createHub()

  function createHub(): LogHub {
    return createLogHub({
      now: () => clock.now(),
      after: (delayMs, run) => clock.after(delayMs, run),
      random: (bytes) => toBase64Url(randomBytes(bytes)),
      limits: { ...limitDefaults, ...server.limits },
      store: server.keepsLogs ? disk : null,
      enrolment: null,
      report: () => undefined,
    })
  }

  const line = createLogLine({ url: 'wss://clinic.example/log', clock, random: () => 0, openSocket: () => openSocket() })

  function openSocket(): LogSocket {
    let open = true
    const close = () => {
      if (!open) return
      open = false
      sockets.delete(handle)
      client?.closed()
      queueMicrotask(() => socket.onclose?.())
    }
    const handle = { close }
    const socket: LogSocket = {
      bufferedAmount: 0,
      onmessage: null,
      onclose: null,
      send: (frame) => void (open && client?.receive(frame.slice())),
      close,
    }
    const toDevice = (frame: Bytes) => {
      const data = frame.slice().buffer
      queueMicrotask(() => socket.onmessage?.(new MessageEvent('message', { data })))
    }
    const client = isCut ? null : hub.connect({ address: '192.0.2.1', origin, send: toDevice, close })
    if (client) sockets.add(handle)
    else clock.after(100, () => socket.onclose?.())
    return socket
  }

  function hangUp(): void {
    for (const socket of [...sockets]) socket.close()
  }

  function computer(): Computer {
    const device = createMemoryDevice({ now: () => clock.now(), label: 'Chrome on Linux' })
    let opened: Promise<Store> | null = null
    let engine: LogEngine | null = null
    let log: LogState | null = null

    async function open(): Promise<Store> {
      const store = await device.open()
      engine = createLogSync({
        clock,
        random: () => 0,
        origin,
        store: store.sync,
        chain: store.chain,
        line,
        keeping: store.log,
        tellHeads: () => undefined,
      })
      engine.watch((state) => {
        log = state
      })
      return store
    }
    const store = () => {
      opened ??= open()
      return opened
    }

    const self: Computer = {
      device,
      store,
      async current() {
        const { sync } = await store()
        let unsynced = -1
        const stop = sync.watchUnsynced((changes) => {
          unsynced = changes
        })
        await until(() => log?.line.kind === 'current' && unsynced === 0)
        stop()
      },
      async makeKit() {
        const { kits, sync } = await store()
        await self.current()
        const made = await makeKit({ clock, line, origin, kits, syncStore: sync })
        if (!made.ok) throw new Error(made.error)
        return { ...made.value, secret: made.value.secret.slice() }
      },
      async drill(secret) {
        const { kits, restore } = await store()
        const drill = createDrill({ clock, line, origin, kits, restore }, secret)
        return new Promise((resolve) => {
          drill.watch((state) => state.kind !== 'working' && resolve(state))
        })
      },
      async kits() {
        let found: readonly RecoveryKit[] = []
        const stop = (await store()).kits.watch((state) => {
          found = state?.kits ?? []
        })
        stop()
        return found
      },
      async keepKits(over = line) {
        const { kits, sync } = await store()
        return createKitKeeper({ clock, line: over, origin, kits, syncStore: sync, random: () => 0 })
      },
      rest() {
        engine?.close()
      },
      lose() {
        engine?.close()
        device.crash()
      },
    }
    computers.push(self)
    return self
  }

  return {
    clock,
    disk,
    line,
    origin,
    empty: computer,
    async found() {
      const made = computer()
      const { practice } = await made.store()
      const draft = {
        name: 'Willow Practice',
        memberName: 'Dr. Ana Rivera',
        contactPhone: '',
        contactEmail: '',
        roles: ['administrator', 'clinician'] as const,
        telehealth: 'basic' as const,
      }
      const created = await practice.create(draft)
      if (!created.ok) throw new Error(created.error)
      return made
    },
    async join(from, member) {
      const joined = computer()
      const [inviting, joining] = [await from.store(), await joined.store()]
      const device = await joining.pairing.newDevice()
      const target = member === undefined ? ({ kind: 'own-device' } as const) : ({ kind: 'colleague', member } as const)
      const welcome = await inviting.pairing.admit(target, device.publicKey as never, 'Phone')
      if (!welcome.ok) throw new Error(welcome.error)
      const adopted = await joining.pairing.adopt(welcome.value, device, target.kind)
      if (!adopted.ok) throw new Error(adopted.error)
      await from.current()
      await joined.current()
      return joined
    },
    restart(change) {
      server = { ...server, ...change }
      hangUp()
      hub.close()
      hub = createHub()
    },
    cut() {
      isCut = true
      hangUp()
    },
    restore(on, secret) {
      const steps: string[] = []
      let last: RestoreState | null = null
      let restorer: ReturnType<typeof createRestorer> | null = null
      let cancelled = false
      void on.store().then(({ restore }) => {
        if (cancelled) return
        restorer = createRestorer({ clock, line, origin, store: restore, label: 'Firefox on Windows' }, secret)
        restorer.watch((state) => {
          last = state
          if (state.kind === 'working' && steps.at(-1) !== state.step) steps.push(state.step)
        })
      })
      return {
        steps,
        async settled() {
          await until(() => last !== null && last.kind !== 'working')
          return last as unknown as RestoreState
        },
        again() {
          last = null
          restorer?.again()
        },
        cancel() {
          cancelled = true
          restorer?.cancel()
        },
      }
    },
    async close() {
      for (const one of computers) one.lose()
      hub.close()
      clock.stop()
    },
  }
}

/** A bounded wait for a condition that comes about by itself. */
export async function until(isSo: () => boolean, withinMs = 20_000): Promise<void> {
  for (const end = Date.now() + withinMs; !isSo(); ) {
    if (Date.now() > end) throw new Error('It never came to this')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/**
 * Hours pass in seconds, in steps: a computer that is busy with something else makes a step late, and none larger, so
 * that nobody here waits in vain for what the same computer had no time to do.
 */
function createHastyClock(startedAt: number): Clock & { stop(): void } {
  const stepMs = 2
  let now = startedAt
  let stepping = setTimeout(step, stepMs)
  const waiting = new Set<{ readonly at: number; readonly run: () => void }>()

  function step(): void {
    now += stepMs * haste
    const due = [...waiting].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
    for (const one of due) if (waiting.delete(one)) one.run()
    stepping = setTimeout(step, stepMs)
  }
  function after(delayMs: number, run: () => void): () => void {
    const one = { at: now + delayMs, run }
    waiting.add(one)
    return () => void waiting.delete(one)
  }
  return {
    now: () => now,
    after,
    every(intervalMs, run) {
      const again = () => {
        cancel = after(intervalMs, again)
        run()
      }
      let cancel = after(intervalMs, again)
      return () => cancel()
    },
    stop: () => clearTimeout(stepping),
  }
}
