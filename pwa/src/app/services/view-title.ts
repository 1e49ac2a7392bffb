import { helpWords, practiceWords, sessionWords, shellWords } from '../../words/areas.ts'

/** What the tab says. Never a patient's name. */
export function viewTitle(pathname: string): string {
  const section = pathname.split('/')[1] ?? ''
  const titles: Readonly<Record<string, () => string>> = {
    '': () => shellWords().scheduling,
    schedule: () => shellWords().scheduling,
    patients: () => shellWords().patients,
    settings: () => practiceWords().settings.title,
    session: () => sessionWords().screen.title,
    help: () => helpWords().topics,
  }
  return `${(titles[section] ?? (() => shellWords().notFound.title))()} – ${shellWords().app}`
}
