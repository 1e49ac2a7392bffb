import { type JSX, Show } from 'solid-js'
import { Icon } from '../../ui/Icon.tsx'
import { Check } from '../../ui/icons.ts'
import styles from './BackgroundTile.module.css'

/** One of the choices: a radio button that shows what it does. */
export function BackgroundTile(props: {
  readonly group: string
  readonly name: string
  readonly picture: JSX.Element
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChoose: () => void
  /** Beside the radio button, not inside. */
  readonly children?: JSX.Element
}): JSX.Element {
  return (
    <div class={styles.tile}>
      <label class={styles.choice}>
        <input
          class={styles.input}
          type="radio"
          name={props.group}
          checked={props.checked}
          disabled={props.disabled}
          onChange={() => props.onChoose()}
        />
        <span class={styles.picture}>
          {props.picture}
          <Show when={props.checked}>
            <span class={styles.mark}>
              <Icon of={Check} size="small" />
            </span>
          </Show>
        </span>
        <span class={styles.name}>{props.name}</span>
      </label>
      {props.children}
    </div>
  )
}

export function ImagePicture(props: { readonly url: string }): JSX.Element {
  return <img class={styles.image} src={props.url} alt="" width="256" height="144" decoding="async" draggable={false} />
}

/** The same room, as it is, a little out of focus, and far out of focus. */
export function RoomPicture(props: { readonly focus: 'none' | 'light' | 'blur' }): JSX.Element {
  return (
    <svg class={styles.image} viewBox="0 0 128 72" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <g class={styles.room} data-focus={props.focus}>
        <rect x="-20" y="-20" width="168" height="112" fill="#d9cfbf" />
        <rect x="-20" y="60" width="168" height="40" fill="#a98b6b" />
        <rect x="6" y="8" width="30" height="36" fill="#f4efe4" />
        <rect x="9" y="11" width="24" height="30" fill="#a9c6d6" />
        <rect x="20" y="11" width="2" height="30" fill="#f4efe4" />
        <rect x="9" y="25" width="24" height="2" fill="#f4efe4" />
        <rect x="88" y="10" width="34" height="3" fill="#7d5f43" />
        <rect x="91" y="-2" width="4" height="12" fill="#a4644a" />
        <rect x="96" y="0" width="5" height="10" fill="#5f7480" />
        <rect x="102" y="-1" width="3" height="11" fill="#c4a35f" />
        <rect x="112" y="2" width="7" height="8" fill="#46584f" />
        <rect x="104" y="50" width="12" height="14" fill="#b5744f" />
        <ellipse cx="110" cy="34" rx="4" ry="17" fill="#4d6b4a" />
        <ellipse cx="103" cy="39" rx="4" ry="13" fill="#6f8a5c" transform="rotate(-32 103 39)" />
        <ellipse cx="117" cy="39" rx="4" ry="13" fill="#5d7a52" transform="rotate(32 117 39)" />
      </g>
      <path d="M30 76c0-19 14-26 26-27.500v-6h16v6C84 50 98 57 98 76z" fill="#2f4f52" />
      <path d="M56 40h16v9.500c-3 5-13 5-16 0z" fill="#b98a6c" />
      <ellipse cx="64" cy="29" rx="12.500" ry="15.500" fill="#cf9f80" />
      <path
        d="M50.500 30c-2-16 5-22 13.500-22s15.500 6 13.500 22c-1.500-8-3-11-6-13-5 2.500-11 2.500-15 0-3 2-4.500 5-6 13z"
        fill="#4a352a"
      />
    </svg>
  )
}
