import { useNavigate } from '@solidjs/router'
import type { JSX } from 'solid-js'
import { Icon } from '../ui/Icon.tsx'
import { CircleHelp, CircleUser, Link, Settings } from '../ui/icons.ts'
import { Menu } from '../ui/Menu.tsx'
import { useApp } from './app-context.ts'
import { shellWords } from '../words/areas.ts'

export function AccountMenu(): JSX.Element {
  const app = useApp()
  const navigate = useNavigate()
  const words = () => shellWords().account
  return (
    <Menu
      label={words().menu}
      trigger={<Icon of={CircleUser} size="large" />}
      items={[
        { label: words().settings, icon: <Icon of={Settings} />, onSelect: () => navigate('/settings') },
        { label: words().waitingRoomLink, icon: <Icon of={Link} />, onSelect: () => app.showLinks() },
        { label: words().help, icon: <Icon of={CircleHelp} />, onSelect: () => navigate('/help/connection') },
      ]}
    />
  )
}
