/** Speaks to screen readers through one live region per urgency, which must exist before its words do. */
export type Urgency = 'polite' | 'assertive'

const regions = new Map<Urgency, HTMLElement>()

/** Puts the live regions on the page. Call it once, before anything is drawn. */
export function mountAnnouncer(root: HTMLElement = document.body): void {
  for (const urgency of ['polite', 'assertive'] as const) {
    if (regions.get(urgency)?.isConnected) continue
    const region = document.createElement('div')
    region.className = 'visually-hidden'
    region.setAttribute('aria-live', urgency)
    region.setAttribute('role', urgency === 'polite' ? 'status' : 'alert')
    root.append(region)
    regions.set(urgency, region)
  }
}

/** The region's words are a child that is replaced, so that the same words are read again. */
export function announce(words: string, urgency: Urgency = 'polite'): void {
  const region = regions.get(urgency)
  if (!region) return
  const line = document.createElement('p')
  line.textContent = words
  region.replaceChildren(line)
}
