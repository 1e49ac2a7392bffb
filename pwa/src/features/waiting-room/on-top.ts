import type { Stop } from '../../ports.ts'

/**
 * Keeps an element above everything and usable. A modal dialog makes all that is outside it inert, so while one is open
 * the element lives inside it; as a manual popover it is drawn in the top layer, whatever the dialog clips.
 */
export function keepOnTop(element: HTMLElement): Stop {
  // Before Firefox 125 and Safari 17 there are no popovers; a fixed box inside the dialog does as well.
  const canPopOver = 'showPopover' in element
  if (canPopOver) element.popover = 'manual'

  function place() {
    const dialogs = document.querySelectorAll<HTMLElement>('dialog:modal')
    const host = dialogs[dialogs.length - 1] ?? document.body
    if (element.parentElement !== host) host.append(element)
    if (canPopOver && !element.matches(':popover-open')) element.showPopover()
  }

  place()
  const observer = new MutationObserver(place)
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['open'] })
  return () => {
    observer.disconnect()
    element.remove()
  }
}

/** Whether somebody is in the middle of writing: focus stays with them. */
export function isWriting(): boolean {
  const active = document.activeElement
  return (
    active instanceof HTMLElement &&
    (active.isContentEditable || active.matches('input:not([type="checkbox"], [type="radio"], [readonly]), textarea, select'))
  )
}
