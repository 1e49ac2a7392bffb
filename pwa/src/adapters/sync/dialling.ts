/** Longer than an offer takes over the server; so much later is a connection if only this side dials. */
export const offerAfterMs = 500

/** What is changed of a browser's connection. */
export type Diallable = Pick<RTCPeerConnection, 'signalingState'> & {
  createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit>
  setLocalDescription(description: RTCSessionDescriptionInit): Promise<void>
  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void>
  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void>
}

/**
 * When a connection ends, both sides hear of it and dial each other in the same moment. y-webrtc lets one offer win, but
 * not while one is being made: then the two destroy each other, and both sides wait without end. So of two devices one
 * offers at once and the other (`waits`) only if nothing has come by then, and an offer is never said once the other's is here.
 * A candidate of an offer that lost fits nothing any more; simple-peer would end the connection over it.
 */
export function dialInTurn(connection: Diallable, waits: boolean): void {
  const never = () => new Promise<never>(() => undefined)
  const createOffer = connection.createOffer.bind(connection)
  const setLocal = connection.setLocalDescription.bind(connection)
  const setRemote = connection.setRemoteDescription.bind(connection)
  const addCandidate = connection.addIceCandidate.bind(connection)
  let isOffered = false

  const changes: Partial<Diallable> = {
    async createOffer(options) {
      if (waits) await new Promise((resolve) => setTimeout(resolve, offerAfterMs))
      return isOffered ? never() : createOffer(options)
    },
    async setLocalDescription(description) {
      if (description.type !== 'offer') return setLocal(description)
      if (isOffered) return never()
      await setLocal(description)
      // It came meanwhile, and took the place of ours.
      if (isOffered) return never()
    },
    setRemoteDescription(description) {
      if (description.type === 'offer') isOffered = true
      return setRemote(description)
    },
    addIceCandidate: (candidate) => addCandidate(candidate).catch(() => undefined),
  }
  for (const [name, value] of Object.entries(changes)) Object.defineProperty(connection, name, { value })
}
