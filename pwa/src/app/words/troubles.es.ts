import type { MediaProblem } from '../../ports.ts'
import type { DeviceSubject, ProblemWords, TroublesWords } from './troubles.en.ts'

const the: Readonly<Record<DeviceSubject, string>> = { camera: 'la cámara', microphone: 'el micrófono', both: 'la cámara y el micrófono' }
const yours = { camera: 'Su cámara', microphone: 'Su micrófono' } as const

const problems: Readonly<Record<MediaProblem, (what: DeviceSubject) => ProblemWords>> = {
  denied: (what) => ({
    title: `Su navegador bloquea ${the[what]}`,
    text: 'Permita el acceso para este sitio. Esta página lo nota sola.',
  }),
  dismissed: (what) => ({
    title: `Su navegador pidió ${the[what]} y no obtuvo respuesta`,
    text: 'Pulse «Reintentar» y después Permitir.',
  }),
  'blocked-by-system': (what) => ({
    title: `Este dispositivo no deja que el navegador use ${the[what]}`,
    text: 'Active el acceso para su navegador en los ajustes del sistema y vuelva a abrir el navegador.',
  }),
  'in-use': (what) => ({
    title: `Otro programa está usando ${the[what]}`,
    text: 'Cierre otras videollamadas y programas de cámara y vuelva a intentarlo.',
  }),
  'not-found': (what) => ({
    title: what === 'both' ? 'No se encontró cámara ni micrófono' : `No se encontró ${the[what]}`,
    text: 'Compruebe la conexión y el interruptor. Esta página lo nota sola.',
  }),
  'over-constrained': (what) => ({
    title: `Aquí no funciona ${the[what]}`,
    text: 'Elija otro dispositivo de la lista.',
  }),
  insecure: () => ({
    title: 'La cámara y el micrófono necesitan una página segura',
    text: 'Abra la dirección con https:// al principio.',
  }),
  failed: (what) => ({
    title: `No se pudo iniciar ${the[what]}`,
    text: 'Desconecte y vuelva a conectar el dispositivo, o reinicie el navegador, e inténtelo de nuevo.',
  }),
}

export const words: TroublesWords = {
  problem: problems,
  retry: 'Reintentar',
  steps: 'Muéstreme cómo',
  loading: 'Un momento…',
  notice: {
    fellBack: (what, to) => `${yours[what]} se desconectó. Ahora se usa: ${to || 'otro dispositivo'}.`,
    returned: (to) => `${to || 'Su dispositivo'} ha vuelto y está en uso.`,
    appeared: (label) => `Se conectó ${label}.`,
    use: 'Usarlo',
    notSwitched: (what, why) => `No se cambió ${the[what]}. ${why}.`,
    dismiss: 'Cerrar mensaje',
  },
}
