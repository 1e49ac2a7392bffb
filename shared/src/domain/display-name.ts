/** The most that a name may be, counted as people count (graphemes) and as wires count (UTF-16 code units). */
const maxGraphemes = 40
const maxLength = 80
/** A letter may carry this many combining marks; the towers of marks that cover other lines are cut. */
const markTower = /(\p{M}{4})\p{M}+/gu

/**
 * Characters that nobody types in a name and that hide, reorder or break what stands around them: controls, formats (bidi
 * overrides, zero-width, soft hyphen, tags), lone surrogates, private use, and the blank Hangul and Braille letters.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u115F\u1160\u2800\u3164\uFFA0]/gu
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u

/**
 * A name as typed, made fit to be shown anywhere: NFC (Unicode UAX 15), nothing invisible, single spaces, at most 40
 * graphemes and 80 code units. Null when nothing is left. Cleaning twice changes nothing.
 */
export function displayName(typed: string): string | null {
  const seen = typed.slice(0, 1000).replace(/\s/gu, ' ').replace(hidden, '')
  const name = cut(seen.normalize('NFC').replace(markTower, '$1').replace(/ +/g, ' ').trim()).trim()
  return visible.test(name) ? name : null
}

function cut(name: string): string {
  let kept = ''
  let count = 0
  for (const grapheme of graphemes(name)) {
    if (++count > maxGraphemes || kept.length + grapheme.length > maxLength) break
    kept += grapheme
  }
  return kept
}

/** Whole code points where the browser has no Intl.Segmenter (Firefox before 125). */
function graphemes(name: string): Iterable<string> {
  if (!('Segmenter' in Intl)) return name
  return Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment)
}
