import type { MediaProblem } from '@alcove/shared/domain/device-check'
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

const alwaysAllow: TroublesWords['alwaysAllow']['steps'] = {
  chrome: [
    'Cuando Chrome pregunte, elija «Permitir al visitar el sitio».',
    '¿Se le pasó? Pulse el icono a la izquierda de la dirección y active Cámara y Micrófono.',
  ],
  edge: ['Pulse el candado a la izquierda de la dirección.', 'Ponga Cámara y Micrófono en Permitir.'],
  firefox: ['Cuando Firefox pregunte, marque «Recordar esta decisión» antes de pulsar Permitir.'],
  safari: ['En el menú Safari elija Ajustes para este sitio web.', 'Ponga Cámara y Micrófono en Permitir.'],
  ios: ['En Safari toque el botón a la izquierda de la dirección y luego Ajustes del sitio web.', 'Ponga Cámara y Micrófono en Permitir.'],
  android: [
    'Cuando el navegador pregunte, elija «Al visitar el sitio» o «Mientras se usa la app».',
    '¿Se le pasó? Toque el icono a la izquierda de la dirección y luego Permisos.',
  ],
}

export const words: TroublesWords = {
  problem: problems,
  retry: 'Reintentar',
  alwaysAllow: {
    intro: 'Así no vuelve a preguntar la próxima vez.',
    steps: alwaysAllow,
  },
  notice: {
    fellBack: (what, to) => `${yours[what]} se desconectó. Ahora se usa: ${to || 'otro dispositivo'}.`,
    returned: (to) => `${to || 'Su dispositivo'} ha vuelto y está en uso.`,
    appeared: (label) => `Se conectó ${label}.`,
    interrupted: (what) => `El sistema se ha llevado ${the[what]}, quizá por una llamada. Vuelve sin más, o con el botón.`,
    restore: 'Recuperar',
    speakingMuted: 'Está hablando, pero su micrófono está silenciado.',
    unmute: 'Activarlo ya',
    silent: 'Nadie le oye: su micrófono no da ningún sonido.',
    otherMicrophone: 'Probar otro micrófono',
    use: 'Usarlo',
    notSwitched: (what, why) => `No se cambió ${the[what]}. ${why}.`,
    dismiss: 'Cerrar mensaje',
  },
}
