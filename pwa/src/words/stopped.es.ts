import type { StoppedWords } from './stopped.en.ts'

export const words: StoppedWords = {
  early: {
    text: (clinician, from) => `Ha llegado antes de hora, así que aún no se ha avisado a ${clinician}. La sala de espera se abre ${from}.`,
    from: (day, time) => `${day} a las ${time}`,
    hint: 'Vuelva con el mismo enlace. Puede cerrar esta página.',
    again: 'Entrar en la sala de espera',
  },
  declined: {
    title: (clinician) => `${clinician} no puede atenderle ahora`,
    text: 'Llame a la consulta o inténtelo un poco más tarde. Su enlace sigue siendo el mismo.',
    textNoPhone: 'Póngase en contacto con la consulta o inténtelo un poco más tarde. Su enlace sigue siendo el mismo.',
  },
  removed: {
    title: 'Ya no está en la sesión',
    text: (clinician) => `${clinician} le sacó de la sesión. Si le sorprende, póngase en contacto con la consulta.`,
  },
  replaced: {
    title: 'Este enlace fue reemplazado',
    text: 'Su consulta tiene un enlace más nuevo para usted. Búsquelo en sus mensajes o pídalo.',
  },
  full: {
    title: 'La sesión está completa',
    text: 'En una sesión caben cuatro personas como máximo. Espere a que alguien salga o póngase en contacto con la consulta.',
  },
  left: {
    title: 'Ha salido',
    text: 'Su cámara y su micrófono están apagados. Puede cerrar esta página.',
    again: 'Entrar en la sala de espera',
  },
  again: 'Reintentar',
  refused: {
    roomFull: { title: 'La sala de espera está llena', text: 'Ahora espera demasiada gente. Inténtelo de nuevo en unos minutos.' },
    busy: { title: 'El servidor está ocupado', text: 'Espere un minuto e inténtelo de nuevo.' },
    otherTab: { title: 'Esta visita está abierta en otra pestaña', text: 'Vaya a la otra pestaña o continúe aquí.' },
    other: { title: 'La sala de espera no se abrió', text: 'Vuelva a cargar esta página.' },
    here: 'Continuar aquí',
  },
  obstacle: {
    'no-link': {
      title: 'Necesita su enlace',
      text: 'Abra el enlace que le envió su consulta. Lleva directamente a su sala de espera.',
    },
    'broken-link': {
      title: 'Este enlace no está completo',
      text: 'Una parte se perdió por el camino. Ábralo otra vez desde el mensaje, o cópielo entero, hasta la última letra.',
    },
    'newer-link': {
      title: 'Esta página es antigua',
      text: 'Su enlace es más nuevo que esta página. Vuelva a cargarla.',
    },
    'unsupported-browser': {
      title: 'Este navegador no puede abrir sesiones por vídeo',
      text: 'Copie su enlace y ábralo en una versión actual de Chrome, Edge, Firefox o Safari.',
    },
    'insecure-page': {
      title: 'Esta dirección no es segura',
      text: 'La cámara y el micrófono solo funcionan si la dirección empieza por https://. Pida a su consulta el enlace correcto.',
    },
  },
  inApp: 'Abrió el enlace dentro de otra aplicación. Use su menú para abrirlo en el navegador, o cópielo.',
  reload: 'Cargar de nuevo',
  link: {
    label: 'Su enlace',
    copy: 'Copiar enlace',
    copied: 'Enlace copiado. Ahora abra su otro navegador y péguelo.',
    failed: 'No se pudo copiar. El enlace está seleccionado: cópielo a mano.',
  },
}
