import { err, ok, type Result } from '@alcove/shared/domain/result'
import { type KitLanguage, kitLanguages, type KitWords, kitWordCount, type WordsProblem } from '../../recovery-ports.ts'

/** The one door to BIP-39 (@scure/bip39, MIT) and its lists of words; fetched when a kit is made or typed. */
type Bytes = Uint8Array<ArrayBuffer>
/** `plain`: small letters without accents. */
type List = { readonly words: readonly string[]; readonly plain: readonly string[] }

const library = () => import('@scure/bip39')
const sources: Readonly<Record<KitLanguage, () => Promise<{ readonly wordlist: readonly string[] }>>> = {
  en: () => import('@scure/bip39/wordlists/english.js'),
  es: () => import('@scure/bip39/wordlists/spanish.js'),
}

/** In both lists no two words begin with the same four letters, accents aside. */
const tellingLetters = 4

export function createKitWords(): KitWords {
  const lists = new Map<KitLanguage, List>()

  async function listOf(language: KitLanguage): Promise<List> {
    const known = lists.get(language)
    if (known) return known
    const words = (await sources[language]()).wordlist
    const list = { words, plain: words.map(plain) }
    lists.set(language, list)
    return list
  }

  return {
    async write(secret, language) {
      const [{ entropyToMnemonic }, { words }] = await Promise.all([library(), listOf(language)])
      return entropyToMnemonic(secret, [...words])
        .split(' ')
        .map((word) => word.normalize('NFC'))
    },
    async read(typed) {
      const missing = Array.from({ length: kitWordCount }, (_, i) => i + 1).filter((number) => plain(typed[number - 1] ?? '') === '')
      if (missing.length > 0) return err(missing.map((number) => ({ kind: 'missing-word', number })))
      try {
        const readings = await Promise.all(kitLanguages.map(async (language) => readIn(await listOf(language), typed)))
        const good = readings.find(({ ok }) => ok)
        if (good) return good
        // The language of the page: that of the words, as far as they can be recognised.
        return readings.reduce((best, one) => (unknownIn(one) < unknownIn(best) ? one : best))
      } catch {
        return err([{ kind: 'no-list' }])
      }
    },
  }
}

type Reading = Result<Bytes, readonly WordsProblem[]>

async function readIn(list: List, typed: readonly string[]): Promise<Reading> {
  const { mnemonicToEntropy } = await library()
  const found = typed.slice(0, kitWordCount).map((word) => indexOf(list.plain, plain(word)))
  const problems = found.flatMap((index, i): WordsProblem[] => {
    const word = (typed[i] ?? '').trim()
    return index === null ? [{ kind: 'unknown-word', number: i + 1, word, suggestion: suggest(list, plain(word)) }] : []
  })
  if (problems.length > 0) return err(problems)
  try {
    const words = found.map((index) => list.words[index ?? 0] ?? '')
    return ok(Uint8Array.from(mnemonicToEntropy(words.join(' '), [...list.words])))
  } catch {
    return err([{ kind: 'unfit' }])
  }
}

function unknownIn(reading: Reading): number {
  return reading.ok ? 0 : reading.error.filter(({ kind }) => kind === 'unknown-word').length
}

function plain(word: string): string {
  return word.trim().normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

function indexOf(plainList: readonly string[], word: string): number | null {
  const exact = plainList.indexOf(word)
  if (exact >= 0) return exact
  if (word.length < tellingLetters) return null
  const begun = plainList.findIndex((one) => one.startsWith(word))
  return begun >= 0 ? begun : null
}

/** The same first letters, or one or two letters apart. */
function suggest(list: List, word: string): string | null {
  const begun = word.length >= tellingLetters ? list.plain.findIndex((one) => one.startsWith(word.slice(0, tellingLetters))) : -1
  if (begun >= 0) return list.words[begun]?.normalize('NFC') ?? null
  let best: { readonly at: number; readonly distance: number } | null = null
  for (const [at, one] of list.plain.entries()) {
    const distance = distanceOf(word, one)
    if (distance <= 2 && (best === null || distance < best.distance)) best = { at, distance }
  }
  return best && best.distance < word.length - 1 ? (list.words[best.at]?.normalize('NFC') ?? null) : null
}

/** Letters to change, add, leave out, or exchange with their neighbour (optimal string alignment). */
function distanceOf(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return 3
  let [before, previous]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1]
      let least = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
    }
    ;[before, previous] = [previous, row]
  }
  return previous[other.length] ?? 3
}
