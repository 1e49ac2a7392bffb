import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readConfig } from '../../../signaling/src/config.ts'
import { limitDefaults, limitMaxima } from '../../../signaling/src/limits.ts'

const text = readFileSync('docs/DEPLOY.md', 'utf8')
/** Variable to default, as the tables say. */
const documented = new Map(
  Array.from(text.matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+) \| (.*?) \| (.*) \|$/gm)).flatMap(([, names = '', value = '', meaning = '']) =>
    Array.from(names.matchAll(/[A-Z_]+/g), ([name]) => [name, { value: value.replaceAll('`', ''), meaning }] as const),
  ),
)

it('docs/DEPLOY.md has every limit with its default and its maximum, and no other', () => {
  const limits = Array.from(documented).filter(([name]) => name.startsWith('LIMIT_'))
  expect(Object.fromEntries(limits.map(([name, { value }]) => [name, Number(value)]))).toEqual(limitDefaults)
  for (const [name, max] of Object.entries(limitMaxima)) expect(documented.get(name)?.meaning).toContain(`${max} at most`)
})

it('docs/DEPLOY.md has every other variable that the server reads, and no other', () => {
  const read = new Set<string>()
  const environment = new Proxy<Record<string, string>>({}, { get: (_, name) => void read.add(String(name)) })
  const config = readConfig(environment, [])
  const others = Array.from(documented.keys()).filter((name) => !name.startsWith('LIMIT_'))
  expect(others.sort()).toEqual(
    Array.from(read)
      .filter((name) => !name.startsWith('LIMIT_'))
      .sort(),
  )
  if (!config.ok) throw new Error('The defaults are wrong')
  const { host, port, trustedProxies, stateDir, dataDir, logLevel } = config.value
  const inCode = { HOST: host, PORT: port, TRUST_PROXY: trustedProxies, STATE_DIR: stateDir, DATA_DIR: dataDir, LOG_LEVEL: logLevel }
  for (const [name, value] of Object.entries(inCode)) expect([name, documented.get(name)?.value]).toEqual([name, String(value)])
})
