import type { NoticesWords } from './notices.en.ts'

export const words: NoticesWords = {
  name: 'Alcove',
  waiting: (people) => (people === 1 ? 'Hay alguien en su sala de espera' : `Hay ${people} personas en su sala de espera`),
  waitingBody: 'Abra Alcove para responder.',
  open: 'Abrir',
  moment: 'Un momento',
  warning: 'Antes de su próxima sesión',
  check: 'Revisar ahora',
  quiet: {
    'camera-blocked': 'La cámara está bloqueada para su sitio de Alcove.',
    'microphone-blocked': 'El micrófono está bloqueado para su sitio de Alcove.',
    'notifications-blocked': 'Las notificaciones están bloqueadas para su sitio de Alcove.',
    'camera-missing': 'Falta una cámara que antes estaba.',
    'microphone-missing': 'Falta un micrófono que antes estaba.',
    offline: 'Este equipo no tiene conexión.',
    unreachable: 'No se puede conectar con su servidor de Alcove.',
    'no-access': 'La extensión ya no puede ver su sitio de Alcove.',
  },
  button: {
    idle: 'Alcove: revisar cámara, micrófono y sonido',
    waiting: (people) => (people === 1 ? 'Alcove: alguien está esperando' : `Alcove: ${people} personas están esperando`),
    problem: 'Alcove: algo necesita su atención',
  },
}
