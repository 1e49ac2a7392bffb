import type { Media, Stop } from '../../ports.ts'

const intervalMs = 50
/** Decibels (full scale) that are drawn as nothing; a quiet room is about here. */
const floorDb = -55
const ceilingDb = -10

/**
 * Loudness of a track, 0..1 along decibels, so that it moves as the ear hears. Works on a clone: a muted track sends
 * silence, but its owner may still see that the microphone hears. One context for every meter, closed with the last.
 */
export function createMeter(): Media['meter'] {
  let context: AudioContext | null = null
  let users = 0

  return function meter(track: MediaStreamTrack, listener: (level: number) => void): Stop {
    const audio = context ?? new AudioContext()
    context = audio
    users += 1
    const clone = track.clone()
    clone.enabled = true
    const source = audio.createMediaStreamSource(new MediaStream([clone]))
    const analyser = audio.createAnalyser()
    analyser.fftSize = 1024
    source.connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    const timer = setInterval(() => {
      if (audio.state !== 'running') {
        // Capturing pages may play in every engine; the promise may hang on iOS, so nobody waits for it.
        audio.resume().catch(() => undefined)
        return
      }
      analyser.getFloatTimeDomainData(samples)
      listener(loudness(samples))
    }, intervalMs)

    let stopped = false
    return () => {
      if (stopped) return
      stopped = true
      clearInterval(timer)
      source.disconnect()
      clone.stop()
      users -= 1
      if (users > 0) return
      context = null
      audio.close().catch(() => undefined)
    }
  }
}

/** Less than anything that is drawn, and more than nothing. */
const faintest = 0.001

/** Root mean square in decibels of full scale, mapped to 0..1. Exactly 0 only when every sample is: no real microphone gives that. */
export function loudness(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  if (sum === 0) return 0
  const db = 10 * Math.log10(sum / Math.max(1, samples.length))
  return Math.min(1, Math.max(faintest, (db - floorDb) / (ceilingDb - floorDb)))
}
