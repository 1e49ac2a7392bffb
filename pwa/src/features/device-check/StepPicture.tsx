import type { JSX } from 'solid-js'
import type { StepPictureName } from './check-help.ts'
import styles from './StepPicture.module.css'

/** Where to look, drawn: no other product's picture, no words in it. The steps below say the same. */
export function StepPicture(props: { readonly of: StepPictureName }): JSX.Element {
  return (
    <svg class={styles.picture} viewBox="0 0 240 100" aria-hidden="true">
      {pictures[props.of]()}
    </svg>
  )
}

const pictures: Readonly<Record<StepPictureName, () => JSX.Element>> = {
  'address-sliders': () => <AddressBar sign={<path class={styles.line} d="M40 23h16M40 31h16M45 20v6M51 28v6" />} />,
  'address-lock': () => <AddressBar sign={<path class={styles.line} d="M42 26h12v8H42zM45 26v-3a3 3 0 0 1 6 0v3" />} />,
  'address-camera': () => <AddressBar sign={<path class={styles.line} d="M40 22h10v10H40zM50 25l6-3v10l-6-3M38 34l20-14" />} />,
  'menu-bar': () => (
    <>
      <rect class={styles.paper} x="8" y="8" width="224" height="84" rx="8" />
      <path class={styles.line} d="M8 28h224" />
      <path class={styles.strong} d="M44 18h26" />
      <path class={styles.faint} d="M86 18h16M114 18h16M142 18h16" />
      <rect class={styles.raised} x="34" y="32" width="112" height="52" rx="6" />
      <path class={styles.faint} d="M46 44h60M46 72h48" />
      <rect class={styles.chosen} x="40" y="51" width="100" height="14" rx="4" />
      <path class={styles.onChosen} d="M48 58h56" />
      <rect class={styles.ring} x="34" y="11" width="46" height="14" rx="7" />
    </>
  ),
  'phone-page': () => (
    <>
      <rect class={styles.paper} x="84" y="2" width="72" height="120" rx="12" />
      <rect class={styles.field} x="92" y="14" width="56" height="16" rx="8" />
      <path class={styles.line} d="M97 19h8M97 25h8M100 17v4M102 23v4" />
      <circle class={styles.ring} cx="101" cy="22" r="11" />
      <rect class={styles.raised} x="92" y="40" width="56" height="64" rx="6" />
      <Row x={98} y={56} width={44} />
      <Row x={98} y={78} width={44} />
    </>
  ),
  'system-switch': () => (
    <>
      <rect class={styles.paper} x="24" y="8" width="192" height="84" rx="8" />
      <path class={styles.line} d="M84 8v84" />
      <path class={styles.faint} d="M36 26h34M36 42h34M36 74h34" />
      <rect class={styles.chosen} x="32" y="51" width="44" height="14" rx="4" />
      <path class={styles.onChosen} d="M38 58h28" />
      <path class={styles.line} d="M98 28h12v10H98zM110 31l6-3v10l-6-3" />
      <path class={styles.line} d="M104 58v6M101 52a3 3 0 0 1 6 0v4a3 3 0 0 1-6 0zM98 56a6 6 0 0 0 12 0M100 66h8" />
      <Row x={126} y={33} width={76} />
      <Row x={126} y={60} width={76} />
    </>
  ),
  plug: () => (
    <>
      <rect class={styles.paper} x="20" y="26" width="92" height="52" rx="6" />
      <path class={styles.strong} d="M10 84h112" />
      <path class={styles.line} d="M112 58h14M132 52v12h14V52zM146 55h8M146 61h8" />
      <path class={styles.line} d="M154 58c22 0 14 26 34 26s18-16 18-28" />
      <circle class={styles.paper} cx="206" cy="38" r="18" />
      <circle class={styles.line} cx="206" cy="38" r="8" />
      <circle class={styles.ring} cx="132" cy="58" r="20" />
    </>
  ),
  windows: () => (
    <>
      <rect class={styles.paper} x="92" y="6" width="128" height="66" rx="8" />
      <path class={styles.line} d="M92 24h128M203 11l8 8M211 11l-8 8" />
      <path class={styles.line} d="M146 40h18v16h-18zM164 45l10-5v16l-10-5" />
      <circle class={styles.ring} cx="207" cy="15" r="12" />
      <rect class={styles.raised} x="20" y="32" width="108" height="60" rx="8" />
      <path class={styles.line} d="M20 48h108" />
      <circle class={styles.faint} cx="74" cy="64" r="8" />
      <path class={styles.faint} d="M58 86c2-10 30-10 32 0" />
    </>
  ),
  'mute-key': () => (
    <>
      <path class={styles.strong} d="M50 66V50a38 38 0 0 1 76 0v16" />
      <rect class={styles.raised} x="42" y="54" width="18" height="30" rx="8" />
      <rect class={styles.raised} x="116" y="54" width="18" height="30" rx="8" />
      <path class={styles.line} d="M125 84c0 12 20 10 34 4s16-14 16-20" />
      <rect class={styles.paper} x="164" y="24" width="22" height="46" rx="11" />
      <path class={styles.line} d="M175 36v6M172 33a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0M168 48l14-18" />
      <circle class={styles.ring} cx="175" cy="40" r="18" />
    </>
  ),
  call: () => (
    <>
      <rect class={styles.paper} x="84" y="2" width="72" height="120" rx="12" />
      <circle class={styles.faint} cx="120" cy="30" r="10" />
      <path class={styles.faint} d="M102 56c2-14 34-14 36 0" />
      <rect class={styles.end} x="98" y="68" width="44" height="20" rx="10" />
      <path class={styles.onChosen} d="M108 82c6-7 18-7 24 0" />
      <rect class={styles.ring} x="92" y="62" width="56" height="32" rx="16" />
    </>
  ),
  loudness: () => (
    <>
      <path class={styles.strong} d="M54 40h14l18-16v52L68 60H54z" />
      <path class={styles.strong} d="M98 38a18 18 0 0 1 0 24M110 28a32 32 0 0 1 0 44" />
      <path class={styles.line} d="M140 50h68" />
      <path class={styles.onLine} d="M140 50h44" />
      <circle class={styles.knob} cx="184" cy="50" r="9" />
      <circle class={styles.ring} cx="184" cy="50" r="18" />
    </>
  ),
  network: () => (
    <>
      <rect class={styles.paper} x="14" y="34" width="64" height="40" rx="5" />
      <path class={styles.strong} d="M6 80h80" />
      <path class={styles.onLine} d="M92 46a14 14 0 0 1 0 18M101 39a25 25 0 0 1 0 32" />
      <rect class={styles.raised} x="116" y="58" width="46" height="18" rx="5" />
      <path class={styles.line} d="M126 58V40M152 58V40M125 67h2M134 67h2M143 67h2" />
      <path class={styles.line} d="M162 67h14" />
      <path class={styles.paper} d="M188 74a13 13 0 0 1 1-26 17 17 0 0 1 32-2 14 14 0 0 1-1 28z" />
    </>
  ),
  browsers: () => (
    <>
      <path class={styles.paper} d="M16 22h70a8 8 0 0 1 8 8v30a8 8 0 0 1-8 8H46L30 82V68H16a8 8 0 0 1-8-8V30a8 8 0 0 1 8-8z" />
      <path class={styles.faint} d="M22 38h58M22 52h38" />
      <path class={styles.onLine} d="M104 46h28M122 36l10 10-10 10" />
      <rect class={styles.raised} x="144" y="16" width="86" height="66" rx="8" />
      <path class={styles.line} d="M144 36h86" />
      <rect class={styles.field} x="154" y="21" width="58" height="10" rx="5" />
      <path class={styles.faint} d="M156 50h54M156 64h36" />
    </>
  ),
}

/** A window; the sign at the left of the address opens a panel with two switches that are on. */
function AddressBar(props: { readonly sign: JSX.Element }): JSX.Element {
  return (
    <>
      <rect class={styles.paper} x="8" y="6" width="224" height="110" rx="8" />
      <path class={styles.line} d="M8 46h224" />
      <rect class={styles.field} x="30" y="14" width="170" height="26" rx="13" />
      <path class={styles.faint} d="M72 27h86" />
      {props.sign}
      <circle class={styles.ring} cx="48" cy="27" r="17" />
      <rect class={styles.raised} x="30" y="50" width="124" height="46" rx="6" />
      <Row x={40} y={63} width={104} />
      <Row x={40} y={83} width={104} />
    </>
  )
}

/** A line of words and a switch that is on. */
function Row(props: { readonly x: number; readonly y: number; readonly width: number }): JSX.Element {
  const end = () => props.x + props.width
  return (
    <>
      <path class={styles.faint} d={`M${props.x} ${props.y}h${props.width - 32}`} />
      <rect class={styles.chosen} x={end() - 22} y={props.y - 6} width="22" height="12" rx="6" />
      <circle class={styles.knobOn} cx={end() - 6} cy={props.y} r="4" />
    </>
  )
}
