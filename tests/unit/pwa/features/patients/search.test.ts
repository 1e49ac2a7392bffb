import { asId, type PatientId } from '@alcove/shared/domain/ids'
import { describe, expect, it } from 'vitest'
import { findPatients } from '../../../../../pwa/src/features/patients/search.ts'

const patient = (firstName: string, lastName: string) => ({
  id: asId<PatientId>(`${firstName}${lastName}`),
  firstName,
  lastName,
  linkGenerations: {},
})
const all = [patient('Sam', 'Fox'), patient('José', 'Álvarez'), patient('Ana', 'Fox')]
const names = (query: string) => findPatients(all, query, 'en').map(({ firstName }) => firstName)

describe('the search for patients', () => {
  it('lists everybody by last name, then first name', () => {
    expect(names('')).toEqual(['José', 'Ana', 'Sam'])
  })

  it('finds by any part of the name, in any order, without accents and case', () => {
    expect(names('alv')).toEqual(['José'])
    expect(names('FOX a')).toEqual(['Ana', 'Sam'])
    expect(names('fox sam')).toEqual(['Sam'])
    expect(names('zzz')).toEqual([])
  })
})
