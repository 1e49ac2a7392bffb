import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { parseLink } from '@alcove/shared/crypto/link'
import type { GuestKey } from '@alcove/shared/domain/ids'
import { createSignaling } from '../../../pwa/src/adapters/signaling/create-signaling.ts'
import type { LocalMediaState } from '../../../pwa/src/features/device-check/local-media-state.ts'
// Loaded ahead: what the page fetches while waiting is there at once.
import '../../../pwa/src/features/visit/visit-call.ts'
import { createVisit } from '../../../pwa/src/features/visit/visit.ts'
import type { Visit, VisitPhase } from '../../../pwa/src/features/visit/visit-state.ts'
import type { GuestIdentity } from '../../../pwa/src/ports.ts'
import { createFakePeerLinks } from '../fakes/fake-peer-links.ts'
import { createEther, type Ether } from '../fakes/fake-rtc.ts'
import { noon, unwrap } from '../crypto-people.ts'
import { createManualClock, type ManualClock } from '../session/manual-clock.ts'
import { createFakeServer, type FakeServer, origin } from './fake-server.ts'
import { settled } from './pending-crypto.ts'
import { foundClinician, type TestClinician } from './test-clinician.ts'
import { createTestMedia, createTestPage } from './test-computer.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

/** Whole engines on both sides, real cryptography, the real hub; no browser and no real time. */
export type CallWorld = {
  readonly clock: ManualClock
  readonly server: FakeServer
  readonly ether: Ether
  /** Lets time pass, in steps, and everybody act on it. */
  pass(ms: number): Promise<void>
  settled(): Promise<void>
  /** The next downloads of patients' pages fail. */
  failDownloads(count: number): void
  clinician(): Promise<TestClinician>
  /** A browser tab with this link, on Welcome!. `browser` shared between tabs keeps its keys. */
  patient(name: string, link: string, browser?: TestBrowser): Promise<TestPatient>
}

export type TestBrowser = { readonly keys: Map<string, GuestIdentity> }

export type TestPatient = {
  readonly name: string
  readonly browser: TestBrowser
  visit(): Visit
  phase(): VisitPhase
  reload(): Promise<void>
  close(): void
  setMedia(change: Partial<LocalMediaState>): void
  key(): GuestKey
}

export function createCallWorld(options: { readonly startAt?: number; readonly certificateLifeMs?: number } = {}): CallWorld {
  const clock = createManualClock(options.startAt ?? noon)
  const server = createFakeServer(clock)
  const ether = createEther(clock)
  let failing = 0

  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 250) {
      clock.advance(Math.min(250, left))
      await settled()
    }
  }

  function signalingOf(page: string) {
    return createSignaling({ url: 'wss://alcove.example/session', origin, clock, random: () => 0.5, openSocket: server.openSocket(page) })
  }

  async function patient(name: string, link: string, browser: TestBrowser = { keys: new Map() }): Promise<TestPatient> {
    const fragment = link.slice(link.indexOf('#'))
    const parsed = unwrap(await parseLink(fragment))
    const media = createTestMedia(name)
    const page = createTestPage()
    let memory: string | null = null
    let current = open()

    function open(): Visit {
      return createVisit(
        {
          clock,
          signaling: signalingOf(name),
          guestKeys: {
            async open(linkName) {
              const kept = browser.keys.get(linkName)
              if (kept) return kept
              const pair = await importKeyPair(await generateSecret())
              const identity = { guestKey: pair.publicKey as GuestKey, pair }
              browser.keys.set(linkName, identity)
              return identity
            },
          },
          async loadPeerLinks() {
            if (failing > 0) {
              failing -= 1
              throw new TypeError('Failed to fetch')
            }
            return createFakePeerLinks(ether, clock, name)
          },
          localMedia: media,
          memory: {
            read: () => memory,
            write: (text) => {
              memory = text
            },
          },
          page,
        },
        parsed,
        fragment,
      )
    }

    function close(): void {
      server.dropSockets(name)
      ether.vanish(name)
      current.close()
    }

    return {
      name,
      browser,
      visit: () => current,
      phase: () => current.state().phase,
      async reload() {
        close()
        current = open()
        await settled()
      },
      close,
      setMedia: media.set,
      key() {
        const identity = browser.keys.get(`${parsed.room}.${parsed.tag}`)
        if (!identity) throw new Error(`${name} has no key yet`)
        return identity.guestKey
      },
    }
  }

  function failDownloads(count: number): void {
    failing = count
  }

  const clinician = () => foundClinician({ clock, server, ether, pass, signalingOf, certificateLifeMs: options.certificateLifeMs })
  return { clock, server, ether, pass, settled, failDownloads, clinician, patient }
}
