import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readSource, root } from '../../support/source-graph.ts'

/** Everything that has to be there before the app's first picture: what is imported, and not fetched later. */
function loadedWith(entry: string): ReadonlySet<string> {
  const loaded = new Set([entry])
  for (const path of loaded) {
    if (!/\.tsx?$/.test(path)) continue
    const text = readFileSync(join(root, path), 'utf8')
    for (const { specifier, file, library, isTypeOnly } of readSource(path).imports) {
      const name = file ?? library
      if (name !== null && !isTypeOnly && !text.includes(`import('${specifier}')`)) loaded.add(name)
    }
  }
  return loaded
}

it('the app loads what kits, other devices, the log, sessions and backgrounds take only after its first picture', () => {
  const loaded = loadedWith('pwa/src/main.tsx')
  for (const there of ['pwa/src/adapters/schedule/kit-store.ts', 'shared/src/crypto/chain.ts', 'dexie']) expect(loaded).toContain(there)
  const later = [...loaded].filter((path) =>
    /^@scure|y-webrtc|kit-work|crypto\/recovery-kit\.|features\/recovery\/(?:drill|restorer|make-kit|kit-keeper|kit-session)|features\/log\/log-sync|practice-sync\.|adapters\/log\/log-line\.|adapters\/backgrounds\/(?:open-backgrounds|processor|frame-routes|asset-cache|own-images)|features\/backgrounds\/BackgroundPicker/.test(
      path,
    ),
  )
  expect(later).toEqual([])
})
