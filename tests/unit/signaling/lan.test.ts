import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../../signaling/src/config.ts'
import { lanCertificate } from '../../../signaling/src/lan.ts'
import { startupProblem } from '../../../signaling/src/startup-problem.ts'
import { welcomeLines } from '../../../signaling/src/welcome.ts'

const dayMs = 24 * 60 * 60 * 1000
const now = Date.UTC(2026, 10, 23)

function config(environment: Record<string, string> = {}, args: readonly string[] = []) {
  const result = readConfig(environment, args)
  if (!result.ok) throw new Error(result.error.join(' '))
  return result.value
}

describe('the certificate of --lan', () => {
  let folder: string
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'alcove-lan-')), 'state')
  })
  afterEach(() => rm(join(folder, '..'), { recursive: true }))

  it('is for this computer under all its addresses, for less time than Apple allows', async () => {
    const { cert, key } = await lanCertificate(folder, ['192.168.1.20', '10.0.0.7'], now)
    const parsed = new X509Certificate(cert)
    for (const address of ['127.0.0.1', '192.168.1.20', '10.0.0.7']) expect(parsed.checkIP(address)).toBe(address)
    expect(parsed.checkHost('localhost')).toBe('localhost')
    expect(Date.parse(parsed.validTo) - Date.parse(parsed.validFrom)).toBeLessThan(825 * dayMs)
    expect(key).toContain('PRIVATE KEY')
  })

  it('is kept, for the owner alone, so that a phone has to be told only once', async () => {
    const first = await lanCertificate(folder, ['192.168.1.20'], now)
    expect(await lanCertificate(folder, ['192.168.1.20'], now + 300 * dayMs)).toEqual(first)
    expect((await stat(join(folder, 'lan-certificate.json'))).mode & 0o777).toBe(0o600)
  })

  it('is made anew for another address, before it expires, and when the file is broken', async () => {
    const first = await lanCertificate(folder, ['192.168.1.20'], now)
    const moved = await lanCertificate(folder, ['192.168.1.21'], now)
    expect(moved.cert).not.toBe(first.cert)
    const renewed = await lanCertificate(folder, ['192.168.1.21'], now + 360 * dayMs)
    expect(renewed.cert).not.toBe(moved.cert)
    await writeFile(join(folder, 'lan-certificate.json'), '{"cert":"x"')
    expect((await lanCertificate(folder, ['192.168.1.21'], now + 360 * dayMs)).cert).not.toBe(renewed.cert)
  })
})

describe('the first lines', () => {
  it('say where Alcove is, with the real port', () => {
    expect(welcomeLines(config(), 40123, [])).toEqual(['Alcove is running at http://localhost:40123'])
    expect(welcomeLines(config({ HOST: '::1' }), 1, [])[0]).toBe('Alcove is running at http://localhost:1')
    expect(welcomeLines(config({ HOST: '2001:db8::5' }), 1, [])[0]).toBe('Alcove is running at http://[2001:db8::5]:1')
    expect(welcomeLines(config({ TLS_CERT: 'a', TLS_KEY: 'b' }), 1, [])[0]).toBe('Alcove is running at https://localhost:1')
  })

  it('say which pages may connect when that is configured', () => {
    expect(welcomeLines(config({ PUBLIC_ORIGIN: 'https://a.example' }), 1, [])[1]).toBe('Pages may come from https://a.example')
  })

  it('show the address in the network, and a code to scan, with --lan', () => {
    const lines = welcomeLines(config({}, ['--lan']), 8080, ['192.168.1.20', '10.0.0.7'])
    expect(lines[0]).toBe('Alcove is running at https://localhost:8080')
    expect(lines[1]).toContain('https://192.168.1.20:8080  https://10.0.0.7:8080')
    expect(lines.at(-1)).toMatch(/[█▀▄]{5}/)
    // Others reach it, and anyone could fill its disk.
    expect(lines.join()).toContain('no sealed log without ENROLMENT_CODE')
    expect(welcomeLines(config({ ENROLMENT_CODE: 'open sesame' }, ['--lan']), 8080, []).join()).not.toContain('sealed log')
    expect(welcomeLines(config({}, ['--lan']), 8080, []).join()).toContain('in no network')
  })
})

describe('a server that cannot start', () => {
  const cases: [error: object, sentence: RegExp][] = [
    [{ code: 'EADDRINUSE' }, /port 8080 is in use. Set PORT/],
    [{ code: 'EACCES' }, /not allowed for this user/],
    [{ code: 'EADDRNOTAVAIL' }, /HOST is no address/],
    [{ code: 'ENOENT', path: 'cert.pem' }, /TLS_CERT cannot be read/],
    [{ code: 'ENOENT', path: 'key.pem' }, /TLS_KEY cannot be read/],
    [{ code: 'ERR_OSSL_PEM_NO_START_LINE' }, /TLS_CERT and TLS_KEY are not/],
    [{ code: 'EACCES', path: '.alcove/lan-certificate.json' }, /STATE_DIR cannot be written/],
    [new Error('something else'), /something else/],
  ]
  for (const [error, sentence] of cases) {
    it(`says what to do: ${sentence.source}`, () => {
      expect(startupProblem(error, config({ TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' }))).toMatch(sentence)
    })
  }
})
