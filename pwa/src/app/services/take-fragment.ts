/** What follows the # of an address is read once and taken out of it: it stands in no history, bookmark or screenshot. */
export function takeFragment(): string | null {
  const { hash, pathname } = window.location
  if (hash.length < 2) return null
  window.history.replaceState(window.history.state, '', pathname)
  return hash
}
