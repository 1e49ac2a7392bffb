import type { JSX } from 'solid-js'
import { backgroundsWords } from '../../words/areas.ts'
import { use } from '../../words/i18n.ts'
import { BackgroundPicker, type BackgroundPickerProps } from './BackgroundPicker.tsx'
import { BackgroundTroubles } from './BackgroundTroubles.tsx'

/** All that is drawn of backgrounds, with its words: fetched when a Premium clinician is about to see it. */
export type BackgroundParts = {
  readonly picker: (props: BackgroundPickerProps) => JSX.Element
  readonly troubles: (props: Parameters<typeof BackgroundTroubles>[0]) => JSX.Element
}

export async function backgroundParts(): Promise<BackgroundParts> {
  await use(backgroundsWords)
  return { picker: BackgroundPicker, troubles: BackgroundTroubles }
}
