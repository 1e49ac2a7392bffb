import { arrivalChime, bell, softTone } from '@alcove/shared/domain/chime'
import type { Sound, Stop } from '../../ports.ts'

/** iOS may never answer a resume(). */
const resumeMs = 500
const watchMs = 250

/**
 * Our own sounds through one AudioContext. Never the other person's voice: what plays here is unknown to the echo
 * canceller (C12).
 */
export function createSound(): Sound {
  let context: AudioContext | null = null
  let speaker = 'default'

  function audio(): AudioContext {
    if (!context || context.state === 'closed') {
      context = new AudioContext()
      if (speaker !== 'default') void setSpeaker(context, speaker)
    }
    return context
  }

  /** A source that loops is kept by the audio thread, so timers that slow down in hidden tabs do not matter. */
  function play(sound: typeof arrivalChime | typeof softTone, loop: boolean): Stop {
    const target = audio()
    resume(target)
    const buffer = target.createBuffer(1, Math.round(sound.lengthS * target.sampleRate), target.sampleRate)
    buffer.copyToChannel(bell(sound, target.sampleRate), 0)
    const source = target.createBufferSource()
    source.buffer = buffer
    source.loop = loop
    source.connect(target.destination)
    source.start()
    let stopped = false
    return () => {
      if (stopped) return
      stopped = true
      source.stop()
      source.disconnect()
    }
  }

  return {
    async unlock() {
      const target = audio()
      await settled(target.resume(), resumeMs)
    },
    async canRing() {
      if (autoplayPolicy() === 'disallowed' && context?.state !== 'running') return 'blocked'
      const target = audio()
      if (target.state !== 'running') await settled(target.resume(), resumeMs)
      // A context may say "running" and stand still; only its clock tells.
      const before = target.currentTime
      await new Promise((resolve) => setTimeout(resolve, watchMs))
      return target.state === 'running' && target.currentTime > before ? 'ok' : 'blocked'
    },
    ring: () => play(arrivalChime, true),
    softTone() {
      const target = audio()
      // One that is held back must not come later, when it means nothing any more.
      const ready = target.state === 'running' ? Promise.resolve() : settled(target.resume(), resumeMs)
      void ready.then(() => {
        if (target.state === 'running') play(softTone, false)
      })
    },
    async useSpeaker(deviceId) {
      speaker = deviceId
      return setSpeaker(audio(), deviceId)
    },
  }
}

function resume(context: AudioContext): void {
  if (context.state !== 'running') context.resume().catch(() => undefined)
}

async function settled(promise: Promise<void>, limitMs: number): Promise<void> {
  await Promise.race([promise.catch(() => undefined), new Promise<void>((resolve) => setTimeout(resolve, limitMs))])
}

/** Firefox only (112). */
function autoplayPolicy(): string | undefined {
  const policy = (navigator as { getAutoplayPolicy?: (type: 'audiocontext') => string }).getAutoplayPolicy
  return policy?.call(navigator, 'audiocontext')
}

/** AudioContext.setSinkId: Chromium 110. Elsewhere the sounds stay on the system's own output. */
async function setSpeaker(context: AudioContext, deviceId: string): Promise<boolean> {
  const target = context as AudioContext & { setSinkId?: (id: string) => Promise<void> }
  if (!target.setSinkId) return false
  try {
    await target.setSinkId(deviceId === 'default' ? '' : deviceId)
    return true
  } catch {
    return false
  }
}
