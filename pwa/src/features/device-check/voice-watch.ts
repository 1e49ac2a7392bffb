export type VoiceVerdict = 'nothing-yet' | 'heard' | 'silent'

/** A voice is at least this loud (0..1), for a quarter of a second in all. */
const voice = 0.3
const voiceFrames = 5
/**
 * Eight seconds of perfect silence, at twenty levels a second. Every real microphone hisses a little, so zero all the
 * time means that it is switched off somewhere (C13); mere quiet never raises this alarm.
 */
const silentFrames = 160

/** Judges the levels of a meter one after the other. */
export function createVoiceWatch(): (level: number) => VoiceVerdict {
  let loud = 0
  let zeros = 0
  return (level) => {
    if (level >= voice) loud += 1
    zeros = level === 0 ? zeros + 1 : 0
    if (zeros >= silentFrames) {
      loud = 0
      return 'silent'
    }
    return loud >= voiceFrames ? 'heard' : 'nothing-yet'
  }
}
