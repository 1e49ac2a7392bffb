import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, test } from 'vitest'

const entry = fileURLToPath(new URL('../../../support/pages/patient-page-shared.ts', import.meta.url))

test('what the patient page takes from shared is under 9 kB, without the messages of hosts and servers', async () => {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: true, lib: { entry, formats: ['es'] } },
  })
  const [bundle] = Array.isArray(result) ? result : [result]
  if (!bundle || !('output' in bundle)) throw new Error('nothing was built')
  const { code } = bundle.output[0]
  for (const word of ['sealKnock', 'restart-offered', 'goaway']) expect(code).toContain(word)
  for (const word of ['presence', 'enrolled', 'not-needed', 'enrol`']) expect(code).not.toContain(word)
  expect(gzipSync(code, { level: 9 }).length).toBeLessThan(9 * 1024)
})
