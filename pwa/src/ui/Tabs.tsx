import type { JSX } from 'solid-js'
import { For, Show } from 'solid-js'
import { TabList } from './kobalte.ts'
import styles from './Tabs.module.css'

export type Tab<Value extends string> = {
  readonly value: Value
  readonly label: string
  /** Something new in there, said in words: "2 people are waiting". */
  readonly mark?: string | undefined
}

export type TabsProps<Value extends string> = {
  readonly label: string
  readonly tabs: readonly Tab<Value>[]
  readonly value: Value
  readonly onChange: (value: Value) => void
  readonly children: (value: Value) => JSX.Element
}

export function Tabs<Value extends string>(props: TabsProps<Value>): JSX.Element {
  return (
    <TabList class={styles.tabs} value={props.value} onChange={(value) => props.onChange(value as Value)}>
      <TabList.List class={styles.list} aria-label={props.label}>
        <For each={props.tabs}>
          {(tab) => (
            <TabList.Trigger class={styles.tab} value={tab.value}>
              {tab.label}
              <Show when={tab.mark}>
                <span class={styles.mark} />
                <span class="visually-hidden">{`, ${tab.mark}`}</span>
              </Show>
            </TabList.Trigger>
          )}
        </For>
      </TabList.List>
      <For each={props.tabs}>
        {(tab) => (
          <TabList.Content class={styles.panel} value={tab.value}>
            {props.children(tab.value)}
          </TabList.Content>
        )}
      </For>
    </TabList>
  )
}
