/**
 * The paths in the tree of a README: the fenced block whose first line is `alcove/`. Two spaces (or a branch as `tree`
 * draws it) per level; two spaces or more between the name and what is said about it. Names after a file stand beside it,
 * names after a folder in it; what has neither a dot nor a slash at its end is a word, except `LICENSE`. Of a pattern with
 * a star only the folder counts.
 */
export function listedPaths(markdown: string): string[] {
  const block = /```[a-z]*\nalcove\/\n([\s\S]*?)```/.exec(markdown)?.[1] ?? ''
  const parents: string[] = []
  const found: string[] = []
  for (const line of block.split('\n').filter((one) => one.trim() !== '')) {
    const plain = line.replace(/[│├└─]/g, ' ')
    const indent = plain.search(/\S/)
    const names = namesOf(plain)
    const [first] = names
    if (first === undefined) throw new Error(`No path in this line of the tree: ${line}`)
    // The indentation of the line decides; deeper folders of earlier lines are behind us.
    for (const depth of parents.keys()) if (depth >= indent) delete parents[depth]
    const parent = Object.values(parents).filter(Boolean).join('')
    found.push(clean(parent + first))
    const beside = first.endsWith('/') ? parent + first : parent
    for (const name of names.slice(1)) found.push(clean(beside + name))
    if (first.endsWith('/')) parents[indent] = first
  }
  return found
}

function namesOf(line: string): string[] {
  const words = line.trim().split(/\s{2,}/)
  const end = words.findIndex((word) => !/^[\w.@*-]+(?:\/[\w.@*-]+)*\/?$/.test(word) || !(/[./]/.test(word) || word === 'LICENSE'))
  return end === -1 ? words : words.slice(0, end)
}

function clean(path: string): string {
  const withoutPattern = path.includes('*') ? path.replace(/\/[^/]*\*.*$/, '') : path
  return withoutPattern.replace(/\/$/, '')
}
