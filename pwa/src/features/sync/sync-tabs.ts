import type { DeviceKey } from '@alcove/shared/domain/ids'
import type { Clock, Stop, TabLock } from '../../ports.ts'
import type { TabChannel } from '../../sync-ports.ts'
import type { SyncState } from './sync-state.ts'

const syncLockName = 'sync'
/** A tab that reloads frees its lock a moment after the new one asks for it. */
const lockRetryMs: readonly number[] = [50, 100, 200, 400]
const lockPollMs = 2000

/** Waits until this tab is the one that syncs. Null: closed meanwhile, and nothing is held. */
export async function takeSyncLock(clock: Clock, tabLock: TabLock, isClosed: () => boolean, onElsewhere: () => void): Promise<Stop | null> {
  for (let attempt = 0; !isClosed(); attempt++) {
    const release = await tabLock.acquire(syncLockName)
    if (release && !isClosed()) return release
    release?.()
    if (attempt === lockRetryMs.length) onElsewhere()
    await new Promise<void>((resolve) => clock.after(lockRetryMs[attempt] ?? lockPollMs, resolve))
  }
  return null
}

/** What a person asks of the log, in any tab. */
export type LogAsk = { readonly kind: 'pause' | 'resume' | 'acknowledge' } | { readonly kind: 'enrol'; readonly code: string }

/** What tabs of one browser and one version say to each other. */
type TabMessage =
  | { readonly type: 'state'; readonly state: SyncState }
  | { readonly type: 'ask-state' }
  | { readonly type: 'send'; readonly body: string; readonly to: DeviceKey | null }
  | { readonly type: 'own-device'; readonly from: DeviceKey; readonly body: string }
  | { readonly type: 'hurry' }
  | { readonly type: 'log'; readonly ask: LogAsk }

export type TabHandlers = {
  readonly isLeading: () => boolean
  readonly onState: (state: SyncState) => void
  readonly onAsked: () => void
  readonly onSend: (body: string, to: DeviceKey | null) => void
  readonly onOwnDevice: (from: DeviceKey, body: string) => void
  readonly onHurry: () => void
  readonly onLogAsk: (ask: LogAsk) => void
}

export type Tabs = {
  tellState(state: SyncState): void
  askState(): void
  send(body: string, to: DeviceKey | null): void
  tellOwnDevice(from: DeviceKey, body: string): void
  hurry(): void
  askLog(ask: LogAsk): void
  close(): void
}

/** The tab that syncs and the others. */
export function createTabs(channel: TabChannel, handlers: TabHandlers): Tabs {
  const post = (message: TabMessage) => channel.post(message)
  const stop = channel.listen((raw) => {
    const message = raw as TabMessage
    switch (message.type) {
      case 'state':
        return handlers.onState(message.state)
      case 'own-device':
        return handlers.onOwnDevice(message.from, message.body)
    }
    if (!handlers.isLeading()) return
    switch (message.type) {
      case 'ask-state':
        return handlers.onAsked()
      case 'send':
        return handlers.onSend(message.body, message.to)
      case 'hurry':
        return handlers.onHurry()
      case 'log':
        return handlers.onLogAsk(message.ask)
    }
  })
  return {
    tellState: (state) => post({ type: 'state', state }),
    askState: () => post({ type: 'ask-state' }),
    send: (body, to) => post({ type: 'send', body, to }),
    tellOwnDevice: (from, body) => post({ type: 'own-device', from, body }),
    hurry: () => post({ type: 'hurry' }),
    askLog: (ask) => post({ type: 'log', ask }),
    close: stop,
  }
}
