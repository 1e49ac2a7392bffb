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
    unreadable: 'Su consulta está en este dispositivo, pero no se puede leer.',
    unreadableHint: 'No se cambió ni se borró nada. Cierre todas las ventanas de este navegador, ábralo otra vez e inténtelo de nuevo.',
    newer: 'En este dispositivo se ha usado una versión más nueva de Alcove.',
    newerHint: 'Esta versión anterior no toca su consulta. Recargue para obtener la nueva.',
    damaged: 'Una parte de lo guardado en este dispositivo no se pudo leer. Se dejó como estaba; todo lo demás funciona.',
  },
  session: {
    running: (name) => (name ? `Su sesión con ${name} está en curso.` : 'Su sesión está en curso.'),
    return: 'Volver a la sesión',
    elsewhere: 'Su sala de espera está abierta en otra pestaña de este navegador.',
    toSchedule: 'Abrir el calendario',
    opening: 'Abriendo la sesión…',
    welcome: '¡Le damos la bienvenida!',
    join: 'Entrar en la sesión',
    cancel: 'Ahora no',
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
