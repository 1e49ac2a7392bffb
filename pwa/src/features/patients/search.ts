import { fullName, type Patient } from '@alcove/shared/domain/patient'

/** Without accents and case, so that "jose" finds José. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
}

/** Those whose names contain every word of the query, by last name. */
export function findPatients(patients: readonly Patient[], query: string, locale: string): readonly Patient[] {
  const words = plain(query).split(/\s+/).filter(Boolean)
  const collator = new Intl.Collator(locale)
  return patients
    .filter((patient) => {
      const name = plain(fullName(patient))
      return words.every((word) => name.includes(word))
    })
    .sort((a, b) => collator.compare(a.lastName, b.lastName) || collator.compare(a.firstName, b.firstName))
}
