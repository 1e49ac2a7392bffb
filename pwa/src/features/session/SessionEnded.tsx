import { sessionWords } from '../../words/areas.ts'
import styles from './SessionEnded.module.css'

/** After the end in the clinician's app; Restart the Session stands above it, at the top of the page. */
export function SessionEnded(props: { readonly scheduleHref: string; readonly connectionHelpHref: string; readonly supportHref: string }) {
  const words = () => sessionWords().end
  return (
    <section class={styles.ended}>
      <h1>{words().title}</h1>
      <p class={styles.text}>{words().devicesOff}</p>
      <nav class={styles.links} aria-label={words().next}>
        <a href={props.scheduleHref}>{words().toSchedule}</a>
        <a href={props.connectionHelpHref}>{words().connectionHelp}</a>
        <a href={props.supportHref}>{words().contactSupport}</a>
      </nav>
    </section>
  )
}
