import type { Bytes } from '@alcove/shared/crypto/bytes'
import type { Clock, Stop } from '../../ports.ts'
import type { DeviceLinkEvent, DeviceLinks } from '../../sync-ports.ts'
import { createPeerCare } from './peer-care.ts'
import { openProvider, type Provider } from './y-webrtc.ts'

export type DeviceLinksDeps = {
  /** `wss://clinic.example/sync` */
  readonly url: string
  readonly clock: Clock
  /** A number in [0, 1). */
  readonly random: () => number
}

const readAgainMs = 5_000
const lookEveryMs = 2_000
/** The page asked whether to leave, and is still there. */
const stayedMs = 1_000

export function createDeviceLinks(deps: DeviceLinksDeps): DeviceLinks {
  return { open: (options) => openLinks(deps, options) }
}

function openLinks({ url, clock, random }: DeviceLinksDeps, options: Parameters<DeviceLinks['open']>[0]): Stop {
  let running: { readonly provider: Provider; readonly release: () => void } | null = null
  let closed = false
  let isReached = false
  /** Changes from the store while its document is read. */
  let early: Bytes[] = []
  /** Opening and closing take a while, and one waits for the other. */
  let turn: Promise<void> = Promise.resolve()
  const next = (run: () => Promise<void>) => {
    turn = turn.then(run, run)
  }

  const say = (event: DeviceLinkEvent) => {
    if (!closed) options.listen(event)
  }
  const sayServer = (connected: boolean) => {
    if (connected === isReached) return
    isReached = connected
    say({ type: 'server', connected })
  }
  const care = createPeerCare({ clock, random, onChannel: (channel) => say({ type: 'channel', channel }) })

  async function begin(): Promise<void> {
    if (closed || running) return
    early = []
    const contents = await options.document.read().catch(() => null)
    if (!contents) return void clock.after(readAgainMs, () => next(begin))
    const release = await take(options.topic)
    if (closed) return release()
    const provider = openProvider({
      url,
      topic: options.topic,
      password: options.password,
      iceServers: options.iceServers,
      contents,
      onUpdate(update) {
        if (!closed) options.document.apply(update)
      },
      onServer: sayServer,
      onPeer: care.meet,
    })
    running = { provider, release }
    for (const update of early) provider.apply(update)
  }

  async function end(): Promise<void> {
    const ending = running
    running = null
    sayServer(false)
    await ending?.provider.close()
    ending?.release()
  }

  function restart(): void {
    if (closed) return
    next(end)
    next(begin)
  }

  const checkSocket = () => running?.provider.checkSocket()
  const stops: Stop[] = [
    options.document.watch((update) => {
      if (running) running.provider.apply(update)
      else early.push(update)
    }),
    clock.every(lookEveryMs, () => care.look(running?.provider.peers() ?? [])),
    onEvent(document, 'visibilitychange', checkSocket),
    onEvent(window, 'online', checkSocket),
    // y-webrtc leaves its rooms for good when the page only asks whether to leave, and at a download.
    onEvent(window, 'beforeunload', () => void clock.after(stayedMs, restart)),
    onEvent(window, 'pageshow', (event) => {
      if (event instanceof PageTransitionEvent && event.persisted) restart()
    }),
  ]
  next(begin)

  return () => {
    closed = true
    for (const stop of stops) stop()
    next(end)
  }
}

/** The topics that are open: y-webrtc throws at a second one, also while the first is closing. */
const taken = new Map<string, Promise<void>>()

/** Resolves when the topic is free, with what frees it again. */
async function take(topic: string): Promise<() => void> {
  const before = taken.get(topic)
  let release = () => {}
  const mine = new Promise<void>((resolve) => {
    release = resolve
  })
  const last = (before ?? Promise.resolve()).then(() => mine)
  taken.set(topic, last)
  await before
  return () => {
    if (taken.get(topic) === last) taken.delete(topic)
    release()
  }
}

function onEvent(target: EventTarget, type: string, listener: (event: Event) => void): Stop {
  target.addEventListener(type, listener)
  return () => target.removeEventListener(type, listener)
}
