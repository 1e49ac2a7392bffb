/** Sounds computed, not loaded: nothing to fetch, nothing to license. */
type Note = { readonly atS: number; readonly hz: number; readonly volume: number }

/** How long a note rings, seconds. */
const decayS = 1.4
/** Partials of a small soft bell: multiple of the pitch, share of the loudness, how much faster it fades. */
const partials: readonly (readonly [multiple: number, share: number, fade: number])[] = [
  [1, 1, 1],
  [2, 0.3, 1.8],
  [3.01, 0.1, 3],
]

/** Two falling notes, then silence until it begins again. */
export const arrivalChime = {
  lengthS: 3,
  notes: [
    { atS: 0, hz: 784, volume: 0.3 },
    { atS: 0.32, hz: 587.3, volume: 0.3 },
  ],
} as const

export const softTone = { lengthS: 1.5, notes: [{ atS: 0, hz: 659.3, volume: 0.14 }] } as const

/** Mono samples within -1..1. */
export function bell(sound: { readonly lengthS: number; readonly notes: readonly Note[] }, sampleRate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(sound.lengthS * sampleRate))
  for (const { atS, hz, volume } of sound.notes) {
    const from = Math.round(atS * sampleRate)
    const to = Math.min(samples.length, from + Math.round(decayS * sampleRate))
    for (let index = from; index < to; index += 1) {
      const t = (index - from) / sampleRate
      // Ten milliseconds of attack, and down to nothing at the end: a jump would click.
      const envelope = Math.min(1, t / 0.01) * (1 - t / decayS)
      let value = 0
      for (const [multiple, share, fade] of partials) value += share * Math.exp(-4 * fade * t) * Math.sin(2 * Math.PI * hz * multiple * t)
      samples[index] = (samples[index] ?? 0) + volume * envelope * value
    }
  }
  return samples
}
