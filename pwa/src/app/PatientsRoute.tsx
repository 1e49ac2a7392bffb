import type { JSX } from 'solid-js'
import { PatientsPage } from '../features/patients/PatientsPage.tsx'
import { useApp } from './app-context.ts'

export function PatientsRoute(): JSX.Element {
  const app = useApp()
  return <PatientsPage patients={app.patientList()} repository={app.patients} />
}
