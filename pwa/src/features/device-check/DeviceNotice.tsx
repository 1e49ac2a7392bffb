import type { JSX } from 'solid-js'
import { troublesWords } from '../../words/areas.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Info } from '../../ui/icons.ts'
import type { DeviceNotice as Notice, LocalMedia } from './local-media-state.ts'

export function DeviceNotice(props: { readonly media: LocalMedia; readonly notice: Notice }): JSX.Element {
  function take(notice: Extract<Notice, { kind: 'appeared' }>): void {
    const { deviceId } = notice.device
    void (notice.what === 'camera' ? props.media.chooseCamera(deviceId) : props.media.chooseMicrophone(deviceId))
  }
  return (
    <Banner
      tone="accent"
      icon={<Icon of={Info} />}
      actions={
        <>
          {props.notice.kind === 'interrupted' && (
            <Button onClick={() => props.notice.kind === 'interrupted' && void props.media.restore(props.notice.what)}>
              {troublesWords().notice.restore}
            </Button>
          )}
          {props.notice.kind === 'lost' && <Button onClick={() => void props.media.open()}>{troublesWords().retry}</Button>}
          {props.notice.kind === 'appeared' && (
            <Button onClick={() => props.notice.kind === 'appeared' && take(props.notice)}>{troublesWords().notice.use}</Button>
          )}
          <Button kind="plain" onClick={() => props.media.dismissNotice()}>
            {troublesWords().notice.dismiss}
          </Button>
        </>
      }
    >
      {wordsOf(props.notice)}
    </Banner>
  )
}

function wordsOf(notice: Notice): string {
  const words = troublesWords().notice
  switch (notice.kind) {
    case 'fell-back':
      return words.fellBack(notice.what, notice.to)
    case 'lost':
      return `${troublesWords().problem[notice.problem](notice.what).title}.`
    case 'returned':
      return words.returned(notice.to)
    case 'appeared':
      return words.appeared(notice.device.label)
    case 'interrupted':
      return words.interrupted(notice.what)
    case 'not-switched':
      return words.notSwitched(notice.what, troublesWords().problem[notice.problem](notice.what).title)
  }
}
