import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listedPaths } from './support/readme-tree.ts'
import {
  type Construct,
  entriesOf,
  findCycles,
  parseSource,
  pathsUnder,
  reachableFrom,
  readSources,
  root,
  type SourceFile,
} from './support/source-graph.ts'

/** The rules of docs/ARCHITECTURE.md. A rule that stands in the way is changed there and here, in the same commit. */
const files = readSources(['shared', 'signaling', 'pwa', 'extension', 'tests', 'scripts'])
const product = files.filter((file) => /^(?:shared|signaling|pwa|extension)\/src\//.test(file.path))

type Layer = {
  readonly name: string
  readonly of: RegExp
  /** Our files that it may import; `own` stands for the same adapter's folder. */
  readonly mayImport: readonly RegExp[]
}

const domain = /^shared\/src\/domain\//
const call = /^shared\/src\/call\//
const protocol = /^shared\/src\/protocol\//
const crypto = /^shared\/src\/crypto\//
const shared = /^shared\/src\//
const signaling = /^signaling\/src\//
const ports = /^pwa\/src\/(?:background-|sync-|log-|recovery-)?ports\.ts$/
const ui = /^pwa\/src\/ui\//
const features = /^pwa\/src\/features\//
const words = /^pwa\/src\/words\//
const app = /^pwa\/src\/app\//
const adapters = /^pwa\/src\/adapters\/([^/]+)\//
const worker = /^pwa\/src\/sw\//
const extension = /^extension\/src\//
/** The only places that know both features and adapters. */
const compositionRoots = /^pwa\/src\/(?:main|join|check)(?:\/|\.tsx$)/

const layers: readonly Layer[] = [
  { name: 'domain', of: domain, mayImport: [domain] },
  { name: 'call', of: call, mayImport: [domain, call] },
  { name: 'protocol', of: protocol, mayImport: [domain, protocol] },
  { name: 'crypto', of: crypto, mayImport: [domain, protocol, crypto] },
  { name: 'signaling', of: signaling, mayImport: [shared, signaling] },
  { name: 'extension', of: extension, mayImport: [shared, extension] },
  { name: 'ports', of: ports, mayImport: [shared, ports] },
  { name: 'ui', of: ui, mayImport: [ui] },
  { name: 'features', of: features, mayImport: [shared, ports, ui, features, words] },
  { name: 'words', of: words, mayImport: [shared, ports, words] },
  { name: 'app', of: app, mayImport: [shared, ports, ui, features, words, app] },
  { name: 'adapters', of: adapters, mayImport: [shared, ports] },
  { name: 'service worker', of: worker, mayImport: [worker] },
  { name: 'composition roots', of: compositionRoots, mayImport: [shared, /^pwa\/(?:src\/(?!sw\/)|package\.json$)/] },
]

/** One door per library: the files that may import it. A new library gets its line here. */
const doors: Readonly<Record<string, RegExp>> = {
  valibot: /^shared\/src\/protocol\/schema\.ts$/,
  'temporal-polyfill': /^shared\/src\/domain\/time\.ts$/,
  ws: /^signaling\/src\/ws-endpoint\.ts$/,
  'classic-level': /^signaling\/src\/sealed-log\/level-store\.ts$/,
  pino: /^signaling\/src\/log\.ts$/,
  selfsigned: /^signaling\/src\/lan\.ts$/,
  uqr: /^signaling\/src\/welcome\.ts$|^pwa\/src\/ui\/qr-code\.ts$/,
  dexie: /^pwa\/src\/adapters\/schedule\/database\.ts$/,
  // y-webrtc takes a Yjs document of its own, a copy of one.
  yjs: /^pwa\/src\/adapters\/(?:schedule\/(?:documents|update-math)|sync\/y-webrtc)\.ts$/,
  'y-webrtc': /^pwa\/src\/adapters\/sync\/y-webrtc\.ts$/,
  'webextension-polyfill': /^extension\/src\/browser\.ts$/,
  '@kobalte/core': /^pwa\/src\/ui\/kobalte\.ts$/,
  lucide: /^pwa\/src\/ui\/icons\.ts$/,
  // It would report what it does to its maker: the door lets it reach nothing.
  '@mediapipe/tasks-vision': /^pwa\/src\/adapters\/backgrounds\/worker\/segmenter\.ts$/,
  '@scure/bip39': /^pwa\/src\/adapters\/recovery\/kit-words\.ts$/,
  'workbox-precaching': worker,
  'workbox-routing': worker,
  // What the interface is made of is no device: it is in every file that draws.
  'solid-js': /^pwa\/src\/(?:ui|features|app|words)\/|^pwa\/src\/(?:main|join|check)|^extension\/src\/(?:popup|options|ui)\//,
  '@solidjs/router': /^pwa\/src\/app\/|^pwa\/src\/main/,
}

/** The outside world by its global names: features reach it through ports alone. */
const doorsOutside = [
  'WebSocket',
  'RTCPeerConnection',
  'indexedDB',
  'localStorage',
  'sessionStorage',
  'fetch',
  'BroadcastChannel',
  'Notification',
]

/** Longer than this, a file is two things. */
const maxLines = 400

const rulesOnConstructs: readonly { readonly what: Construct; readonly where: RegExp }[] = [
  { what: 'default export', where: /./ },
  { what: 'any', where: /./ },
  { what: 'enum', where: /./ },
  { what: 'export *', where: /./ },
  { what: 're-export of our own', where: /./ },
  { what: 'style attribute', where: /./ },
  { what: 'type check switched off', where: /./ },
  { what: 'left for later', where: /./ },
  { what: 'test that does not run', where: /^tests\// },
  { what: 'clock', where: /^shared\// },
  { what: 'randomness', where: /^shared\/src\/(?!crypto\/)/ },
]

const layerOf = (path: string) => layers.find((layer) => layer.of.test(path))

function forbiddenImports(file: SourceFile): string[] {
  const layer = layerOf(file.path)
  if (!layer) return []
  const ownAdapter = adapters.exec(file.path)?.[0]
  return file.imports
    .filter((one) => one.file !== null && !one.file.endsWith('.css'))
    .filter((one) => !(ownAdapter && one.file?.startsWith(ownAdapter)))
    .filter((one) => !layer.mayImport.some((allowed) => allowed.test(one.file ?? '')))
    .map((one) => `${file.path} (${layer.name}) imports ${one.file}`)
}

function forbiddenLibraries(file: SourceFile): string[] {
  return file.imports
    .filter((one) => one.library !== null)
    .filter((one) => !(one.library?.startsWith('node:') && signaling.test(file.path)))
    .filter((one) => !doors[one.library ?? '']?.test(file.path))
    .map((one) => `${file.path} imports ${one.specifier}`)
}

describe('who may import whom', () => {
  it('gives every file of the product a layer', () => {
    expect(product.filter((file) => !layerOf(file.path)).map((file) => file.path)).toEqual([])
    expect(product.length).toBeGreaterThan(50)
  })

  it('lets each layer import only what lies below it', () => {
    expect(product.flatMap(forbiddenImports)).toEqual([])
  })

  it('lets nothing but its door import a library', () => {
    expect(product.flatMap(forbiddenLibraries)).toEqual([])
  })

  it('lets the scripts of a fresh clone read nothing that is not installed yet', () => {
    // npm start and npm test install first; what draws is run by hand.
    const byHand = ['make-icons.mjs', 'draw-backgrounds.mjs']
    const atOnce = readdirSync(join(root, 'scripts'))
      .filter((name) => name.endsWith('.mjs') && !byHand.includes(name))
      .flatMap((name) =>
        [...readFileSync(join(root, 'scripts', name), 'utf8').matchAll(/^import .*?'([^'.][^']*)'$/gm)].map(
          ([, library]) => `${name} imports ${library}`,
        ),
      )
    expect(atOnce.length).toBeGreaterThan(10)
    expect(atOnce.filter((one) => !one.includes(' imports node:'))).toEqual([])
  })

  it('has a door for every dependency, and a dependency for every door', () => {
    const dependencies = ['shared', 'signaling', 'pwa', 'extension'].flatMap((folder) => {
      const manifest: { dependencies?: Record<string, string> } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      return Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith('@alcove/'))
    })
    expect([...new Set(dependencies)].sort()).toEqual(Object.keys(doors).sort())
  })

  it('keeps sockets, peer connections and stores out of features, the interface and the app', () => {
    const named = product
      .filter((file) => features.test(file.path) || ui.test(file.path) || app.test(file.path))
      .flatMap((file) => doorsOutside.filter((name) => file.identifiers.has(name)).map((name) => `${file.path} names ${name}`))
    expect(named).toEqual([])
  })

  it('lets nothing but tests import tests, and nothing but tests import scripts', () => {
    const wrong = [...product, ...files.filter((file) => file.path.startsWith('scripts/'))].flatMap((file) =>
      file.imports.filter((one) => one.file?.startsWith('tests/')).map((one) => `${file.path} imports ${one.file}`),
    )
    const scripts = product.flatMap((file) => file.imports.filter((one) => one.file?.startsWith('scripts/')).map((one) => one.specifier))
    expect([...wrong, ...scripts]).toEqual([])
  })

  it('has no cycles', () => {
    expect(findCycles(files)).toEqual([])
  })

  it('imports only files that exist, by their whole name', () => {
    const broken = files.flatMap((file) =>
      file.imports
        .filter((one) => one.file !== null && !existsSync(join(root, one.file)))
        .map((one) => `${file.path} imports ${one.specifier}`),
    )
    expect(broken).toEqual([])
  })

  it('lets y-webrtc and simple-peer ask no server that is not ours', () => {
    const sources = product
      .filter(({ path }) => path.startsWith('pwa/'))
      .map(({ path }) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    const calls = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/new WebrtcProvider\([\s\S]*?\n {2}\}\)/g)].map(([call]) => ({ path, call })),
    )
    expect(calls.map(({ path }) => path)).toEqual(['pwa/src/adapters/sync/y-webrtc.ts'])
    // Left out, each of them means public servers.
    expect(calls[0]?.call).toMatch(/\n {4}signaling: \[options\.url\],\n/)
    expect(calls[0]?.call).toMatch(/return \{ iceServers: usable\(options\.iceServers\(\)\) \}/)
    expect(sources.filter(({ text }) => /['"`](?:stuns?|turns?):[a-z]/.test(text)).map(({ path }) => path)).toEqual([])
  })

  it("keeps the app's libraries out of the patient's page", () => {
    const loaded = reachableFrom('pwa/src/join.tsx', files)
    const heavy = loaded.flatMap((file) =>
      file.imports
        .filter(
          (one) => !one.isTypeOnly && one.library !== null && !['solid-js', 'valibot', 'lucide', 'temporal-polyfill'].includes(one.library),
        )
        .map((one) => `${file.path} imports ${one.specifier}`),
    )
    expect(heavy).toEqual([])
    expect(loaded.length).toBeGreaterThan(1)
  })

  it("keeps backgrounds out of the patient's page, now and later", () => {
    const ofBackgrounds = (entry: string) =>
      reachableFrom(entry, files).flatMap(({ path }) => (/\/backgrounds\/|background-ports|sw\//.test(path) ? [path] : []))
    expect(ofBackgrounds('pwa/src/join.tsx')).toEqual([])
    expect(ofBackgrounds('pwa/src/main.tsx').length).toBeGreaterThan(10)
  })
})

describe('how files look', () => {
  it.each(rulesOnConstructs)('has no $what', ({ what, where }) => {
    const found = files
      .filter((file) => where.test(file.path))
      .flatMap((file) => file.constructs.filter((one) => one.what === what).map((one) => `${file.path}:${one.line}`))
    expect(found).toEqual([])
  })

  it(`has no file of more than ${maxLines} lines`, () => {
    const styles = ['pwa/src', 'extension/src']
      .flatMap((folder) => pathsUnder(folder, /\.css$/))
      .map((path) => ({
        path,
        lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1,
      }))
    const long = [...files, ...styles].filter((file) => file.lines > maxLines).map((file) => `${file.path} has ${file.lines} lines`)
    expect(long).toEqual([])
  })

  it('names files in kebab-case, and those of components in PascalCase', () => {
    const wrong = files.map((file) => file.path).filter((path) => !hasGoodName(path))
    expect(wrong).toEqual([])
  })

  it('has no index file', () => {
    expect(files.map((file) => file.path).filter((path) => /\/index\.tsx?$/.test(path))).toEqual([])
  })

  it('has no style attribute or script in the pages', () => {
    for (const page of ['pwa', 'extension'].flatMap((folder) => pathsUnder(folder, /\.html$/))) {
      const html = readFileSync(join(root, page), 'utf8')
      expect(html, page).not.toMatch(/\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=/)
    }
  })
})

function hasGoodName(path: string): boolean {
  const name = basename(path).replace(/(?:\.(?:test|module|config|en|es))?\.[a-z]+$/, '')
  const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
  return path.endsWith('.tsx') && features.test(path)
    ? /^[A-Z][A-Za-z0-9]*$/.test(name)
    : kebab.test(name) || /^[A-Z][A-Za-z0-9]*$/.test(name)
}

describe('the tree in the README', () => {
  const readme = existsSync(join(root, 'README.md')) ? readFileSync(join(root, 'README.md'), 'utf8') : ''
  const listed = listedPaths(readme)

  it('lists nothing that is not there', () => {
    expect(listed.length).toBeGreaterThan(10)
    expect(listed.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('lists every folder and file at the top, and every folder of the sources', () => {
    const top = entriesOf('.')
    const inSources = ['shared/src', 'signaling/src', 'pwa/src', 'extension/src', 'tests'].flatMap((folder) =>
      entriesOf(folder).folders.map((name) => `${folder}/${name}`),
    )
    const missing = [...top.folders, ...top.files, ...inSources].filter(
      (path) => !listed.some((one) => one === path || one.startsWith(`${path}/`)),
    )
    expect(missing).toEqual([])
  })
})

describe('the lockfile', () => {
  type Locked = { readonly resolved?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }
  const lockfile: { packages: Readonly<Record<string, Locked>> } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

  it('has the packages of every system, so that npm ci works on all of them', () => {
    const names = new Set(Object.keys(lockfile.packages).map((path) => path.replace(/^.*node_modules\//, '')))
    const missing = Object.values(lockfile.packages).flatMap((one) =>
      Object.keys(one.optionalDependencies ?? {}).filter((name) => !names.has(name)),
    )
    expect(missing).toEqual([])
  })

  it('names no registry', () => {
    expect(Object.values(lockfile.packages).filter((one) => one.resolved?.startsWith('http'))).toEqual([])
  })
})

describe('the rules themselves', () => {
  const sample = (path: string, text: string) => parseSource(path, text)

  it('notices each forbidden import', () => {
    const forbidden = [
      sample('shared/src/domain/a.ts', "import { b } from '../crypto/b.ts'"),
      sample('shared/src/call/a.ts', "import type { B } from '../protocol/b.ts'"),
      sample('pwa/src/features/x/A.tsx', "const b = import('../../adapters/rtc/b.ts')"),
      sample('pwa/src/adapters/rtc/a.ts', "import { b } from '../media/b.ts'"),
      sample('signaling/src/a.ts', "export { b } from '../../pwa/src/ports.ts'"),
      sample('pwa/src/ui/A.tsx', "type B = import('@alcove/shared/domain/b').B"),
      sample('extension/src/a.ts', "import { b } from '../../pwa/src/ports.ts'"),
    ]
    expect(forbidden.filter((file) => forbiddenImports(file).length !== 1).map((file) => file.path)).toEqual([])
    expect(forbiddenImports(sample('pwa/src/adapters/rtc/a.ts', "import { b } from './b.ts'"))).toEqual([])
  })

  it('notices each forbidden library', () => {
    const forbidden = [
      sample('pwa/src/features/x/A.tsx', "import { Dexie } from 'dexie'"),
      sample('shared/src/domain/a.ts', "import { readFile } from 'node:fs'"),
      sample('signaling/src/a.ts', "import { WebSocketServer } from 'ws'"),
      sample('signaling/src/a.ts', "import leftPad from 'left-pad'"),
    ]
    expect(forbidden.filter((file) => forbiddenLibraries(file).length !== 1).map((file) => file.path)).toEqual([])
  })

  it('notices each forbidden construct', () => {
    const text = [
      'export default 1',
      'let a: any',
      'enum B {}',
      "export * from './c.ts'",
      "export { d } from './d.ts'",
      'Date.now()',
      'new Date()',
      'Math.random()',
      '// @ts-ignore',
      '// TODO later',
      "it.skip('x', () => undefined)",
      'const e = <p style="color: red" />',
    ].join('\n')
    const found = parseSource('shared/src/domain/a.tsx', text).constructs.map((one) => one.what)
    expect([...new Set(found)].sort()).toEqual(rulesOnConstructs.map((rule) => rule.what).sort())
  })

  it('notices a cycle', () => {
    const circle = [
      sample('a/one.ts', "import './two.ts'"),
      sample('a/two.ts', "import './three.ts'"),
      sample('a/three.ts', "import './one.ts'"),
    ]
    expect(findCycles(circle)).toEqual([['a/one.ts', 'a/three.ts', 'a/two.ts']])
    expect(findCycles(circle.slice(0, 2))).toEqual([])
  })

  it('reads a tree', () => {
    const tree = [
      '```',
      'alcove/',
      '  README.md  LICENSE   the front',
      '  docs/     A.md  decisions/0001-*.md',
      '  shared/src/   what all agree on',
      '    domain/   eligibility  time',
      '```',
    ]
    expect(listedPaths(tree.join('\n'))).toEqual([
      'README.md',
      'LICENSE',
      'docs',
      'docs/A.md',
      'docs/decisions',
      'shared/src',
      'shared/src/domain',
    ])
  })
})
