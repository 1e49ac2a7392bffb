import { type JSX, Show } from 'solid-js'
import { devicesWords } from '../../app/words/areas.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Info } from '../../ui/icons.ts'
import type { DeviceNotice, LocalMedia, LocalMediaState } from './local-media-state.ts'

/** A headset that came or went, on every page that uses devices. The live region is there before its words. */
export function DeviceNotices(props: { readonly media: LocalMedia; readonly state: LocalMediaState }): JSX.Element {
  function use(notice: Extract<DeviceNotice, { kind: 'appeared' }>): void {
    const { deviceId } = notice.device
    void (notice.what === 'camera' ? props.media.chooseCamera(deviceId) : props.media.chooseMicrophone(deviceId))
  }
  return (
    <div role="status">
      <Show when={props.state.notice} keyed>
        {(notice) => (
          <Banner
            tone="accent"
            icon={<Icon of={Info} />}
            actions={
              <>
                {notice.kind === 'appeared' && <Button onClick={() => use(notice)}>{devicesWords().notice.use}</Button>}
                <Button kind="plain" onClick={() => props.media.dismissNotice()}>
                  {devicesWords().notice.dismiss}
                </Button>
              </>
            }
          >
            {wordsOf(notice)}
          </Banner>
        )}
      </Show>
    </div>
  )
}

function wordsOf(notice: DeviceNotice): string {
  const words = devicesWords().notice
  switch (notice.kind) {
    case 'fell-back':
      return words.fellBack(notice.what, notice.to)
    case 'returned':
      return words.returned(notice.to)
    case 'appeared':
      return words.appeared(notice.device.label)
    case 'not-switched':
      return words.notSwitched(notice.what, devicesWords().problem[notice.problem](notice.what).title)
  }
}
