import type { ShellWords } from './shell.en.ts'

export const words: ShellWords = {
  app: 'Alcove',
  skip: 'Ir al contenido',
  navigation: 'Principal',
  scheduling: 'Agenda',
  patients: 'Pacientes',
  account: {
    menu: 'Menú de la cuenta',
    settings: 'Ajustes',
    waitingRoomLink: 'Enlace de la sala de espera',
    help: 'Ayuda con problemas de conexión',
  },
  loading: 'Abriendo su consulta…',
  notices: 'Avisos',
  clock: (minutes, ahead) =>
    `El reloj de este dispositivo está ${minutes} minutos ${ahead ? 'adelantado' : 'atrasado'}. Las sesiones siguen la hora del servidor; por favor, ajuste el reloj de este dispositivo.`,
  update: {
    ready: 'Hay una versión nueva. Reinicie cuando quiera.',
    restart: 'Reiniciar ahora',
    later: 'Más tarde',
    inSession: 'Hay una sesión en curso en este dispositivo. Reinicie cuando termine.',
  },
  storage: {
    sessionOnly:
      'Este navegador lo olvida todo al cerrarse (ventana privada o almacenamiento bloqueado). Use una ventana normal para conservar su consulta.',
    failed: 'Este navegador no permite que Alcove guarde nada en este dispositivo, así que no se puede abrir ni guardar nada.',
    failedHint: 'Salga de la navegación privada, permita que este sitio guarde datos o libere espacio, e inténtelo de nuevo.',
    retry: 'Intentar de nuevo',
  },
  session: {
    running: (name) => (name ? `Su sesión con ${name} está en curso.` : 'Su sesión está en curso.'),
    return: 'Volver a la sesión',
    elsewhere: 'Su sala de espera está abierta en otra pestaña de este navegador.',
    elsewhereShow: 'Mostrar esa pestaña',
    gone: 'No hay ninguna sesión que mostrar.',
    goneHint: 'Inicie una desde una cita de la agenda.',
    toSchedule: 'Ir a la agenda',
    cannotStart: 'No se pudo iniciar la sesión.',
    otherRunning: 'Hay otra sesión en curso. Termínela primero o vuelva a ella.',
    notEligible: 'Esta cita no se puede iniciar ahora.',
    startElsewhere: 'Su sala de espera está abierta en otra pestaña de este navegador. Inicie la sesión allí.',
    opening: 'Abriendo la sesión…',
  },
  offline: 'No hay conexión. La agenda funciona; las sesiones necesitan conexión.',
  server: {
    offline: 'No se puede llegar a la sala de espera. Los pacientes no pueden entrar hasta que vuelva.',
    retry: 'Probar ahora',
    refused: 'El servidor no acepta este dispositivo.',
  },
  enrolment: {
    required:
      'El servidor de esta clínica pide una vez su código de inscripción. Sin él, las redes de algunos pacientes no podrán conectarse.',
    enter: 'Escribir el código',
  },
  error: {
    title: 'Algo salió mal',
    hint: 'Lo que se guardó está a salvo en este dispositivo.',
    reload: 'Abrir de nuevo',
  },
  notFound: {
    title: 'Aquí no hay nada',
    hint: 'La dirección puede ser antigua o tener un error.',
  },
  copy: {
    copied: 'Copiado',
    failed: 'Aquí no se permite copiar. El enlace está seleccionado: cópielo a mano.',
  },
}
