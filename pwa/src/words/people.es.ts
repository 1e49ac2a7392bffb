import type { RefusalReason } from '@alcove/shared/domain/practice-chain'
import { deviceLabel } from './device-label.es.ts'
import type { PeopleWords } from './people.en.ts'

const refusals: Readonly<Record<RefusalReason, string>> = {
  'unknown-author': 'El dispositivo que lo pidió no pertenecía a la consulta.',
  'not-allowed': 'La función de esa persona no lo permite.',
  'last-administrator': 'No habría quedado nadie para administrar la consulta.',
  impossible: 'Otra persona ya lo había cambiado o eliminado.',
}

export const words: PeopleWords = {
  people: {
    add: 'Añadir una persona',
    addTitle: 'Añadir una persona',
    edit: 'Editar',
    editOf: (name) => `Editar ${name}`,
    editTitle: (name) => `Editar ${name}`,
    roleHints: {
      administrator: 'Invita a personas, da funciones, activa la telesalud y elimina dispositivos.',
      clinician: 'Tiene una sala de espera e inicia sesiones.',
      scheduler: 'Reserva citas y entrega enlaces.',
    },
    saveAndInvite: 'Guardar e invitar',
    invite: 'Invitar',
    inviteOf: (name) => `Invitar a ${name}`,
    online: 'En línea',
    noDevice: 'Todavía no se ha unido',
    devices: (count) => (count === 1 ? '1 dispositivo' : `${count} dispositivos`),
    noRoom: 'Todavía sin sala de espera',
    onlyYou: 'De momento solo está usted. Añada a sus colegas y después invítelos: cada cual se une con su propio dispositivo.',
    left: (names) => `Ya no están en la consulta: ${names}`,
    ask: (who) => `Pida a ${who} que añada, cambie o elimine personas.`,
    lastAdministrator:
      'La última persona que administra la consulta conserva esta función. Désela antes a otra persona que ya se haya unido con un dispositivo.',
    changed: (name) => `Se cambiaron los datos de ${name}.`,
    remove: 'Eliminar de la consulta',
    removeTitle: (name) => `¿Eliminar a ${name}?`,
    removeDevices: (name, count) =>
      count === 0
        ? `Ya no se podrá invitar a ${name} ni reservarle citas.`
        : count === 1
          ? `El dispositivo de ${name} borra su copia de la agenda la próxima vez que esté en línea y desde ahora no puede leer nada nuevo.`
          : `Los ${count} dispositivos de ${name} borran sus copias de la agenda la próxima vez que estén en línea y desde ahora no pueden leer nada nuevo.`,
    removeKey: 'La consulta recibe una clave nueva, que sus demás dispositivos toman por sí solos.',
    removeRoom: (name) =>
      `Las citas siguen en la agenda. Los enlaces de los pacientes con ${name} ya no llevan a su consulta: reserve a esos pacientes con otra persona y envíeles enlaces nuevos.`,
    removeConfirm: (name) => `Eliminar a ${name}`,
    removeCancel: 'Conservar',
    removed: (name) => `Se eliminó a ${name}.`,
  },
  devices: {
    title: 'Dispositivos',
    link: 'Vincular otro dispositivo',
    thisDevice: 'Este dispositivo',
    mine: 'Sus dispositivos',
    others: 'Dispositivos de otras personas',
    label: deviceLabel,
    only: 'De momento solo este dispositivo tiene su agenda. Vincule otro, para no perder nada si este se pierde o se estropea.',
    onlyMine: 'Usted usa solo este dispositivo. Vincule otro, por ejemplo su teléfono: ambos mantienen la misma agenda.',
    online: 'En línea',
    upToDate: 'al día',
    exchanging: 'intercambiando cambios',
    heard: (when) => `Última señal: ${when}`,
    never: 'Todavía sin señal',
    rename: 'Cambiar nombre',
    renameOf: (label, name) => (name ? `Cambiar nombre del dispositivo ${label} de ${name}` : `Cambiar nombre del dispositivo ${label}`),
    renameTitle: (label) => `Cambiar el nombre de ${label}`,
    renameLabel: 'Nombre del dispositivo',
    renameHint: 'Por ejemplo «Portátil de la oficina». Lo ve toda la consulta.',
    noName: 'Escriba un nombre para este dispositivo.',
    renamed: 'Se ha cambiado el nombre del dispositivo.',
    remove: 'Eliminar dispositivo',
    removeOf: (label, name) => (name ? `Eliminar dispositivo ${label} de ${name}` : `Eliminar dispositivo ${label}`),
    removeTitle: (label, name) => `¿Eliminar ${label} de ${name}?`,
    removeBody: 'Borra su copia de la agenda la próxima vez que esté en línea y desde ahora no puede leer nada nuevo.',
    removeKey: 'La consulta recibe una clave nueva, que sus demás dispositivos toman por sí solos.',
    removeConfirm: 'Eliminar dispositivo',
    removeCancel: 'Conservar',
    removed: (label) => `Se ha eliminado ${label}.`,
    theirRoom: (name) =>
      `Quien lo tenga aún podría hacerse pasar por la sala de espera de ${name}, que recibe la oferta de una nueva en el próximo dispositivo que use.`,
    removeElsewhere: 'Para eliminarlo, use otro dispositivo.',
    lastAdministrator: 'Es el último dispositivo de la última persona que administra la consulta, así que no se puede eliminar.',
    askOthers: (who) => `Si se pierde el dispositivo de otra persona, avise a ${who}.`,
  },
  reports: {
    title: 'Cambios que no se aceptaron',
    lead: 'Cada dispositivo comprueba quién puede cambiar qué. Estos cambios no tuvieron efecto y su agenda está como estaba. Si alguno le sorprende, mire la lista de dispositivos.',
    unsigned: {
      telehealth: 'Se cambió la telesalud sin una firma válida.',
      roles: 'Se cambiaron las funciones o el nombre de alguien sin una firma válida.',
      room: 'Se cambió una sala de espera sin una firma válida.',
      entry: 'Llegó un cambio cuya firma no es válida.',
    },
    refused: (device, reason) =>
      device
        ? `Un cambio que pidió ${device}. ${refusals[reason]}`
        : `Un cambio que pidió un dispositivo que ya no está. ${refusals[reason]}`,
    times: (count) => (count === 1 ? '' : `${count} veces`),
  },
  invitation: {
    colleagueTitle: (name) => `Invitar a ${name}`,
    deviceTitle: 'Vincular otro dispositivo',
    making: 'Preparando la invitación…',
    colleagueLead: (name) => `Envíe este enlace a ${name}, o deje que escanee la imagen con la cámara de su dispositivo.`,
    deviceLead: 'Escanee la imagen con la cámara de su otro dispositivo, o abra allí este enlace.',
    linkLabel: 'Enlace de invitación',
    copyLink: 'Copiar enlace',
    linkHint: 'Sirve una sola vez, en el primer dispositivo que lo abra.',
    qr: 'Código QR del enlace de invitación',
    keepOpen: 'Deje esto abierto hasta que el otro dispositivo se haya unido.',
    validFor: (minutes) =>
      minutes === 0
        ? 'Válido durante menos de un minuto'
        : minutes === 1
          ? 'Válido durante 1 minuto más'
          : `Válido durante ${minutes} minutos más`,
    offline: 'No se puede llegar al servidor. La invitación se abrirá en cuanto vuelva.',
    compareTitle: 'Compare los códigos',
    compareColleague: (name, label) =>
      `${label} ha abierto el enlace. Pida a ${name}, por teléfono o en persona, que lea el código de su pantalla.`,
    compareDevice: (label) => `${label} ha abierto el enlace. Mire el código de su pantalla.`,
    code: (digits) => `Código: ${digits}`,
    rival:
      'Un segundo dispositivo probó este enlace y fue rechazado. Compare con cuidado: confirme solo si la persona a la que invita lee exactamente estas cifras.',
    match: 'Los códigos coinciden',
    differ: 'Son distintos',
    sendingTitle: (label) => `${label} se está uniendo`,
    sending: 'Entregando la consulta, cifrada solo para ese dispositivo. Allí también hay que confirmar los códigos.',
    callOffTitle: '¿Anular la invitación?',
    callOff: 'Anularla',
    callOffCancel: 'Seguir esperando',
    callOffBody: (label) => `${label} todavía no lo tiene todo. Se le avisa de que la invitación se ha anulado, y no se une.`,
    callOffLate: 'Si acababa de terminar y aparece en la lista de dispositivos, elimínelo allí.',
    calledOff: 'La invitación se ha anulado.',
    joinedColleague: (name, label) => `${name} se ha unido con ${label}.`,
    joinedDevice: (label) => `${label} está vinculado.`,
    joinedHint: 'La agenda llega allí por sí sola mientras ambos dispositivos estén en línea.',
    again: 'Hacer otra invitación',
    cancel: 'Cancelar la invitación',
    done: 'Listo',
    failures: {
      expired: { title: 'La invitación ha caducado', text: 'Han pasado diez minutos. El enlace ya no abre nada.' },
      cancelled: { title: 'El otro dispositivo lo canceló', text: 'No se le envió nada. El enlace ya no abre nada.' },
      declined: {
        title: 'Los códigos son distintos y no se envió nada',
        text: 'Puede que otra persona tenga el enlace. Haga otra invitación y envíela de modo que solo la lea la persona indicada.',
      },
      'declined-late': {
        title: 'En el otro dispositivo los códigos son distintos',
        text: 'Usted los había confirmado y la consulta se envió a un dispositivo. Elimínelo ahora de la lista de dispositivos y después haga otra invitación.',
      },
      used: { title: 'La invitación ya se usó', text: 'Un enlace sirve una sola vez. Haga otro.' },
      'already-a-member': {
        title: 'Este dispositivo no se puede añadir',
        text: 'Ya pertenece a la consulta, o la persona se eliminó mientras tanto. Mire las listas de personas y de dispositivos.',
      },
      lost: {
        title: 'El otro dispositivo se fue antes de tenerlo todo',
        text: 'Haga otra invitación. Si en la lista queda un dispositivo que nadie usa, elimínelo allí.',
      },
      'no-server': {
        title: 'No se puede llegar al servidor',
        text: 'Ambos dispositivos necesitan conexión mientras uno se une. Revísela y después haga otra invitación.',
      },
      storage: {
        title: 'Este dispositivo no pudo guardar la aprobación',
        text: 'El otro dispositivo no entró. Libere espacio en este y después haga otra invitación.',
      },
      failed: {
        title: 'El otro dispositivo no pudo terminar',
        text: 'Su pantalla dice por qué. Haga otra invitación cuando esté resuelto. Si aparece en la lista de dispositivos, elimínelo allí antes.',
      },
    },
  },
  join: {
    title: 'Unirse a una consulta',
    lead: 'Necesita una invitación: un enlace de quien administra su consulta, o de un dispositivo suyo (Ajustes, Dispositivos, Vincular otro dispositivo).',
    linkLabel: 'Enlace de invitación',
    linkHint: 'Empieza con la dirección de este sitio y vale diez minutos.',
    noLink: 'Pegue el enlace de su invitación.',
    continue: 'Continuar',
    setUpInstead: 'Mejor configurar su propia consulta',
    connecting: 'Buscando el dispositivo que le invita…',
    connectingHint: 'La invitación tiene que estar abierta en su pantalla.',
    invited: {
      colleague: (practice, member) => `${practice} le invita como ${member}.`,
      'own-device': (practice, member) => `Este será otro dispositivo de ${member} en ${practice}.`,
    },
    compareTitle: 'Su código',
    compareColleague: 'Compare estas cifras, por teléfono o en persona, con quien le invitó. Confirmen los dos.',
    compareDevice: 'Compare estas cifras con su otro dispositivo y confirme en ambos.',
    question: '¿Muestra la otra pantalla el mismo código?',
    code: (digits) => `Código: ${digits}`,
    waiting: 'Esperando la aprobación del otro dispositivo…',
    receivingTitle: 'Ya está dentro',
    receiving: 'La consulta está llegando a este dispositivo…',
    joined: (practice) => `Este dispositivo ya pertenece a ${practice}.`,
    cancel: 'Cancelar',
    pasteAnother: 'Usar otra invitación',
    tryAgain: 'Intentar de nuevo',
    reload: 'Recargar',
    toSchedule: 'Abrir la agenda',
    here: (practice) => `Este navegador ya tiene ${practice}.`,
    failures: {
      expired: { title: 'Esta invitación ha caducado', text: 'Una invitación vale diez minutos. Pida otra.' },
      cancelled: {
        title: 'La invitación se canceló',
        text: 'No se guardó nada en este dispositivo. Pida otra invitación cuando puedan los dos.',
      },
      declined: {
        title: 'Los códigos no eran iguales',
        text: 'La invitación se detuvo y no se guardó nada en este dispositivo. Puede que otra persona tuviera su enlace: pida otro.',
      },
      used: {
        title: 'Esta invitación ya se abrió en otro dispositivo',
        text: 'Si no fue usted, diga a quien le invitó que no confirme ningún código. En cualquier caso, pida otra invitación.',
      },
      'already-a-member': {
        title: 'Este dispositivo no se añadió',
        text: 'Ya pertenece a la consulta, o a usted lo quitaron de la lista mientras tanto. Pregunte a quien le invitó.',
      },
      failed: {
        title: 'La consulta no se pudo recibir',
        text: 'No se guardó nada en este dispositivo. Pida otra invitación e inténtelo una vez más.',
      },
      'broken-link': {
        title: 'Este enlace no está completo',
        text: 'Una parte se cortó o cambió por el camino. Copie el enlace entero y péguelo aquí.',
      },
      'newer-link': {
        title: 'Este enlace es de una versión más nueva',
        text: 'Recargue esta página para obtener la versión nueva y abra el enlace otra vez.',
      },
      'no-answer': {
        title: 'El dispositivo que le invita no responde',
        text: 'La invitación tiene que seguir abierta en su pantalla hasta que usted se haya unido. Puede que se cerrara: pida otra.',
      },
      'no-server': {
        title: 'No se puede llegar al servidor',
        text: 'Revise la conexión a Internet de este dispositivo y abra el enlace otra vez.',
      },
      storage: {
        title: 'Este dispositivo no pudo guardar la consulta',
        text: 'Salga de la navegación privada o libere espacio, y pida otra invitación.',
      },
      'practice-here': {
        title: 'Este navegador ya tiene una consulta',
        text: 'Un navegador guarda una sola consulta. Abra el enlace en otro navegador o en otro dispositivo.',
      },
    },
  },
  removed: {
    title: (practice, by) => (by ? `${by} eliminó este dispositivo de ${practice}.` : `Este dispositivo se eliminó de ${practice}.`),
    erased: 'Su copia de la agenda se ha borrado.',
    hint: 'Si fue un error, pida otra invitación.',
    join: 'Unirse a una consulta',
    setUp: 'Configurar su consulta',
  },
}
