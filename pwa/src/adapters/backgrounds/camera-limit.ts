/** Fewer lines from the camera itself are cheaper for everybody after it. What its owner asked of it comes back afterwards. */
export type CameraLimit = {
  use(camera: MediaStreamTrack): void
  /** `lines`: of the shorter side, in pixels. */
  limit(lines: number): void
  release(): void
}

/** So many lines, or more, are no limit. */
const allLines = 720

export function createCameraLimit(): CameraLimit {
  let camera: MediaStreamTrack | null = null
  let wished: MediaTrackConstraints = {}
  let lines = allLines
  let isLimited = false

  function apply(): void {
    if (camera?.readyState !== 'live' || (lines >= allLines && !isLimited)) return
    isLimited = lines < allLines
    // A camera that has only one size keeps it.
    void camera.applyConstraints(isLimited ? limited(camera, wished, lines) : wished).catch(() => undefined)
  }
  function release(): void {
    const asked = lines
    lines = allLines
    apply()
    lines = asked
  }

  return {
    use(next) {
      if (next === camera) return
      release()
      camera = next
      wished = next.getConstraints()
      isLimited = false
      apply()
    },
    limit(next) {
      lines = next
      apply()
    },
    release,
  }
}

function limited(camera: MediaStreamTrack, wished: MediaTrackConstraints, lines: number): MediaTrackConstraints {
  const { width = 16, height = 9 } = camera.getSettings()
  const longer = Math.round((lines * 16) / 9)
  const [mostWidth, mostHeight] = width < height ? [lines, longer] : [longer, lines]
  return { ...wished, width: { ...range(wished.width), max: mostWidth }, height: { ...range(wished.height), max: mostHeight } }
}

const range = (wish: ConstrainULong | undefined): ConstrainULongRange => (typeof wish === 'number' ? { ideal: wish } : { ...wish })
