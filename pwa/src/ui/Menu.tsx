import type { JSX } from 'solid-js'
import { For } from 'solid-js'
import { DropdownMenu } from './kobalte.ts'
import styles from './Menu.module.css'

export type MenuItem = { readonly label: string; readonly icon?: JSX.Element; readonly onSelect: () => void }

export type MenuProps = {
  /** Names the button when only an icon is drawn. */
  readonly label: string
  readonly trigger: JSX.Element
  readonly items: readonly MenuItem[]
}

/** A button that opens a list of actions. */
export function Menu(props: MenuProps): JSX.Element {
  return (
    <DropdownMenu modal={false} placement="bottom-end" gutter={6}>
      <DropdownMenu.Trigger class={styles.trigger} aria-label={props.label}>
        {props.trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class={styles.menu}>
          <For each={props.items}>
            {(item) => (
              <DropdownMenu.Item class={styles.item} onSelect={item.onSelect}>
                {item.icon}
                {item.label}
              </DropdownMenu.Item>
            )}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  )
}
