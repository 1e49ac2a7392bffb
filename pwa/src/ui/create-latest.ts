import { type Accessor, createComputed, createSignal, onCleanup } from 'solid-js'

/**
 * The newest answer to a question that follows signals; undefined while there is none. Unlike a resource it suspends
 * nothing: what is on the screen stays there, with its scroll position and its open dialogs.
 */
export function createLatest<Question, Answer>(
  question: Accessor<Question>,
  ask: (question: Question) => Promise<Answer>,
): Accessor<Answer | undefined> {
  const [answer, setAnswer] = createSignal<Answer | undefined>()
  createComputed(() => {
    let current = true
    onCleanup(() => {
      current = false
    })
    void ask(question()).then((value) => {
      if (current) setAnswer(() => value)
    })
  })
  return answer
}
