import { type BackgroundChoice, noBackground } from '@alcove/shared/domain/background'
import { type JSX, Match, Show, Switch } from 'solid-js'
import { backgroundsWords } from '../../words/areas.ts'
import { formattingTag } from '../../words/i18n.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { CircleAlert, TriangleAlert } from '../../ui/icons.ts'
import { Progress } from '../../ui/Progress.tsx'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import type { BackgroundControl, BackgroundState } from './background-control.ts'
import { type BackgroundNews as News, megabytes } from './background-view.ts'
import styles from './BackgroundNews.module.css'

export type BackgroundNewsProps = {
  readonly news: News | null
  readonly state: BackgroundState
  readonly control: BackgroundControl
  readonly media: Pick<LocalMedia, 'state' | 'toggleCamera'>
  /** A button was pressed, and goes: puts the focus elsewhere. */
  readonly onDecided: () => void
}

/** What is going on with the background, what the other person sees meanwhile, and the next step as a button. */
export function BackgroundNews(props: BackgroundNewsProps): JSX.Element {
  const words = () => backgroundsWords()
  const kind = () => props.news?.kind
  const failure = () => (props.news?.kind === 'failed' ? words().failed[props.news.problem] : null)
  const missing = () => (props.news?.kind === 'unsupported' ? words().unsupported[props.news.why] : null)
  const isBlack = () => props.news?.kind === 'unsupported' && props.news.black
  const isChosen = () => props.state.chosen.kind !== 'none'

  function choose(choice: BackgroundChoice): void {
    props.control.choose(choice)
    props.onDecided()
  }
  function turnCameraOff(): void {
    const { camera } = props.media.state()
    if (camera.kind === 'live' && camera.enabled) void props.media.toggleCamera()
    props.onDecided()
  }
  const none = () => <Button onClick={() => choose(noBackground)}>{words().noBackground}</Button>
  const again = () => (
    <Button kind="primary" onClick={() => choose(props.state.chosen)}>
      {words().retry}
    </Button>
  )
  const cameraOff = () => <Button onClick={turnCameraOff}>{words().cameraOff}</Button>

  return (
    <Switch>
      <Match when={missing()}>
        {(said) => (
          <Banner tone="warning" icon={<Icon of={CircleAlert} />} actions={isChosen() ? none() : undefined}>
            <Said title={said().title} text={isBlack() ? `${words().black} ${said().text}` : said().text} />
          </Banner>
        )}
      </Match>
      <Match when={failure()}>
        {(said) => (
          <Banner
            tone="danger"
            icon={<Icon of={TriangleAlert} />}
            actions={
              <>
                {again()}
                {none()}
                {cameraOff()}
              </>
            }
          >
            <Said title={said().title} text={said().text} />
          </Banner>
        )}
      </Match>
      <Match when={kind() === 'interrupted'}>
        <Banner tone="warning" icon={<Icon of={CircleAlert} />}>
          <Said title={words().interrupted.title} text={words().interrupted.text} />
        </Banner>
      </Match>
      <Match when={kind() === 'slow'}>
        <Banner
          tone="warning"
          icon={<Icon of={CircleAlert} />}
          actions={
            <>
              {cameraOff()}
              {none()}
            </>
          }
        >
          <Said title={words().slow.title} text={words().slow.text} />
        </Banner>
      </Match>
      <Match when={kind() === 'loading' || kind() === 'starting'}>
        <Waiting {...props} />
      </Match>
    </Switch>
  )
}

function Said(props: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <>
      <p class={styles.title}>{props.title}</p>
      <p>{props.text}</p>
    </>
  )
}

/**
 * One element for both, so that the bar does not jump and Cancel keeps the focus. Where there is nothing to go back to, only the room
 * itself, that is another button in another place, and not the second click of two for Cancel.
 */
function Waiting(props: BackgroundNewsProps): JSX.Element {
  const words = () => backgroundsWords()
  const loading = () => (props.state.phase.kind === 'loading' && props.state.phase.totalBytes > 0 ? props.state.phase : null)
  const share = () => (props.news?.kind === 'loading' ? props.news.share : null)
  const title = () => (props.news?.kind === 'loading' ? words().loading : words().starting)
  return (
    <div class={styles.waiting}>
      <div class={styles.line}>
        <p class={styles.title}>{title()}</p>
        <Show when={loading()}>
          {(bytes) => (
            // The bar says it to those who ask; read out with every change it would drown all else.
            <p class={styles.bytes} aria-hidden="true">
              {words().loaded(megabytes(bytes().loadedBytes, formattingTag()), megabytes(bytes().totalBytes, formattingTag()))}
            </p>
          )}
        </Show>
      </div>
      <Progress value={share()} label={title()} />
      <div class={styles.line}>
        <p class={styles.meaning}>{words().blackUntilReady}</p>
        <Show when={props.state.canCancel}>
          <Button
            onClick={() => {
              props.control.cancel()
              props.onDecided()
            }}
          >
            {words().cancel}
          </Button>
        </Show>
      </div>
      <Show when={!props.state.canCancel}>
        <div class={styles.line}>
          <Button
            onClick={(event: MouseEvent) => {
              if (event.detail > 1) return
              props.control.choose(noBackground)
              props.onDecided()
            }}
          >
            {words().noBackground}
          </Button>
        </div>
      </Show>
    </div>
  )
}
