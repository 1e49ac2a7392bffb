import { measureMasks } from '../support/backgrounds/bench/masks.ts'
import { keepAnswers } from '../support/backgrounds/model-answers.ts'

/**
 * Masks of drawn people, whose true masks are known, against the model's own answers; a part of `backgrounds`.
 * `npm run bench -- backgrounds-masks keep` also stores the answers, which the tests judge masks by.
 */
const figures = await measureMasks(process.argv[2] === 'keep' ? keepAnswers : undefined)
for (const { what, raw, final } of figures) {
  const row = (words: string, { iou, boundary }: typeof raw) => `${words} IoU ${iou.toFixed(4)}, boundary F ${boundary.toFixed(4)}`
  process.stdout.write(`${what.padEnd(40)} ${row('model:', raw)}   ${row('mask:', final)}\n`)
}
const pass = figures.every(({ raw, final }) => final.iou >= raw.iou && final.boundary >= raw.boundary)
const mean = (of: 'raw' | 'final') => Number((figures.reduce((sum, one) => sum + one[of].boundary, 0) / figures.length).toFixed(4))
const [ours, peer] = [mean('final'), mean('raw')]
process.stdout.write(
  `\n${JSON.stringify({ name: 'backgrounds-masks', ours, peer, ratio: Number((ours / peer).toFixed(3)), goal: 1, pass })}\n`,
)
process.exit(pass ? 0 : 1)
