import { createSignal, type JSX, Show } from 'solid-js'
import { joinWords } from '../../words/areas.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Ear } from '../../ui/icons.ts'

/** Everybody tries both sides in one browser first; without headphones that howls. */
export function BesideHint(props: { readonly sessionBeside: () => Promise<boolean> }): JSX.Element {
  const [beside, setBeside] = createSignal(false)
  void props.sessionBeside().then(setBeside)
  return (
    <Show when={beside()}>
      <Banner tone="accent" icon={<Icon of={Ear} />}>
        {joinWords().welcome.otherTab}
      </Banner>
    </Show>
  )
}
