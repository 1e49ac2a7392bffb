import { createKeyedLimiter, perMinute } from './rate-limits.ts'
import { createLogClient, type LogClient } from './sealed-log/client.ts'
import type { LogContext, LogHubDeps } from './sealed-log/context.ts'
import type { LogConnection } from './sealed-log/line.ts'
import { createSpaces } from './sealed-log/spaces.ts'

const sweepEveryMs = 30_000

export type LogHub = {
  connect(connection: LogConnection): LogClient
  counts(): { readonly connections: number; readonly spaces: number; readonly devices: number }
  /** Stops its timers. The store is closed by whoever opened it. */
  close(): void
}

/** Orders, stores and gives out records for every connected socket; knows no socket and no clock itself. */
export function createLogHub(deps: LogHubDeps): LogHub {
  const context = createContext(deps)
  const clients = new Set<LogClient>()
  const shared = { deps, context, incoming: { strangers: 0, devices: 0 }, onEnd: (client: LogClient) => void clients.delete(client) }
  let stopSweeping = deps.after(sweepEveryMs, sweep)

  function sweep(): void {
    stopSweeping = deps.after(sweepEveryMs, sweep)
    if (!context) return
    for (const limiter of [context.authenticationsByAddress, context.accessByAddress, context.enrolmentsByAddress, context.kitsByAddress])
      limiter.sweep(deps.now())
  }

  return {
    connect(connection) {
      const client = createLogClient(shared, connection)
      clients.add(client)
      return client
    },
    counts() {
      const entries = context === null ? [] : [...context.spaces.all()]
      const devices = entries.reduce((total, { space }) => total + (space?.seats.size ?? 0), 0)
      return { connections: clients.size, spaces: entries.length, devices }
    },
    close: () => stopSweeping(),
  }
}

function createContext(deps: LogHubDeps): LogContext | null {
  const { limits, store } = deps
  if (store === null) return null
  return {
    ...deps,
    store,
    spaces: createSpaces(store),
    authenticationsByAddress: createKeyedLimiter(perMinute(limits.LIMIT_LOG_AUTHENTICATIONS_PER_ADDRESS_PER_MINUTE)),
    accessByAddress: createKeyedLimiter(perMinute(limits.LIMIT_LOG_ACCESS_PER_ADDRESS_PER_MINUTE)),
    enrolmentsByAddress: createKeyedLimiter(perMinute(limits.LIMIT_ENROLMENTS_PER_ADDRESS_PER_MINUTE)),
    kitsByAddress: createKeyedLimiter(perMinute(limits.LIMIT_KIT_READS_PER_ADDRESS_PER_MINUTE)),
  }
}
