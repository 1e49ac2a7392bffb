/** S9: the window around the start in which a session may be started. */
const windowMs = 5 * 60 * 60 * 1000
/** From then on the page says that the clinician is late. */
const lateMs = 10 * 60 * 1000

export type AppointmentTime =
  /** A standing link, or a link whose first appointment is long past: nobody here knows when. */
  | { readonly kind: 'unknown' }
  /** `open`: within five hours of the start. `late`: ten minutes past it. */
  | { readonly kind: 'known'; readonly startAt: number; readonly open: boolean; readonly late: boolean }

/** `startAt`: what the clinician's device said, else the link's hint, which never changes and so may be of last spring. */
export function appointmentTime(startAt: number | null, now: number): AppointmentTime {
  if (startAt === null || now > startAt + windowMs) return { kind: 'unknown' }
  return { kind: 'known', startAt, open: now >= startAt - windowMs, late: now >= startAt + lateMs }
}
