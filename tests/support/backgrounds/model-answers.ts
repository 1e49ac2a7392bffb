import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Still, stillSizes, stills } from './stills.ts'

/**
 * What the prepared models answered for each still, in bytes, one after the other: so that masks can be judged without a browser, and
 * that a model or runtime that answers otherwise is noticed. Written by `npm run bench -- backgrounds-masks keep`.
 */
const file = fileURLToPath(new URL('./model-answers.bin.gz', import.meta.url))

const lengthOf = ({ model }: Still) => stillSizes[model].modelWidth * stillSizes[model].modelHeight

export function keptAnswer(still: Still): Float32Array {
  const bytes = gunzipSync(readFileSync(file))
  const before = stills.slice(0, stills.indexOf(still)).reduce((sum, one) => sum + lengthOf(one), 0)
  return Float32Array.from(bytes.subarray(before, before + lengthOf(still)), (byte) => byte / 255)
}

export function keepAnswers(answers: readonly Float32Array[]): void {
  writeFileSync(file, gzipSync(Buffer.concat(answers.map((one) => Buffer.from(one.map((share) => Math.round(share * 255))))), { level: 9 }))
}
