import { type LogIncident, type LogIncidentKind, logIncidentKinds } from '@alcove/shared/domain/sealed-log'

/** What happened to many documents at once is one line, with the last time. */
export type IncidentRow = { readonly kind: LogIncidentKind; readonly at: number }

export function incidentRows(incidents: readonly LogIncident[]): readonly IncidentRow[] {
  return logIncidentKinds.flatMap((kind) => {
    const times = incidents.filter((incident) => incident.kind === kind).map(({ at }) => at)
    return times.length === 0 ? [] : [{ kind, at: Math.max(...times) }]
  })
}
