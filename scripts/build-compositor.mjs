import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'pwa/src/adapters/backgrounds/compositor/assembly')
const cache = join(root, 'node_modules/.cache/alcove')

/**
 * -O3 twice over, no runtime (nothing is ever freed), no checks that cost; `abort` would want an import.
 * Every browser that has the frame interfaces has SIMD.
 */
const flags = ['-O3', '--converge', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--use', 'abort=']

/** The compositor's WebAssembly, from its AssemblyScript: compiled when its source has changed, else as it was. */
export async function compositorWasm() {
  const hash = createHash('sha256').update(flags.join(' '))
  for (const name of readdirSync(folder).sort())
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(folder, name)))
      .update('\0')
  hash.update(readFileSync(join(root, 'node_modules/assemblyscript/package.json')))
  const kept = join(cache, `compositor-${hash.digest('hex').slice(0, 24)}.wasm`)
  if (existsSync(kept)) return new Uint8Array(readFileSync(kept))

  const { main } = await import('assemblyscript/asc')
  const outputs = new Map()
  const { error, stderr } = await main(['compositor.ts', '--baseDir', folder, '--outFile', 'compositor.wasm', ...flags], {
    writeFile: (name, contents) => outputs.set(name, contents),
  })
  const wasm = outputs.get('compositor.wasm')
  if (error || !wasm) throw new Error(`The compositor does not compile:\n${stderr.toString()}`)
  mkdirSync(cache, { recursive: true })
  const fresh = `${kept}.${process.pid}`
  writeFileSync(fresh, wasm)
  renameSync(fresh, kept)
  for (const name of readdirSync(cache)) {
    if (/^compositor-[0-9a-f]+\.wasm$/.test(name) && join(cache, name) !== kept) rmSync(join(cache, name), { force: true })
  }
  return new Uint8Array(wasm)
}
