import { fc } from './property.ts'

/** Any UTF-16 code units, lone surrogates and control characters too; cheaper than the library's own tables of Unicode. */
export function anyText(maxLength = 100): fc.Arbitrary<string> {
  return fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units))
}
