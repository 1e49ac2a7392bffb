import type { DevicesWords } from './devices.en.ts'

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
    speakingMuted: 'Está hablando, pero su micrófono está silenciado.',
  },
  testSound: 'Probar el sonido',
  testSoundBlocked: 'Su navegador retiene los sonidos. Pulse el botón otra vez.',
  joinWith: {
    both: 'Le pueden ver y oír.',
    camera: 'Sin micrófono: le ven, pero no le oyen.',
    microphone: 'Sin cámara: le oyen, pero no le ven.',
    neither: 'Sin cámara ni micrófono: puede escuchar y mirar.',
  },
  checkMore: 'Probar el sonido, la conexión y lo demás',
  alwaysAllow: 'Consejo: su navegador puede permitirlo siempre',
}
