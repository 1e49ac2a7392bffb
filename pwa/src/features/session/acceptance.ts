import { type Accessor, createSignal } from 'solid-js'
import type { AcceptRefusal, ClinicianRoom, WaitingEntry } from './room-state.ts'

/** What stands between a click on Accept and the admission. */
export type Acceptance = {
  /** Waits for something else than the running session: asked first, by name. */
  readonly asking: Accessor<WaitingEntry | null>
  readonly refusal: Accessor<Exclude<AcceptRefusal['kind'], 'other-appointment'> | null>
  accept(entry: WaitingEntry): Promise<void>
  confirm(): Promise<void>
  cancel(): void
  dismissRefusal(): void
}

export function createAcceptance(room: Pick<ClinicianRoom, 'accept'>): Acceptance {
  const [asking, setAsking] = createSignal<WaitingEntry | null>(null)
  const [refusal, setRefusal] = createSignal<Exclude<AcceptRefusal['kind'], 'other-appointment'> | null>(null)

  async function tryTo(entry: WaitingEntry, confirmed: boolean) {
    setRefusal(null)
    setAsking(null)
    const answer = await room.accept(entry.guest, { confirmed })
    if (answer.ok) return
    if (answer.error.kind === 'other-appointment') setAsking(answer.error.entry)
    else setRefusal(answer.error.kind)
  }

  return {
    asking,
    refusal,
    accept: (entry) => tryTo(entry, false),
    async confirm() {
      const entry = asking()
      if (entry) await tryTo(entry, true)
    },
    cancel: () => setAsking(null),
    dismissRefusal: () => setRefusal(null),
  }
}
