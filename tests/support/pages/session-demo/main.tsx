/** The session's components on a page of their own, with puppets for engines; `window.demo` moves them. */
import { asId, type PatientId } from '@alcove/shared/domain/ids'
import { Match, Show, Switch } from 'solid-js'
import { render } from 'solid-js/web'
import { createOwnImages } from '../../../../pwa/src/adapters/backgrounds/own-images.ts'
import { createProjectImages } from '../../../../pwa/src/adapters/backgrounds/project-images.ts'
import type { BackgroundSupport } from '../../../../pwa/src/background-ports.ts'
import { createBackgroundImages } from '../../../../pwa/src/features/backgrounds/background-images.ts'
import { devicesWords, helpWords, practiceWords, scheduleWords, sessionWords } from '../../../../pwa/src/words/areas.ts'
import { speak } from '../../../../pwa/src/words/i18n.ts'
import type { HelpBrowser, HelpTopic } from '../../../../pwa/src/words/help.en.ts'
import { HelpPage } from '../../../../pwa/src/features/help/HelpPage.tsx'
import { ClinicianSession } from '../../../../pwa/src/features/session/ClinicianSession.tsx'
import { fromEngine } from '../../../../pwa/src/features/session/from-engine.ts'
import { PatientEnded } from '../../../../pwa/src/features/session/PatientEnded.tsx'
import { PatientSession } from '../../../../pwa/src/features/session/PatientSession.tsx'
import { RestartBanner } from '../../../../pwa/src/features/session/RestartBanner.tsx'
import type { RemotePerson } from '../../../../pwa/src/features/session/room-state.ts'
import { SessionEnded } from '../../../../pwa/src/features/session/SessionEnded.tsx'
import { createWaitingAnnouncer } from '../../../../pwa/src/features/waiting-room/waiting-announcer.ts'
import { WaitingRoomLayer } from '../../../../pwa/src/features/waiting-room/WaitingRoomLayer.tsx'
import type { Clock, Page, Preferences, Sound } from '../../../../pwa/src/ports.ts'
import { announce, mountAnnouncer } from '../../../../pwa/src/ui/announce.ts'
import '../../../../pwa/src/ui/tokens.css'
import { createFakeCompanion } from '../../fakes/fake-companion.ts'
import { drawnPerson, drawnScreen } from '../../session/drawn-person.ts'
import {
  emptyRoom,
  endedSession,
  exampleAppointment,
  exampleEntry,
  examplePerson,
  examplePractice,
  runningSession,
} from '../../session/examples.ts'
import { createFakeBackground, createMemoryImages } from '../../session/fake-background.ts'
import { createFakeMedia, createFakeRoom } from '../../session/fake-engine.ts'

const query = new URLSearchParams(location.search)
const view = query.get('view') ?? 'clinician'
const browser = (query.get('browser') ?? 'chrome') as HelpBrowser
const minuteMs = 60_000
const now = Date.now()
const log: string[] = []

const clock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
  every(intervalMs, run) {
    const timer = setInterval(run, intervalMs)
    return () => clearInterval(timer)
  },
}
const preferences: Preferences = {
  get: (name) => localStorage.getItem(name),
  set: (name, value) => localStorage.setItem(name, value),
}
let hidden = false
const page: Page = {
  isHidden: () => hidden,
  watchVisibility: () => () => undefined,
  watchOnline: () => () => undefined,
  setTitle: (title) => {
    document.title = title
  },
  setBadge: (count) => log.push(`badge ${count}`),
  keepAwake() {
    log.push('awake')
    return () => log.push('asleep')
  },
  holdPage() {
    log.push('hold')
    return () => log.push('release')
  },
  copyText: async (text) => {
    log.push(`copy ${text}`)
    return true
  },
  focus: () => undefined,
}
let heard: 'ok' | 'blocked' = query.get('sound') === 'blocked' ? 'blocked' : 'ok'
const sound: Sound = {
  unlock: async () => void log.push('unlock'),
  canRing: async () => heard,
  ring() {
    log.push('ring')
    return () => log.push('quiet')
  },
  softTone: () => log.push('soft'),
  useSpeaker: async () => true,
}
const notifications = {
  permission: () => 'default' as const,
  request: async () => 'granted' as const,
  show: (title: string, body: string) => {
    log.push(`notice ${title}|${body}`)
    return () => log.push('notice gone')
  },
}

const silence = () => new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0] as MediaStreamTrack
const streams = new Map<string, MediaStream>()
function personOf(name: string, change: Partial<RemotePerson> = {}): RemotePerson {
  const portrait = change.camera === undefined && query.has('portrait')
  const stream = streams.get(name) ?? drawnPerson((streams.size * 70 + 30) % 360, portrait ? 480 : 640, portrait ? 640 : 480)
  if (query.has('audio') && stream.getAudioTracks().length === 0) stream.addTrack(silence())
  streams.set(name, stream)
  return examplePerson(name, { main: stream, ...change })
}

const ownCamera = drawnPerson(200).getVideoTracks()[0]
const microphone = silence()
if (!ownCamera) throw new Error('no camera')
const screenTrack = () => drawnScreen().getVideoTracks()[0] as MediaStreamTrack
const media = createFakeMedia(
  {
    camera: { kind: 'live', track: ownCamera, enabled: true },
    microphone: { kind: 'live', track: microphone, enabled: true },
    screen: null,
    devices: {
      cameras: [
        { deviceId: 'front', label: 'FaceTime HD Camera' },
        { deviceId: 'desk', label: 'Desk camera' },
      ],
      microphones: [{ deviceId: 'headset', label: 'Headset microphone' }],
      speakers: [{ deviceId: 'out', label: 'Headphones' }],
    },
    chosenCamera: 'default',
    chosenMicrophone: 'default',
    chosenSpeaker: 'default',
    notice: null,
  },
  screenTrack,
)

const background = createFakeBackground((query.get('backgrounds') ?? 'available') as BackgroundSupport)
const keptImages = createMemoryImages()
const backgroundImages = createBackgroundImages(createProjectImages(), createOwnImages(keptImages))
const { practice } = examplePractice
const practiceHere = query.has('premium')
  ? { ...examplePractice, practice: { ...practice, telehealth: 'premium' as const } }
  : examplePractice

const names: Record<string, string> = { sam: 'Sam Lee', alex: 'Alex Kim', jo: 'Jo Park', late: 'Robin Diaz' }
const appointments = {
  sam: exampleAppointment('sam', now - 20 * minuteMs),
  alex: exampleAppointment('alex', now + 40 * minuteMs),
  jo: exampleAppointment('jo', now + 100 * minuteMs, { status: 'noshow' }),
  late: exampleAppointment('late', now + 8 * 60 * minuteMs),
}
const room = createFakeRoom({
  ...emptyRoom,
  session:
    view === 'ended'
      ? endedSession('sam', now)
      : view === 'outside'
        ? { kind: 'none' }
        : runningSession('sam', now - 754_000, [personOf('Sam Lee')]),
})
const announcer = createWaitingAnnouncer({
  room,
  sound,
  notifications,
  page,
  clock,
  companion: createFakeCompanion(),
  words: () => sessionWords().notice,
  baseTitle: 'Alcove',
})

const visit = {
  leave: () => log.push('leave'),
  setName: (name: string) => log.push(`name ${name}`),
  reconnectNow: () => log.push('reconnect'),
  restart: () => log.push('restart'),
}
const patientPhase = {
  kind: 'in-session' as const,
  startedAt: now - 65_000,
  people: [personOf('Dr. Rivera')],
  group: query.has('group'),
  clinicianGone: query.has('gone'),
  tampered: false,
}

function Demo() {
  const state = fromEngine(room)
  return (
    <Switch>
      <Match when={view === 'patient'}>
        <PatientSession
          visit={visit}
          phase={patientPhase}
          onName={(name) => log.push(`typed ${name}`)}
          signaling={{ kind: 'open' }}
          clinicianName="Dr. Rivera"
          name="Sam"
          media={media}
          sound={sound}
          steps={browser}
          canShareScreen={!query.has('phone')}
          clock={clock}
          page={page}
          preferences={preferences}
        />
      </Match>
      <Match when={view === 'patient-ended'}>
        <PatientEnded
          visit={visit}
          phase={{ kind: 'ended', iWantRestart: query.has('mine'), clinicianWantsRestart: query.has('theirs') }}
          clinicianName="Dr. Rivera"
          media={media}
          onHelp={(topic) => log.push(`help ${topic}`)}
        />
      </Match>
      <Match when={view === 'help'}>
        <main>
          <HelpPage
            topic={(query.get('topic') ?? 'connection') as HelpTopic}
            browser={browser}
            page={page}
            contact={
              query.has('practice')
                ? { kind: 'practice', practice: 'Harbor Counseling', phone: '+1 555 0100', email: 'hello@harbor.example' }
                : { kind: 'support', administrators: 'Dr. Rivera', version: '0.1.0', address: null }
            }
            navigation={{ kind: 'links', href: (topic) => `?view=help&topic=${topic}` }}
          />
        </main>
      </Match>
      <Match when={true}>
        <Show
          when={state().session.kind === 'running'}
          fallback={
            <>
              <RestartBanner room={room} media={media} clock={clock} onRestarted={() => log.push('restarted')} />
              <Show
                when={view === 'ended'}
                fallback={
                  <main>
                    <label>
                      Note <input />
                    </label>
                  </main>
                }
              >
                <main>
                  <SessionEnded scheduleHref="/" connectionHelpHref="/help/connection" supportHref="/help/contact" />
                </main>
              </Show>
            </>
          }
        >
          <ClinicianSession
            room={room}
            media={media}
            backgrounds={{ control: background, images: backgroundImages }}
            schedule={{
              watchRange(_from, _to, listener) {
                listener(Object.values(appointments))
                return () => undefined
              },
            }}
            practice={practiceHere}
            patientName={(id: PatientId | null) => names[id ?? ''] ?? ''}
            name="Dr. Rivera"
            onName={(name) => room.setName(name)}
            inviteLink="https://alcove.example/join#1.AbCdEf"
            sound={sound}
            steps={browser}
            canShareScreen={!query.has('phone')}
            clock={clock}
            page={page}
            preferences={preferences}
            notifications={notifications}
          />
        </Show>
        <WaitingRoomLayer
          room={room}
          announcer={announcer}
          media={media}
          practice={examplePractice}
          clock={clock}
          browser={browser}
          preparing={null}
          onStart={(appointment) => log.push(`start ${appointment.id}`)}
          onOpenSchedule={() => log.push('schedule')}
        />
      </Match>
    </Switch>
  )
}

const demo = {
  room,
  media,
  background,
  backgroundImages,
  keptImages,
  log,
  personOf,
  exampleEntry,
  appointments,
  announce,
  screenStream: drawnScreen,
  setHidden: (now: boolean) => {
    hidden = now
  },
  setHeard: (now: 'ok' | 'blocked') => {
    heard = now
  },
  patientId: (id: string) => asId<PatientId>(id),
}
export type Demo = typeof demo
Object.assign(window, { demo })

await speak(query.get('lang') === 'es' ? 'es' : 'en', [sessionWords, scheduleWords, helpWords, devicesWords, practiceWords])
mountAnnouncer()
const root = document.createElement('div')
document.body.prepend(root)
render(() => <Demo />, root)
// Tells the test without being asked.
void fetch('/drawn')
