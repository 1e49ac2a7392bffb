/** The one door to Kobalte (MIT): widgets whose keyboard and screen reader habits are easy to get wrong. App pages only. */
export { DropdownMenu } from '@kobalte/core/dropdown-menu'
export { Tabs as TabList } from '@kobalte/core/tabs'
