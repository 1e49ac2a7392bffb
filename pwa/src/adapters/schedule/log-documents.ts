import type { LogDocuments } from '../../log-ports.ts'
import type { DocumentStore } from './document-store.ts'
import type { Home } from './home.ts'
import type { View } from './views.ts'

/** The practice's documents against what their logs have. */
export function createLogDocuments(home: Home): LogDocuments {
  function documents(): DocumentStore<View> {
    const practice = home.current()
    if (!practice) throw new Error('There is no practice on this device')
    return practice.documents
  }
  return {
    lacking: (document, known) => documents().look(document, (shared) => shared.lacking(known)),
    whole: (document) => documents().look(document, (shared) => ({ update: shared.snapshot(), known: shared.known() })),
  }
}
