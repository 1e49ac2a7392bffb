import { err } from '@alcove/shared/domain/result'
import type { LogConnection, LogLine } from '../../log-ports.ts'
import type { Stop } from '../../ports.ts'
import type { LogLineDeps } from './log-line.ts'

const loadAgainMs = 10_000

type LaterDeps = Pick<LogLineDeps, 'clock' | 'random'> & {
  /** Of the page: its server keeps the log. */
  readonly location: Pick<Location, 'protocol' | 'host'>
}

/** The line is fetched when somebody opens one. Until it is there, it is as good as lost. */
export function createLaterLogLine(deps: LaterDeps): LogLine {
  const lineFrom = ({ createLogLine, logUrl, openLogSocket }: typeof import('./log-line.ts')) =>
    createLogLine({ ...deps, url: logUrl(deps.location), openSocket: openLogSocket })
  return {
    open(listen) {
      let connection: LogConnection | null = null
      let stopWaiting: Stop | null = null
      let closed = false
      async function load(): Promise<void> {
        const loaded = await import('./log-line.ts').catch(() => null)
        if (closed) return
        if (loaded) connection = lineFrom(loaded).open(listen)
        else stopWaiting = deps.clock.after(loadAgainMs, () => void load())
      }
      void load()
      return {
        ask: async (request, body) => (connection ? connection.ask(request, body) : err({ code: 'lost' })),
        hurry: () => connection?.hurry(),
        close() {
          closed = true
          stopWaiting?.()
          connection?.close()
        },
      }
    },
  }
}
