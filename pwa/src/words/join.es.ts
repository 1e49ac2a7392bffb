import type { JoinWords } from './join.en.ts'

export const words: JoinWords = {
  pageTitle: 'Sesión por vídeo',
  otherLanguage: 'English',
  language: 'Switch to English',
  appointment: {
    name: 'Su cita',
    with: (clinician) => `Sesión con ${clinician}`,
    near: (day, time) => `Su cita es ${day} a las ${time}`,
    far: (day, time) => `Su cita es el ${day} a las ${time}`,
    call: (phone) => `Llamar al ${phone}`,
  },
  welcome: {
    title: '¡Le damos la bienvenida!',
    join: 'Entrar en la sala de espera',
    hint: (clinician) => `Nadie le ve ni le oye antes de que ${clinician} le deje entrar.`,
    otherTab: 'En este navegador también está abierta la aplicación de la consulta. Use auriculares, o se oirá eco.',
  },
  waiting: {
    title: 'Está en la sala de espera',
    notHeard: (clinician) => `${clinician} verá que usted espera en cuanto la sala esté abierta. Quédese en esta página.`,
    heard: (clinician) => `${clinician} sabe que usted está aquí. Quédese en esta página.`,
    moment: (clinician) => `${clinician} dice: «Un momento, por favor.»`,
    late: (clinician) => `${clinician} lleva retraso`,
    lateText: 'Usted conserva su lugar. Si no puede esperar, llame por teléfono.',
    lateTextNoPhone: 'Usted conserva su lugar. Si no puede esperar, póngase en contacto con la consulta.',
    farText: 'Puede cerrar esta página y volver con el mismo enlace.',
    since: (time) => `Esperando desde las ${time}`,
    devices: 'Cámara y micrófono',
    leave: 'Salir de la sala de espera',
    connecting: 'Abriendo la sesión…',
  },
  server: {
    title: 'No se puede llegar a la sala de espera',
    text: 'Compruebe su conexión a Internet. Esta página sigue intentándolo sola y no se pierde nada.',
    now: 'Probar ahora',
    connecting: 'Conectando…',
  },
  contact: 'Contactar con la consulta',
  help: 'Ayuda con problemas de conexión',
  backFromHelp: 'Volver a su sesión',
}
