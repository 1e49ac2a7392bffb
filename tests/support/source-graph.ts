import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'vite'

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

export type Import = {
  /** As written. */
  readonly specifier: string
  /** Path in the repository, or null for a package or a Node module. */
  readonly file: string | null
  /** Name of the package (`@hpke/core`, `node:fs`), or null for a file of ours. */
  readonly library: string | null
  readonly isTypeOnly: boolean
}

export type SourceFile = {
  /** From the root, with forward slashes. */
  readonly path: string
  readonly lines: number
  readonly imports: readonly Import[]
  /** Constructs that the rules speak about, each with its line: `enum`, `default export`, ... */
  readonly constructs: readonly { readonly what: Construct; readonly line: number }[]
  /** Every identifier in the code, for globals that must not be named. */
  readonly identifiers: ReadonlySet<string>
}

export type Construct =
  | 'default export'
  | 'any'
  | 'enum'
  | 'export *'
  | 're-export of our own'
  | 'style attribute'
  | 'clock'
  | 'randomness'
  | 'type check switched off'
  | 'left for later'
  | 'test that does not run'

const ownPackage = '@alcove/'

/** Folders below `folder` and files in it, by name; what tools make is left out. */
export function entriesOf(folder: string): { readonly folders: string[]; readonly files: string[] } {
  const made = new Set(['node_modules', 'dist', 'screenshots'])
  const path = join(root, folder)
  const entries = existsSync(path) ? readdirSync(path, { withFileTypes: true }) : []
  const own = entries.filter((entry) => !made.has(entry.name) && !entry.name.startsWith('.'))
  return {
    folders: own.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
    files: own.filter((entry) => entry.isFile()).map((entry) => entry.name),
  }
}

export function pathsUnder(folder: string, extensions: RegExp): string[] {
  const { folders, files } = entriesOf(folder)
  const here = files.filter((name) => extensions.test(name)).map((name) => posix.join(folder, name))
  return [...here, ...folders.flatMap((name) => pathsUnder(posix.join(folder, name), extensions))]
}

export function readSources(folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) => pathsUnder(folder, /(?<!\.d)\.(?:ts|tsx|mts|mjs)$/)).map(readSource)
}

export function readSource(path: string): SourceFile {
  return parseSource(path, readFileSync(join(root, path), 'utf8'))
}

export function parseSource(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const imports: Import[] = []
  const constructs: { what: Construct; line: number }[] = []
  const identifiers = new Set<string>()

  const add = (what: Construct, node: { start: number }) => constructs.push({ what, line: text.slice(0, node.start).split('\n').length })
  const addImport = (specifier: string, isTypeOnly: boolean) => imports.push(resolve(path, specifier, isTypeOnly))

  new Visitor({
    ImportDeclaration: (node) => {
      addImport(node.source.value, node.importKind === 'type')
    },
    ImportExpression: (node) => {
      if (node.source.type === 'Literal' && typeof node.source.value === 'string') addImport(node.source.value, false)
    },
    TSImportType: (node) => {
      addImport(node.source.value, true)
    },
    ExportAllDeclaration: (node) => {
      addImport(node.source.value, node.exportKind === 'type')
      add('export *', node)
    },
    ExportNamedDeclaration: (node) => {
      if (!node.source) return
      addImport(node.source.value, node.exportKind === 'type')
      if (/^\.|^@alcove\//.test(node.source.value)) add('re-export of our own', node)
    },
    ExportDefaultDeclaration: (node) => {
      add('default export', node)
    },
    TSAnyKeyword: (node) => {
      add('any', node)
    },
    TSEnumDeclaration: (node) => {
      add('enum', node)
    },
    JSXAttribute: (node) => {
      if (node.name.type === 'JSXIdentifier' && node.name.name === 'style') add('style attribute', node)
    },
    NewExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) add('clock', node)
    },
    MemberExpression: (node) => {
      if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return
      const name = `${node.object.name}.${node.property.name}`
      if (/^(?:Date|performance|Temporal\.Now)\.now$/.test(name)) add('clock', node)
      if (/^(?:Math\.random|crypto\.(?:getRandomValues|randomUUID))$/.test(name)) add('randomness', node)
      if (/^(?:it|test|describe|suite)\.(?:skip|todo|only|fails|skipIf|runIf)$/.test(name)) add('test that does not run', node)
    },
    Identifier: (node) => {
      identifiers.add(node.name)
    },
  }).visit(program)

  for (const comment of comments) {
    if (/@ts-(?:ignore|nocheck|expect-error)|eslint-disable/.test(comment.value)) add('type check switched off', comment)
    if (/\b(?:TODO|FIXME|XXX|HACK)\b/.test(comment.value)) add('left for later', comment)
  }
  return { path, lines: text.split('\n').length - 1, imports, constructs, identifiers }
}

function resolve(from: string, specifier: string, isTypeOnly: boolean): Import {
  const plain = specifier.replace(/\?.*$/, '')
  if (plain.startsWith('.')) {
    const file = relative(root, join(root, dirname(from), plain))
      .split(sep)
      .join('/')
    return { specifier, file, library: null, isTypeOnly }
  }
  if (plain.startsWith('/')) return { specifier, file: `pwa${plain}`, library: null, isTypeOnly }
  if (plain.startsWith(`${ownPackage}shared/`)) {
    return { specifier, file: `shared/src/${plain.slice(`${ownPackage}shared/`.length)}.ts`, library: null, isTypeOnly }
  }
  const [scope, name] = plain.split('/')
  return { specifier, file: null, library: plain.startsWith('@') ? `${scope}/${name}` : (scope ?? plain), isTypeOnly }
}

/** Groups of files that import each other in a circle, each group sorted (Tarjan's strongly connected components). */
export function findCycles(files: readonly SourceFile[]): string[][] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const cycles: string[][] = []

  function visit(file: SourceFile): number {
    const index = order.size
    order.set(file.path, index)
    stack.push(file.path)
    let lowest = index
    for (const target of file.imports) {
      const next = target.file === null ? undefined : byPath.get(target.file)
      if (!next) continue
      if (next.path === file.path) cycles.push([file.path])
      else if (!order.has(next.path)) lowest = Math.min(lowest, visit(next))
      else if (stack.includes(next.path)) lowest = Math.min(lowest, order.get(next.path) ?? lowest)
    }
    low.set(file.path, lowest)
    if (lowest === index) {
      const group = stack.splice(stack.indexOf(file.path))
      if (group.length > 1) cycles.push(group.sort())
    }
    return lowest
  }

  for (const file of files) if (!order.has(file.path)) visit(file)
  return cycles
}

/** Everything that the file loads, itself included, at once or later; types are not loaded. */
export function reachableFrom(path: string, files: readonly SourceFile[]): SourceFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const found = new Map<string, SourceFile>()
  const queue = [path]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const file = byPath.get(next)
    if (!file || found.has(next)) continue
    found.set(next, file)
    for (const one of file.imports) if (one.file !== null && !one.isTypeOnly) queue.push(one.file)
  }
  return [...found.values()]
}
