import type { BackgroundsWords } from './backgrounds.en.ts'

export const words: BackgroundsWords = {
  title: 'Fondo',
  hint: 'Su imagen se modifica en este dispositivo, antes de enviarse.',
  none: 'Ninguno',
  light: 'Suave',
  blur: 'Desenfoque',
  images: {
    'quiet-office': 'Despacho tranquilo',
    bookshelf: 'Estantería',
    'morning-window': 'Ventana por la mañana',
    'warm-wall': 'Pared cálida',
    forest: 'Bosque',
    dusk: 'Atardecer',
  },
  own: (number) => `Su imagen ${number}`,
  removeOwn: (number) => `Quitar su imagen ${number}`,
  add: 'Añadir imagen',
  adding: 'Añadiendo la imagen…',
  addHint: 'Sus imágenes se guardan cifradas y solo en este dispositivo.',
  added: (number) => `Se añadió y se eligió su imagen ${number}.`,
  removed: (number) => `Se quitó su imagen ${number}.`,
  removedChosen: (number) => `Se quitó su imagen ${number}. Ahora su fondo es Desenfoque.`,
  notRemoved: 'No se pudo quitar la imagen. Inténtelo de nuevo.',
  addProblem: {
    'not-an-image': 'Este archivo no sirve. Elija una imagen JPEG, PNG o WebP.',
    'too-large': 'Esta imagen es demasiado grande. Elija una de 20 MB y 50 megapíxeles como máximo.',
    'too-many': 'Ya tiene 20 imágenes propias. Quite una para añadir otra.',
    'not-kept': 'No se pudo guardar la imagen: este dispositivo no tiene espacio o no lo permite.',
  },
  loading: 'Cargando el fondo',
  loaded: (done, all) => `${done} de ${all} MB`,
  starting: 'Preparando el fondo…',
  blackUntilReady: 'La otra persona ve la imagen en negro hasta que esté listo.',
  black: 'La otra persona ve la imagen en negro.',
  cancel: 'Cancelar',
  on: (name) => `Su fondo es: ${name}.`,
  off: 'No tiene ningún fondo.',
  interrupted: {
    title: 'El fondo se interrumpió',
    text: 'Hasta que vuelva, la otra persona ve la imagen fija o en negro. Su habitación no se muestra.',
  },
  slow: {
    title: 'Este equipo no puede seguir el ritmo del fondo',
    text: 'La otra persona ve su imagen a saltos. Cierre otros programas, conecte el cargador o elija:',
  },
  failed: {
    'not-fetched': {
      title: 'No se pudo cargar el fondo',
      text: 'La otra persona ve la imagen en negro. Compruebe la conexión e inténtelo de nuevo.',
    },
    'not-started': {
      title: 'Los fondos no funcionan en este equipo',
      text: 'La otra persona ve la imagen en negro. Inténtelo de nuevo o siga sin fondo.',
    },
    'image-missing': {
      title: 'Esta imagen no está disponible',
      text: 'La otra persona ve la imagen en negro. Inténtelo de nuevo o elija otro fondo.',
    },
    cancelled: {
      title: 'El fondo se detuvo antes de estar listo',
      text: 'La otra persona ve la imagen en negro. Inténtelo de nuevo o siga sin fondo.',
    },
  },
  unsupported: {
    'no-webgl2': {
      title: 'Este navegador no puede cambiar su fondo',
      text: 'Le falta WebGL 2. Actualice el navegador, o active la «aceleración de gráficos» en sus ajustes y reinícielo.',
    },
    'no-frames': {
      title: 'Este navegador no puede cambiar su fondo',
      text: 'No da acceso a la imagen de la cámara. Use una versión actual de Chrome, Edge, Firefox o Safari.',
    },
  },
  systemBlurs: 'Su sistema ya desenfoca el fondo, así que Desenfoque no lo hace por segunda vez.',
  endsWithSession: 'Su consulta ya no tiene Premium. Este fondo se mantiene hasta que termine la sesión.',
  retry: 'Intentar de nuevo',
  noBackground: 'Sin fondo',
  cameraOff: 'Apagar la cámara',
}
