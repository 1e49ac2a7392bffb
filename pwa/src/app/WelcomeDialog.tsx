import { mayUseBackgrounds } from '@alcove/shared/domain/background'
import { displayName } from '@alcove/shared/domain/display-name'
import { createSignal, createUniqueId, type JSX, onMount } from 'solid-js'
import { BackgroundSection } from '../features/backgrounds/BackgroundSection.tsx'
import { DeviceCheck } from '../features/device-check/DeviceCheck.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useApp } from './app-context.ts'
import styles from './WelcomeDialog.module.css'
import { devicesWords, shellWords } from '../words/areas.ts'

export type WelcomeDialogProps = {
  readonly name: string
  readonly onJoin: (name: string) => void
  readonly onCancel: () => void
}

/** S13-S19 on the clinician's side: name, devices, oneself, then **Join Session**. */
export function WelcomeDialog(props: WelcomeDialogProps): JSX.Element {
  const app = useApp()
  const [name, setName] = createSignal(props.name)
  const [missing, setMissing] = createSignal(false)
  const id = createUniqueId()
  const tier = () => app.practiceState().practice.telehealth
  const hasBackgrounds = () => mayUseBackgrounds(tier())
  let form: HTMLFormElement | undefined

  onMount(() => {
    // The click that brought this dialog is what lets later sounds ring.
    void app.sound.unlock()
    void app.media.open()
  })

  function join(event: Event): void {
    event.preventDefault()
    const shown = displayName(name())
    setMissing(shown === null)
    if (shown === null) form?.querySelector('input')?.focus()
    else props.onJoin(shown)
  }

  function cancel(): void {
    app.media.close()
    props.onCancel()
  }

  return (
    <Dialog
      title={shellWords().session.welcome}
      size="large"
      onClose={cancel}
      footer={
        <>
          <Button onClick={cancel}>{shellWords().session.cancel}</Button>
          <Button kind="primary" type="submit" form={id}>
            {shellWords().session.join}
          </Button>
        </>
      }
    >
      <form ref={form} id={id} class={hasBackgrounds() ? styles.withBackgrounds : undefined} novalidate onSubmit={join}>
        <DeviceCheck
          name={name()}
          onName={(next) => {
            setMissing(false)
            setName(next)
          }}
          nameError={missing() ? devicesWords().nameMissing : undefined}
          media={app.media}
          sound={app.sound}
          steps={app.browser}
          openCheck={app.openCheck}
        >
          <BackgroundSection control={app.background} images={app.backgroundImages} media={app.media} clock={app.clock} tier={tier()} />
        </DeviceCheck>
      </form>
    </Dialog>
  )
}
