import { whomToAsk } from '@alcove/shared/domain/practice'
import { useParams } from '@solidjs/router'
import type { JSX } from 'solid-js'
import { HelpPage, helpTopics } from '../features/help/HelpPage.tsx'
import { useApp } from './app-context.ts'
import { formatChoice } from '../words/formats.ts'

export function HelpRoute(): JSX.Element {
  const app = useApp()
  const params = useParams()
  /** Nobody is sent to themselves. */
  const administrators = () => {
    const { members, me } = app.practiceState()
    return whomToAsk(members, 'change-telehealth').flatMap(({ id, name }) => (id === me.id ? [] : [name]))
  }
  return (
    <HelpPage
      topic={helpTopics.find((topic) => topic === params.topic) ?? 'connection'}
      browser={app.browser}
      contact={{ kind: 'support', administrators: formatChoice(administrators()), version: app.version, address: null }}
      page={app.page}
      navigation={{ kind: 'links', href: (topic) => `/help/${topic}` }}
    />
  )
}
