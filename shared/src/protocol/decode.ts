import { err, ok, type Result } from '../domain/result.ts'
import * as v from './schema.ts'

export type DecodeError = 'malformed' | 'too-large'

/**
 * The one way in for bytes from elsewhere: size, JSON, then a closed schema (unknown keys are refused). Never throws.
 * Duplicate keys and `__proto__` do no harm: JSON.parse makes plain own properties, the last one wins, and only the
 * schema's own copy goes on.
 */
export function decode<T>(schema: v.GenericSchema<unknown, T>, text: string, maxLength: number): Result<T, DecodeError> {
  if (text.length > maxLength) return err('too-large')
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    return err('malformed')
  }
  const parsed = v.safeParse(schema, raw, { abortEarly: true })
  return parsed.success ? ok(parsed.output) : err('malformed')
}
