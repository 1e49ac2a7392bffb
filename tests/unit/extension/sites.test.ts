import { describe, expect, it } from 'vitest'
import { contentPattern, matchPattern, originOf } from '../../../extension/src/sites.ts'

describe('the address of a site', () => {
  it.each([
    ['clinic.example', 'https://clinic.example'],
    ['https://Clinic.Example/join#secret', 'https://clinic.example'],
    [' https://clinic.example:8443/check ', 'https://clinic.example:8443'],
    ['localhost:8080', 'http://localhost:8080'],
    ['127.0.0.1:8080/', 'http://127.0.0.1:8080'],
  ])('%s is understood', (typed, origin) => {
    expect(originOf(typed)).toBe(origin)
  })

  it.each(['', 'http://clinic.example', 'ftp://clinic.example', 'javascript:alert(1)', 'file:///etc/passwd', 'two words', 'https://'])(
    '%j is refused',
    (typed) => {
      expect(originOf(typed)).toBeNull()
    },
  )

  it('becomes a pattern of that host alone, with its port where there are ports in patterns', () => {
    expect(matchPattern('https://clinic.example', true)).toBe('https://clinic.example:443/*')
    expect(matchPattern('https://clinic.example:8443', false)).toBe('https://clinic.example/*')
    expect(contentPattern('http://localhost:8080')).toBe('http://localhost:8080/*')
  })
})
