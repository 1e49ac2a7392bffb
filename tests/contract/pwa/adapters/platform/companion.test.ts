import type { ExtensionToPage } from '@alcove/shared/protocol/extension-messages'
import { describe, expect, it } from 'vitest'
import { type CompanionDeps, createCompanion } from '../../../../../pwa/src/adapters/platform/companion.ts'
import type { Companion, CompanionState, Told } from '../../../../../pwa/src/ports.ts'
import { createFakeCompanion } from '../../../../support/fakes/fake-companion.ts'
import { createFakePageWindow } from '../../../../support/session/fake-page-window.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

type Bench = {
  readonly companion: Companion
  readonly says: (message: ExtensionToPage) => void
  /** What the extension was told, `hello` apart. */
  readonly heard: () => readonly Told[]
}

const benches: readonly { readonly name: string; readonly create: () => Bench }[] = [
  {
    name: 'over window.postMessage',
    create() {
      const page = createFakePageWindow()
      const companion = createCompanion({ ...(page as unknown as CompanionDeps), clock: createManualClock() })
      return {
        companion,
        says: page.says,
        heard: () => page.posted.flatMap(({ message }) => (message.type === 'hello' ? [] : [message])),
      }
    },
  },
  {
    name: 'as a fake',
    create() {
      const companion = createFakeCompanion()
      return { companion, says: companion.says, heard: () => companion.heard }
    },
  },
]

const welcome: ExtensionToPage = { type: 'welcome', canRing: true, notifies: false }
const nobody: Told = { type: 'waiting', people: 0, ring: 'none' }
const one: Told = { type: 'waiting', people: 1, ring: 'here' }
const session: Told = { type: 'session', isRunning: true }

describe.each(benches)('a companion $name', ({ create }) => {
  it('is absent until an extension says welcome', () => {
    const { companion, says } = create()
    const seen: CompanionState[] = []
    companion.subscribe((state) => seen.push(state))
    says(welcome)
    expect(companion.state()).toEqual({ kind: 'present', canRing: true, notifies: false, isQuiet: false })
    expect(seen.map(({ kind }) => kind)).toEqual(['absent', 'present'])
  })

  it('tells nothing to an extension that is not there', () => {
    const { companion, heard } = create()
    companion.send(one)
    expect(heard()).toEqual([])
  })

  it('tells the last of each kind to one that comes later', () => {
    const { companion, says, heard } = create()
    companion.send(one)
    companion.send(session)
    companion.send(nobody)
    says(welcome)
    expect(heard()).toHaveLength(2)
    expect(heard()).toEqual(expect.arrayContaining([session, nobody]))
  })

  it('tells everything to one that is there', () => {
    const { companion, says, heard } = create()
    says(welcome)
    companion.send(one)
    companion.send(session)
    companion.send(nobody)
    expect(heard()).toEqual([one, session, nobody])
  })

  it('is quiet while it is told to be, and never before a welcome', () => {
    const { companion, says } = create()
    says({ type: 'quiet', isQuiet: true })
    expect(companion.state()).toEqual({ kind: 'absent' })
    says(welcome)
    says({ type: 'quiet', isQuiet: true })
    expect(companion.state()).toMatchObject({ isQuiet: true })
    says({ type: 'quiet', isQuiet: false })
    expect(companion.state()).toMatchObject({ isQuiet: false })
  })

  it('passes on what is asked of the page, until nobody listens', () => {
    const { companion, says } = create()
    const asked: string[] = []
    const stop = companion.listen((request) => asked.push(request))
    says({ type: 'check-again' })
    says({ type: 'moment' })
    stop()
    says({ type: 'moment' })
    expect(asked).toEqual(['check-again', 'moment'])
  })

  it('calls nobody back who has left', () => {
    const { companion, says } = create()
    const seen: CompanionState[] = []
    companion.subscribe((state) => seen.push(state))()
    says(welcome)
    expect(seen).toHaveLength(1)
  })
})
