/**
 * Runs inside pages, before anything else: notes when connections come about and when a remote video first shows the
 * fake camera. Times are epoch ms with fractions, comparable between processes of one computer.
 */
export type ProbeMarks = {
  /** The click on Accept, or the moment before the bare pair's offer is made. */
  readonly start?: number
  /** The peer's description is in. */
  readonly described?: number
  readonly ice?: number
  readonly dtls?: number
  /** The first frame with the marker in it is on the screen. */
  readonly painted?: number
}

declare global {
  interface Window {
    probe: { marks: Record<string, number>; mark(name: string): void; reset(): void; watch(video: HTMLVideoElement): void }
  }
}

export function installProbe(): void {
  const now = () => performance.timeOrigin + performance.now()
  const probe: Window['probe'] = {
    marks: {},
    mark(name) {
      probe.marks[name] ??= now()
    },
    reset() {
      probe.marks = {}
    },
    watch(video) {
      const canvas = document.createElement('canvas')
      canvas.width = 16
      canvas.height = 9
      const draw = canvas.getContext('2d', { willReadFrequently: true })
      /** Chromium's fake camera is a field of green; black, frozen or missing pictures are not. */
      const showsCamera = () => {
        if (!draw) return false
        draw.drawImage(video, 0, 0, 16, 9)
        const [red = 0, green = 0, blue = 0] = draw.getImageData(1, 1, 1, 1).data
        return green > 60 && green > red + 40 && green > blue + 40
      }
      const look = () => {
        if (showsCamera()) probe.mark('painted')
        else video.requestVideoFrameCallback(look)
      }
      video.requestVideoFrameCallback(look)
    },
  }
  window.probe = probe

  const Original = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      this.addEventListener('iceconnectionstatechange', () => {
        if (this.iceConnectionState === 'connected' || this.iceConnectionState === 'completed') probe.mark('ice')
      })
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') probe.mark('dtls')
      })
      this.addEventListener('signalingstatechange', () => {
        if (this.remoteDescription) probe.mark('described')
      })
    }
  }

  addEventListener(
    'click',
    ({ target }) => {
      const name = target instanceof Element ? target.closest('button')?.textContent?.trim() : undefined
      if (name?.startsWith('Accept')) probe.mark('start')
    },
    true,
  )

  const watched = new WeakSet<Element>()
  new MutationObserver(() => {
    for (const video of document.querySelectorAll('video')) {
      if (watched.has(video) || !video.getAttribute('aria-label')?.startsWith('Video of')) continue
      watched.add(video)
      probe.watch(video)
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-label'] })
}
