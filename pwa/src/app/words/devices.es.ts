import type { StepsKey } from '../../features/device-check/browser.ts'
import type { DevicesWords } from './devices.en.ts'

const alwaysAllow: Readonly<Record<StepsKey, readonly string[]>> = {
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

export const words: DevicesWords = {
  name: 'Escriba su nombre',
  nameMissing: 'Escriba su nombre, por favor.',
  camera: 'Cámara',
  microphone: 'Micrófono',
  speaker: 'Altavoz',
  systemDefault: 'El mismo que el sistema',
  unnamed: (number) => `Dispositivo ${number}`,
  none: 'No se encontró',
  asking: {
    title: 'Su navegador está preguntando',
    text: 'Pulse Permitir para que puedan verle y oírle. No se graba nada.',
  },
  preview: {
    name: 'Lo que ven los demás',
    off: 'No se le ve',
    none: 'Sin imagen',
  },
  turnOffCamera: 'Apagar cámara',
  turnOnCamera: 'Encender cámara',
  mute: 'Silenciar',
  unmute: 'Activar sonido',
  level: {
    name: 'Nivel de sonido',
    speak: 'Diga algo: la barra se mueve cuando le oímos.',
    heard: 'Le oímos.',
    silent: 'No se oye nada. ¿Está el micrófono silenciado en el aparato, o hay otro elegido?',
    muted: 'Su micrófono está silenciado.',
  },
  testSound: 'Probar el sonido',
  testSoundBlocked: 'Su navegador retiene los sonidos. Pulse el botón otra vez.',
  joinWith: {
    both: 'Le pueden ver y oír.',
    camera: 'Sin micrófono: le ven, pero no le oyen.',
    microphone: 'Sin cámara: le oyen, pero no le ven.',
    neither: 'Sin cámara ni micrófono: puede escuchar y mirar.',
  },
  alwaysAllow: {
    title: 'Consejo: su navegador puede permitirlo siempre',
    intro: 'Así no vuelve a preguntar la próxima vez.',
    steps: alwaysAllow,
  },
}
