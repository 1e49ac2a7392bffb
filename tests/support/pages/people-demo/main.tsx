/** The whole app with puppets for store and sync, and real engines for invitations; `window.demo` moves it. */
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { randomBytes, randomId, toBase64Url } from '@alcove/shared/crypto/bytes'
import { asId, type EntryHash, type MemberId } from '@alcove/shared/domain/ids'
import { err, ok } from '@alcove/shared/domain/result'
import type { WelcomeContents } from '@alcove/shared/protocol/sync-messages'
import { render } from 'solid-js/web'
import { createClock } from '../../../../pwa/src/adapters/platform/clock.ts'
import { createPage } from '../../../../pwa/src/adapters/platform/page.ts'
import { createPreferences } from '../../../../pwa/src/adapters/platform/preferences.ts'
import { createTabLock } from '../../../../pwa/src/adapters/platform/tab-lock.ts'
import { App } from '../../../../pwa/src/app/App.tsx'
import { noBackground } from '@alcove/shared/domain/background'
import { createBackgroundImages } from '../../../../pwa/src/features/backgrounds/background-images.ts'
import type { AppDeps } from '../../../../pwa/src/app/app-context.ts'
import { createLanguage } from '../../../../pwa/src/app/services/language.ts'
import { createLinks } from '../../../../pwa/src/app/services/links.ts'
import { createInviter } from '../../../../pwa/src/features/pairing/inviter.ts'
import { createJoiner } from '../../../../pwa/src/features/pairing/joiner.ts'
import type { Inviter, InviterState, Joiner, JoinerState } from '../../../../pwa/src/features/pairing/pairing-state.ts'
import type { SyncState } from '../../../../pwa/src/features/sync/sync-state.ts'
import type { Page, PracticeState, SaveError } from '../../../../pwa/src/ports.ts'
import { noRecovery } from '../../people/no-recovery.ts'
import type { InvitationTarget, PairingStore, PeopleState, Relay, Removal, SyncPlace } from '../../../../pwa/src/sync-ports.ts'
import { mountAnnouncer } from '../../../../pwa/src/ui/announce.ts'
import '../../../../pwa/src/ui/tokens.css'
import { createFakeCompanion } from '../../fakes/fake-companion.ts'
import * as examples from '../../people/examples.ts'
import { createMemoryRelay } from '../../pairing/memory-relay.ts'
import { createFakeMedia } from '../../session/fake-engine.ts'

const query = new URLSearchParams(location.search)
const clock = createClock()
const preferences = createPreferences()
const calls: string[] = []
const note = (call: string) => void calls.push(call)

/** A value that listeners are told at once and after every change. */
function held<T>(initial: T) {
  const listeners = new Set<(value: T) => void>()
  let value = initial
  return {
    now: () => value,
    set(next: T) {
      value = next
      for (const listener of [...listeners]) listener(value)
    },
    watch(listener: (value: T) => void) {
      listeners.add(listener)
      listener(value)
      return () => void listeners.delete(listener)
    },
  }
}

const practice = held<PracticeState | null>(null)
const people = held<PeopleState | null>(null)
const sync = held<SyncState>(examples.syncOf({ kind: 'only-device' }))
const removal = held<Removal | null>(null)
const relay = createMemoryRelay(clock)
const device = await importKeyPair(await generateSecret())
const otherDevice = await importKeyPair(await generateSecret())
const silent = query.has('no-server')
const noServer: Relay = { join: () => ({ publish: () => false, leave: () => undefined }) }

const welcome: WelcomeContents = {
  member: asId<MemberId>(randomId()),
  root: asId<EntryHash>(toBase64Url(randomBytes(32))),
  entries: [],
  foundingKey: toBase64Url(randomBytes(32)),
  epochKeys: [],
  room: null,
  practiceDocument: 'A'.repeat(200_000),
}
/** What the stores answer; a promise that nobody keeps yet shows the way there. */
let release: () => void = () => undefined
let holding = false
let fails: SaveError | null = null
function hold(): Promise<void> {
  if (!holding) return Promise.resolve()
  return new Promise((resolve) => {
    release = resolve
  })
}

const pairing: PairingStore = {
  async admit(target: InvitationTarget) {
    note(`admit ${target.kind}`)
    await hold()
    return fails ? err(fails) : ok(welcome)
  },
  withdraw: async () => ok(undefined),
  newDevice: async () => importKeyPair(await generateSecret()),
  forgetDevice: () => undefined,
  async adopt() {
    await hold()
    if (fails) return err(fails)
    practice.set(examples.practiceOf(examples.mensah, [examples.rivera, examples.mensah]))
    return ok(undefined)
  },
}

function tell<T>(value: T): (listener: (value: T) => void) => () => void {
  return (listener) => {
    listener(value)
    return () => undefined
  }
}

const saved = async (call: string) => {
  note(call)
  return fails ? err(fails) : ok(undefined)
}

const page: Page = {
  ...createPage(),
  async copyText(text) {
    note(`copy ${text}`)
    return true
  },
  holdPage: () => () => undefined,
}
const deps: AppDeps = {
  openCheck: () => Promise.reject(new Error('No devices here')),
  practice: {
    watch: (listener) => practice.watch(listener),
    create: async () => err('invalid'),
    updatePractice: () => saved('update'),
    changeTelehealth: (tier) => saved(`telehealth ${tier}`),
    async addMember(draft) {
      note(`add ${draft.name} ${draft.roles.join()}`)
      const added = examples.member(draft.name, draft.roles)
      const state = practice.now()
      if (state) practice.set({ ...state, members: [...state.members, added] })
      return ok(added)
    },
    renameMember: (id, name) => saved(`rename ${id} ${name}`),
    replaceStandingLink: () => saved('replace'),
  },
  people: {
    watch: (listener) => people.watch(listener),
    watchRemoval: (listener) => removal.watch(listener),
    changeRoles: (id, roles) => saved(`roles ${id} ${roles.join()}`),
    removeMember: (id) => saved(`remove ${id}`),
    async renameDevice(key, label) {
      const result = await saved(`rename device ${key} ${label}`)
      const state = people.now()
      if (result.ok && state) people.set({ ...state, devices: state.devices.map((one) => (one.key === key ? { ...one, label } : one)) })
      return result
    },
    async removeDevice(key) {
      const result = await saved(`remove device ${key}`)
      const [state, me] = [people.now(), practice.now()?.me]
      if (!result.ok || !state || !me) return result
      const isMine = state.devices.some((one) => one.key === key && one.member === me.id)
      const devices = state.devices.filter((one) => one.key !== key)
      people.set({ ...state, devices, roomAtRisk: state.roomAtRisk || (isMine && me.roomKey !== null) })
      return result
    },
    async replaceRoom() {
      const result = await saved('replace room')
      const state = people.now()
      if (result.ok && state) people.set({ ...state, roomAtRisk: false, roomSince: Date.now() })
      return result
    },
  },
  sync: {
    watch: (listener) => sync.watch(listener),
    log: {
      pause: () => note('pause the log'),
      resume: () => note('resume the log'),
      enrol: (code) => note(`enrol ${code}`),
      acknowledge: () => note('read'),
    },
    hurry: () => undefined,
    sendToOwnDevices: () => undefined,
    watchOwnDevices: () => () => undefined,
    close: () => undefined,
  },
  pairing,
  syncStore: {
    watchPlace(listener) {
      listener({ device } as SyncPlace)
      return () => undefined
    },
  },
  relay: silent ? noServer : relay.of('this device'),
  origin: 'https://clinic.example',
  deviceLabel: 'Chrome on Linux',
  patients: {
    watch: tell([examples.sam]),
    save: async () => err('invalid'),
    replaceLink: async () => ok(undefined),
  },
  schedule: {
    watchRange: (fromAt, _to, listener) => tell([examples.sessionOf(examples.sam, fromAt + 24 * 60 * examples.minuteMs)])(listener),
    watch: (_id, listener) => tell(null)(listener),
    ofPatient: async () => [],
    save: async () => err('invalid'),
  },
  vault: {
    hostIdentity: async () => null,
    acceptMinimumEpoch: async () => undefined,
    linkKey: async () => randomBytes(32),
    durability: async () => 'durable',
  },
  journal: { read: async () => null, write: async () => undefined },
  recovery: noRecovery(clock, (listener) => tell(null)(listener)),
  media: createFakeMedia(
    {
      camera: { kind: 'not-asked' },
      microphone: { kind: 'not-asked' },
      screen: null,
      devices: { cameras: [], microphones: [], speakers: null },
      chosenCamera: 'default',
      chosenMicrophone: 'default',
      chosenSpeaker: 'default',
      notice: null,
    },
    () => {
      throw new Error('No screen here')
    },
  ),
  background: {
    state: () => ({
      chosen: noBackground,
      phase: { kind: 'off' },
      keepsUp: true,
      canCancel: false,
      isCameraOn: true,
      alreadyBlurred: false,
      endsWithSession: false,
    }),
    subscribe: () => () => undefined,
    support: () => 'available',
    choose: () => undefined,
    cancel: () => undefined,
    reportLoad: () => undefined,
  },
  backgroundImages: createBackgroundImages(
    { thumbnailUrl: () => '', imageOf: async () => null },
    { list: async () => [], imageOf: async () => null, add: async () => err('not-kept'), remove: async () => undefined },
  ),
  clock,
  page,
  sound: {
    unlock: async () => undefined,
    canRing: async () => 'ok',
    ring: () => () => undefined,
    softTone: () => undefined,
    useSpeaker: async () => true,
  },
  notifications: { permission: () => 'unsupported', request: async () => 'unsupported', show: () => () => undefined },
  companion: createFakeCompanion(),
  preferences,
  tabs: createTabLock(),
  links: createLinks({ vault: { linkKey: async () => randomBytes(32) }, origin: 'https://clinic.example' }),
  language: await createLanguage(preferences),
  updates: { onReady: () => () => undefined, apply: () => undefined },
  browser: 'chrome',
  version: '0.1.0',
  damaged: () => false,
  canShareScreen: false,
  openRoom: async () => null,
}

/** The other device, wherever this one stands. */
let joiner: Joiner | null = null
let inviter: Inviter | null = null
const others: PairingStore = {
  admit: async () => ok(welcome),
  withdraw: async () => ok(undefined),
  newDevice: async () => otherDevice,
  forgetDevice: () => undefined,
  async adopt() {
    await hold()
    return ok(undefined)
  },
}

const demo = {
  calls,
  examples,
  practice,
  people,
  sync,
  removal,
  relay,
  welcome,
  hold() {
    holding = true
  },
  release() {
    holding = false
    release()
  },
  fail(error: SaveError | null) {
    fails = error
  },
  /** Opens the invitation that this device shows; the person there confirms any code. */
  otherJoins(link: string, name = 'other device') {
    const other = createJoiner({ clock, relay: relay.of(name), store: others, label: 'Firefox on Windows' }, link)
    other.watch(({ kind }) => kind === 'comparing' && other.confirm())
    joiner = other
  },
  otherGivesUp: () => joiner?.cancel(),
  joinerState() {
    let state: JoinerState | null = null
    joiner?.watch((next) => {
      state = next
    })()
    return state
  },
  /** Invites this device; gives the link. */
  async otherInvites(kind: InvitationTarget['kind'] = 'colleague'): Promise<string> {
    const target: InvitationTarget = kind === 'own-device' ? { kind } : { kind, member: examples.mensah.id }
    const options = { target, practice: 'Willow Practice', member: 'Dr. Kofi Mensah' }
    inviter = await createInviter(
      { clock, relay: relay.of('other device'), store: others, device: otherDevice, origin: location.origin },
      options,
    )
    let link = ''
    inviter.watch((state) => {
      if (state.kind === 'open') link = state.link
    })()
    return link
  },
  otherState() {
    let state: InviterState | null = null
    inviter?.watch((next) => {
      state = next
    })()
    return state
  },
  otherApproves: () => inviter?.approve(),
  otherDeclines: () => inviter?.decline(),
  otherCloses: () => inviter?.cancel(),
  /** The practice of the pictures: me with a laptop and a phone, a colleague, a scheduler. */
  fill(which: 'alone' | 'all' | 'clinician' | 'nobody-else'): void {
    const { rivera, mensah, desk, former, thisDevice, phone, mensahLaptop, deskComputer, practiceOf, peopleOf, syncOf, online } = examples
    if (which === 'alone') {
      practice.set(practiceOf(rivera, [rivera]))
      people.set(peopleOf([thisDevice]))
      return sync.set(syncOf({ kind: 'only-device' }))
    }
    const me = which === 'clinician' ? mensah : rivera
    const fresh = examples.member('Dr. Noor Haddad', ['clinician'])
    practice.set(practiceOf(me, [rivera, mensah, desk, fresh, former]))
    const devices = [thisDevice, phone, mensahLaptop, deskComputer].map((one) => ({
      ...one,
      isThis: which === 'clinician' ? one === mensahLaptop : one === thisDevice,
    }))
    people.set(peopleOf(devices, which === 'all' ? examples.exampleReports : []))
    const states = new Map([
      [phone.key, { ...online, online: false, heardAt: Date.now() - 50 * examples.minuteMs }],
      [mensahLaptop.key, online],
      [deskComputer.key, { online: true, settled: false, heardAt: Date.now() }],
      [thisDevice.key, online],
    ])
    sync.set(syncOf({ kind: 'synced' }, { devices: states }))
  },
}
export type Demo = typeof demo
Object.assign(window, { demo })

const fill = query.get('fill')
if (fill) demo.fill(fill as Parameters<typeof demo.fill>[0])
const path = query.get('path') ?? '/'
if (query.has('invited')) {
  const whole = await demo.otherInvites(query.get('invited') === 'own-device' ? 'own-device' : 'colleague')
  const { pathname, hash } = new URL(query.has('cut') ? whole.slice(0, -2) : whole)
  history.replaceState(null, '', pathname + hash)
} else history.replaceState(null, '', path)
if (query.has('lost')) preferences.set('practice-here', 'yes')
if (query.has('removed')) removal.set({ practice: 'Willow Practice', by: 'Dr. Ana Rivera' })

mountAnnouncer()
const root = document.createElement('div')
document.body.prepend(root)
render(() => <App deps={deps} />, root)
