import type { HelpWords } from './help.en.ts'

export const words: HelpWords = {
  title: 'Ayuda',
  topics: 'Temas de ayuda',
  back: 'Volver',
  yourBrowser: 'Su navegador',
  otherBrowsers: 'Otros navegadores',
  names: {
    connection: 'Problemas de conexión',
    camera: 'Cámara y micrófono',
    sound: 'Sonido',
    contact: 'Contacto',
  },
  connection: {
    intro: 'Pruebe esto en orden. Cada paso lleva menos de un minuto.',
    sections: [
      {
        heading: 'La imagen se congela o el sonido se corta',
        steps: [
          'Acérquese al router Wi-Fi o conecte un cable de red.',
          'Cierre otros programas y pestañas que usen Internet: películas, descargas, copias de seguridad, otras llamadas.',
          'Apague su cámara un rato. El sonido necesita mucho menos que el vídeo.',
          'En un teléfono: cambie entre Wi-Fi y datos móviles.',
        ],
      },
      {
        heading: 'Está en la sesión, pero no ve ni oye a nadie',
        steps: [
          'Espere medio minuto. Una conexión perdida se busca de nuevo por sí sola.',
          'Desactive la VPN y pruebe otra vez.',
          'En una oficina, escuela u hospital la red puede bloquear las videollamadas. Pruebe otra red, por ejemplo la de su teléfono.',
          'Vuelva a cargar la página. Regresa a la misma sesión sin esperar otra vez.',
        ],
      },
      {
        heading: 'No se puede llegar al servidor',
        steps: [
          'Abra otro sitio web. Si tampoco funciona, su conexión a Internet está caída.',
          'Compruebe que la fecha y la hora de su dispositivo son correctas.',
          'Una llamada en curso continúa aunque el servidor no esté.',
        ],
      },
      {
        heading: 'La otra persona no aparece',
        steps: [
          'Compruebe que ambos usan el enlace de este profesional y el día y la hora correctos.',
          'Los pacientes esperan hasta que el profesional los acepta. La página lo dice.',
          'Llámense por teléfono. El número está en Contacto.',
        ],
      },
    ],
  },
  camera: {
    intro: 'El navegador debe permitir que este sitio use la cámara y el micrófono. No se graba nada.',
    general: {
      heading: 'Primero, en cualquier navegador',
      steps: [
        'Compruebe que la cámara o los auriculares están conectados y encendidos. Busque una tapa sobre la lente y una tecla de silencio.',
        'Cierre otros programas que usen la cámara, como otra videollamada. Solo uno puede usarla a la vez.',
        'Cuando el navegador pregunte, pulse Permitir.',
        'Puede entrar solo con cámara, solo con micrófono o sin ninguno, para escuchar y mirar.',
      ],
    },
    browsers: {
      chrome: {
        heading: 'Chrome',
        steps: [
          'Haga clic en el icono a la izquierda de la dirección y después en Configuración de sitios.',
          'Ponga Cámara y Micrófono en Permitir.',
          'Vuelva a esta página y pulse Reintentar.',
        ],
      },
      edge: {
        heading: 'Edge',
        steps: [
          'Haga clic en el candado a la izquierda de la dirección y después en Permisos para este sitio.',
          'Ponga Cámara y Micrófono en Permitir.',
          'Vuelva a esta página y pulse Reintentar.',
        ],
      },
      firefox: {
        heading: 'Firefox',
        steps: [
          'Haga clic en el icono de cámara o micrófono a la izquierda de la dirección.',
          'Quite «Bloqueado» con la cruz pequeña.',
          'Vuelva a cargar la página y pulse Permitir. Elija «Recordar esta decisión» para que pregunte una sola vez.',
        ],
      },
      safari: {
        heading: 'Safari en un Mac',
        steps: [
          'En el menú Safari elija Ajustes y después Sitios web.',
          'En Cámara y en Micrófono ponga este sitio en Permitir.',
          'Vuelva a cargar la página.',
        ],
      },
      ios: {
        heading: 'iPhone y iPad',
        steps: [
          'En Safari toque el botón a la izquierda de la dirección y después Ajustes del sitio web.',
          'Ponga Cámara y Micrófono en Permitir.',
          'En otro navegador: abra Ajustes, busque el navegador en la lista y active Cámara y Micrófono.',
        ],
      },
      android: {
        heading: 'Android',
        steps: [
          'Toque el icono a la izquierda de la dirección y después Permisos.',
          'Active Cámara y Micrófono.',
          'Si no aparecen: Ajustes de Android, Aplicaciones, su navegador, Permisos.',
        ],
      },
    },
    system: [
      {
        heading: 'Windows lo bloquea',
        steps: [
          'Abra Configuración, Privacidad y seguridad, Cámara (después Micrófono).',
          'Active el acceso, también para las aplicaciones de escritorio.',
        ],
      },
      {
        heading: 'macOS lo bloquea',
        steps: [
          'Abra Ajustes del Sistema, Privacidad y seguridad, Cámara (después Micrófono).',
          'Active su navegador, ciérrelo y ábralo de nuevo.',
        ],
      },
    ],
  },
  sound: {
    intro: 'Los navegadores retienen los sonidos hasta que haga clic en algo de la página. Safari va más lejos y le pide que los permita.',
    general: {
      heading: 'No oye a la otra persona',
      steps: [
        'Pulse «Toque para oír» si aparece sobre la imagen.',
        'Suba el volumen del dispositivo. En un iPhone mire el interruptor lateral.',
        'Compruebe adónde va el sonido: unos auriculares en otra habitación también lo reciben. Elija el altavoz en Ajustes.',
        'Pregunte a la otra persona si tiene el micrófono silenciado.',
      ],
    },
    echo: {
      heading: 'Se oye a sí mismo',
      steps: ['Use auriculares.', 'Si dos dispositivos de la misma habitación están en la sesión, silencie uno.'],
    },
    arrivals: 'El sonido de una llegada está bloqueado',
    browsers: {
      safari: {
        heading: 'Safari en un Mac',
        steps: [
          'En el menú Safari elija Ajustes y después Sitios web.',
          'Elija Reproducción automática a la izquierda.',
          'Ponga este sitio en Permitir toda la reproducción automática.',
          'Vuelva a cargar esta página.',
        ],
      },
      ios: {
        heading: 'iPhone y iPad',
        steps: [
          'Toque una vez cualquier parte de la página después de cargarla.',
          'Desactive el modo silencio con el interruptor lateral o en el centro de control.',
        ],
      },
      chrome: {
        heading: 'Chrome',
        steps: [
          'Haga clic en el icono a la izquierda de la dirección y después en Configuración de sitios.',
          'Ponga Sonido en Permitir.',
          'Compruebe que la pestaña no está silenciada: haga clic derecho en ella.',
        ],
      },
      edge: {
        heading: 'Edge',
        steps: [
          'Haga clic en el candado a la izquierda de la dirección y después en Permisos para este sitio.',
          'Ponga Reproducción automática de multimedia en Permitir.',
          'Compruebe que la pestaña no está silenciada: haga clic derecho en ella.',
        ],
      },
      firefox: {
        heading: 'Firefox',
        steps: [
          'Haga clic en el icono a la izquierda de la dirección.',
          'Ponga Reproducción automática en «Permitir audio y vídeo».',
          'Compruebe que la pestaña no está silenciada: haga clic derecho en ella.',
        ],
      },
      android: {
        heading: 'Android',
        steps: [
          'Toque el icono a la izquierda de la dirección y después Permisos.',
          'Active Sonido.',
          'Suba el volumen multimedia, no solo el del tono de llamada.',
        ],
      },
    },
  },
  contact: {
    practiceTitle: (practice) => `Contactar con ${practice}`,
    practiceText: 'Su consulta puede informarle sobre su cita, su enlace y qué hacer si el vídeo no funciona.',
    phone: 'Teléfono',
    email: 'Correo electrónico',
    none: 'La consulta no dio aquí ningún teléfono ni correo. Use el mismo con el que reservó su cita.',
    emergency: 'Esta página no se atiende a todas horas. En una emergencia llame al número local de emergencias.',
    supportTitle: 'Contactar con soporte',
    supportText: 'Cuéntenos qué hizo, qué vio y qué navegador usa. No envíe nunca nombres de pacientes ni el enlace de un paciente.',
    supportAdministrators: (names) => `Pregunte primero a ${names}, que administra Alcove en su consulta.`,
    supportOperator: 'Quien administra Alcove para su consulta puede revisar los problemas del servidor.',
    supportProject: 'Alcove es software libre. Informe de un problema a quienes lo mantienen:',
    supportLink: 'Informar de un problema',
    details: 'Datos para su informe',
    copyDetails: 'Copiar datos',
    copied: 'Copiado',
  },
}
