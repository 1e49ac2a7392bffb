import { randomId } from '@alcove/shared/crypto/bytes'
import { type ProofFields, signProof } from '@alcove/shared/crypto/chain'
import type { KeyPair } from '@alcove/shared/crypto/identity'
import type { DeviceKey } from '@alcove/shared/domain/ids'
import { createAsking } from '../../../pwa/src/features/sync/asking.ts'
import { createDeviceSession, type DeviceSession, type DeviceSessionEvent } from '../../../pwa/src/features/sync/device-session.ts'
import type { DeviceChannel } from '../../../pwa/src/sync-ports.ts'
import type { SimDevice } from '../simulation/sim-device.ts'
import { createDeviceClock } from '../simulation/virtual-time.ts'
import type { SyncWorld } from './sync-world.ts'

type Message = { readonly type: string; readonly [key: string]: unknown }

/** One channel of a real device, whose other end a test holds and says on it what it likes. */
export type RawDevice = {
  readonly session: DeviceSession
  readonly events: DeviceSessionEvent[]
  /** What the real device said so far. */
  heard(): readonly Message[]
  isClosed(): boolean
  send(message: object | string): void
  /** What an honest device says after `hello`; `change` makes it dishonest. */
  prove(pair: KeyPair, nonce: string, change?: Partial<ProofFields>): Promise<void>
}

export const fingerprints = { real: 'AA:11', raw: 'BB:22' }

export function meetRaw(world: SyncWorld, device: SimDevice): RawDevice {
  const running = device.running()
  if (!running) throw new Error('Not running')
  const { store } = running
  const heard: Message[] = []
  const events: DeviceSessionEvent[] = []
  let onMessage: (text: string) => void = () => undefined
  let closed = false
  const channel: DeviceChannel = {
    fingerprints: { mine: fingerprints.real, theirs: fingerprints.raw },
    async send(text) {
      if (!closed) heard.push(JSON.parse(text))
      return !closed
    },
    listen(listener) {
      onMessage = listener
    },
    close() {
      closed = true
    },
  }
  const clock = createDeviceClock(world.time, device.skewMs)
  const session = createDeviceSession({
    clock,
    random: world.random.next,
    store: store.sync,
    chain: store.chain,
    asking: createAsking(clock),
    channel,
    me: device.disk.device,
    place: store.place,
    markOf: () => 0,
    listen: (event) => events.push(event),
    tellStored: async () => undefined,
    heads: () => [],
    onHeads: () => undefined,
  })
  return {
    session,
    events,
    heard: () => heard,
    isClosed: () => closed,
    send: (message) => onMessage(typeof message === 'string' ? message : JSON.stringify(message)),
    async prove(pair, nonce, change = {}) {
      const hello = heard.find(({ type }) => type === 'hello')
      const fields: ProofFields = {
        nonces: { mine: nonce, theirs: String(hello?.nonce) },
        devices: { mine: pair.publicKey as DeviceKey, theirs: device.key },
        fingerprints: { mine: fingerprints.raw, theirs: fingerprints.real },
        ...change,
      }
      onMessage(JSON.stringify({ type: 'proof', signature: await signProof(fields, pair) }))
    },
  }
}

export function helloOf(pair: KeyPair, nonce = randomId()) {
  return { type: 'hello', version: 1, device: pair.publicKey, nonce }
}
