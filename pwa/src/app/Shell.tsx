import { useLocation } from '@solidjs/router'
import { createEffect, ErrorBoundary, type JSX, on, Show } from 'solid-js'
import { OnlineNow } from '../features/people/OnlineNow.tsx'
import { WaitingRoomLinks } from '../features/practice/WaitingRoomLinks.tsx'
import { SyncLine } from '../features/sync/SyncStatus.tsx'
import { Button } from '../ui/Button.tsx'
import { AccountMenu } from './AccountMenu.tsx'
import { useApp } from './app-context.ts'
import { FullPage } from './FullPage.tsx'
import { Mark } from './Mark.tsx'
import { Notices } from './Notices.tsx'
import styles from './Shell.module.css'
import { WaitingRoom } from './WaitingRoom.tsx'
import { shellWords } from '../words/areas.ts'

export type ShellProps = {
  readonly linksShown: boolean
  readonly onHideLinks: () => void
  readonly children?: JSX.Element
}

/** Navigation, notices and the waiting room around every view. The session has the whole screen. */
export function Shell(props: ShellProps): JSX.Element {
  const app = useApp()
  const location = useLocation()
  const section = () => location.pathname.split('/')[1] ?? ''
  const inSession = () => section() === 'session' && app.runningAppointmentId() !== null
  let content: HTMLDivElement | undefined

  // Another view: the keyboard and the screen reader start at its top. Not for another day in the calendar.
  createEffect(
    on(
      section,
      (now, before) => {
        if (before !== '' && now !== before) content?.focus({ preventScroll: true })
      },
      { defer: true },
    ),
  )

  return (
    <ErrorBoundary fallback={<Failure />}>
      <div class={styles.shell} classList={{ [styles.bare as string]: inSession() }}>
        <Show when={!inSession()}>
          <button type="button" class={styles.skip} onClick={() => content?.focus()}>
            {shellWords().skip}
          </button>
          <header class={styles.header}>
            <a class={styles.brand} href="/">
              <Mark />
              <span class={styles.practice}>{app.practiceState().practice.name}</span>
            </a>
            <nav class={styles.navigation} aria-label={shellWords().navigation}>
              <NavigationLink href="/" current={section() === 'schedule' || section() === ''} label={shellWords().scheduling} />
              <NavigationLink href="/patients" current={section() === 'patients'} label={shellWords().patients} />
            </nav>
            <Show when={app.syncState()}>{(sync) => <SyncLine state={sync()} now={app.now()} href="/settings#devices" />}</Show>
            <OnlineNow
              me={app.practiceState().me}
              members={app.practiceState().members}
              people={app.peopleState()}
              sync={app.syncState()}
              href="/settings#devices"
            />
            <AccountMenu />
          </header>
          <Notices />
        </Show>
        {/* The session has its own main landmark; the element stays, so that no video is torn down. */}
        <div ref={content} class={styles.content} role={inSession() ? undefined : 'main'} tabIndex={-1}>
          {props.children}
        </div>
      </div>
      <WaitingRoom />
      <Show when={props.linksShown}>
        <WaitingRoomLinks
          me={app.practiceState().me}
          members={app.practiceState().members}
          linkOf={(clinician) => app.links.standing({ practice: app.practiceState().practice, clinician })}
          repository={app.practice}
          page={app.page}
          onClose={props.onHideLinks}
        />
      </Show>
    </ErrorBoundary>
  )
}

function NavigationLink(props: { readonly href: string; readonly current: boolean; readonly label: string }): JSX.Element {
  return (
    <a class={styles.link} href={props.href} aria-current={props.current ? 'page' : undefined}>
      {props.label}
    </a>
  )
}

/** A defect of the program: what is stored is safe, and opening again is the next step. */
function Failure(): JSX.Element {
  return (
    <FullPage
      title={shellWords().error.title}
      hint={shellWords().error.hint}
      action={
        <Button kind="primary" onClick={() => window.location.reload()}>
          {shellWords().error.reload}
        </Button>
      }
    />
  )
}

export function NotFound(): JSX.Element {
  return (
    <div class={styles.notFound}>
      <h1>{shellWords().notFound.title}</h1>
      <p>{shellWords().notFound.hint}</p>
      <a href="/">{shellWords().session.toSchedule}</a>
    </div>
  )
}
