import { mayUseBackgrounds } from '@alcove/shared/domain/background'
import type { TelehealthTier } from '@alcove/shared/domain/practice'
import { createEffect, createMemo, type JSX, Show } from 'solid-js'
import { later } from '../../ui/later.ts'
import { fromEngine } from '../session/from-engine.ts'
import type { BackgroundPickerProps } from './BackgroundPicker.tsx'

/** What the picker needs, and whether there is to be one. */
export type BackgroundDoors = Omit<BackgroundPickerProps, 'media' | 'clock'>
type Props = Omit<BackgroundPickerProps, 'clock'> & { readonly tier: TelehealthTier }

const parts = later(async () => (await import('./background-details.ts')).backgroundParts())

/** S39: nothing of it is seen, or fetched, in a practice without Premium. */
export function BackgroundSection(props: Props & Pick<BackgroundPickerProps, 'clock'>): JSX.Element {
  return <WithParts {...props}>{(found) => found.picker(props)}</WithParts>
}

/** For a session's stage: says what must be known even when Settings are closed. */
export function BackgroundAlert(props: Props & { readonly onDecided: () => void }): JSX.Element {
  return <WithParts {...props}>{(found) => found.troubles(props)}</WithParts>
}

type Parts = NonNullable<ReturnType<typeof parts.part>>

function WithParts(props: Props & { readonly children: (found: Parts) => JSX.Element }): JSX.Element {
  const state = fromEngine(props.control)
  const isOffered = createMemo(() => mayUseBackgrounds(props.tier) || state().endsWithSession)
  createEffect(() => {
    if (isOffered()) parts.load()
  })
  return <Show when={isOffered() && parts.part()}>{(found) => props.children(found())}</Show>
}
