import { parseKitLink } from '@alcove/shared/crypto/recovery-kit'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { type KitWords, kitWordCount, type WordsProblem } from '../../recovery-ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

export type TypedProblem = WordsProblem | { readonly kind: 'broken-link' | 'newer-link' }

/** Twelve fields; words, or a whole link pasted into one of them. */
export async function readTyped(words: KitWords, fields: readonly string[]): Promise<Result<Bytes, readonly TypedProblem[]>> {
  const link = fields.find((field) => field.includes('#'))
  if (link === undefined) return words.read(fields)
  const secret = await parseKitLink(link)
  if (secret.ok) return ok(secret.value)
  return err([{ kind: secret.error === 'newer-link' ? 'newer-link' : 'broken-link' }])
}

/** Several words at once, pasted or written into one field, go to the fields from there on: "1. amount 2. doctor". */
export function spread(fields: readonly string[], at: number, text: string): readonly string[] {
  const several = text.includes('#')
    ? [text.trim()]
    : text
        .split(/[\s,;]+/)
        .map((word) => word.replace(/^\d+[.)]?/, ''))
        .filter((word) => word !== '')
  if (several.length < 2) return fields.map((field, i) => (i === at ? (several[0] ?? '') : field))
  const from = several.length >= kitWordCount ? 0 : at
  return fields.map((field, i) => several[i - from] ?? field)
}
