import type { Processed } from './contender.ts'

const askEveryMs = 1000

/** One way: the processed track goes out, nothing comes back. Candidates travel in the descriptions. */
export function createCall() {
  const connection = new RTCPeerConnection()
  let limitation = 'none'
  const received = new Promise<MediaStreamTrack>((resolve) => {
    connection.addEventListener('track', ({ track }) => resolve(track), { once: true })
  })

  async function gathered(): Promise<string> {
    if (connection.iceGatheringState !== 'complete') {
      await new Promise<void>((resolve) => {
        connection.addEventListener('icegatheringstatechange', () => {
          if (connection.iceGatheringState === 'complete') resolve()
        })
      })
    }
    return connection.localDescription?.sdp ?? ''
  }

  /** As the call does: the processor hears when the encoder gives up quality for want of processor time. */
  function care(sender: RTCRtpSender, processed: Processed): void {
    setInterval(async () => {
      for (const report of (await sender.getStats()).values()) {
        if (report.type === 'outbound-rtp') limitation = String(report.qualityLimitationReason ?? 'none')
      }
      processed.reportLoad({ encoderLimited: limitation === 'cpu', soundSuffers: false })
    }, askEveryMs)
  }

  return {
    async offer(processed: Processed): Promise<string> {
      const { sender } = connection.addTransceiver(processed.track(), { direction: 'sendonly' })
      await connection.setLocalDescription()
      care(sender, processed)
      return gathered()
    },
    async answer(sdp: string): Promise<string> {
      await connection.setRemoteDescription({ type: 'offer', sdp })
      await connection.setLocalDescription()
      const video = document.createElement('video')
      video.muted = true
      video.srcObject = new MediaStream([await received])
      document.body.append(video)
      void video.play()
      return gathered()
    },
    accept: (sdp: string) => connection.setRemoteDescription({ type: 'answer', sdp }),
    received: () => received,
    limited: () => limitation,
  }
}
