import type { SyncWords } from './sync.en.ts'

const incidents: SyncWords['incident'] = {
  'rolled-back':
    'Mostró un estado más antiguo que antes, así que faltaba algo. Puede deberse a una copia de seguridad restaurada o a un disco nuevo, pero también a alguien que oculta cambios. Sus dispositivos devuelven lo que falta.',
  forked:
    'Mostró a sus dispositivos versiones distintas de la misma historia. Sus dispositivos comparan lo que tienen y se dan unos a otros lo que falta.',
  withheld: 'No entregó cambios que otro dispositivo había hecho. Llegan desde ese dispositivo, o en cuanto el servidor los entregue.',
  forged:
    'Entregó entradas que ningún dispositivo de su consulta escribió, o que fueron alteradas por el camino. No se tuvieron en cuenta.',
  replayed: 'Entregó por segunda vez entradas antiguas. No se tuvieron en cuenta.',
}

export const words: SyncWords = {
  allSynced: 'Todos los cambios están guardados y sincronizados',
  saving: 'Guardando…',
  savingHint: 'Sus cambios están guardados en este dispositivo y van camino del servidor, cifrados.',
  catchingUp: 'Poniéndose al día…',
  catchingUpOf: (done, total) => `Poniéndose al día: ${done} de ${total}`,
  catchingUpHint: 'Está llegando lo que cambiaron sus otros dispositivos. Puede seguir trabajando.',
  stoppedAt: (done, total) => `La puesta al día se detuvo en ${done} de ${total}`,
  stoppedHint: 'Hasta que continúe, aquí puede faltar lo que cambiaron sus otros dispositivos.',
  stop: 'Detener',
  resume: 'Continuar',
  progress: 'Poniéndose al día',
  copyAway: (when) => `No se puede llegar a la copia del servidor desde ${when}`,
  onlyHere: 'Guardado solo en este dispositivo',
  onlyHereHint: 'Si se pierde, se pierde también su agenda. Vincule un segundo dispositivo.',
  needsEnrolment: 'El servidor pide su código de inscripción',
  needsEnrolmentHint:
    'Hasta que alguien lo escriba, allí no se guarda ninguna copia cifrada, y los dispositivos se sincronizan solo mientras están en línea a la vez.',
  enrolWhy:
    'Con este código el servidor guarda una copia cifrada de su consulta, de modo que un dispositivo se pone al día aunque no haya otro en línea.',
  enrolNotice: 'Este servidor pide una vez su código de inscripción. Hasta entonces no guarda ninguna copia cifrada de su consulta.',
  askForCode: (who) => `Pida a ${who} que lo escriba.`,
  enrolTitle: 'Copia cifrada en el servidor',
  enrol: 'Guardar una copia',
  notAdmitted: 'Esperando el acceso a la copia del servidor',
  notAdmittedHint:
    'Lo da por sí solo el próximo dispositivo de la consulta que se conecte. Hasta entonces este se sincroniza con los dispositivos que estén en línea.',
  removed: 'Este dispositivo ya no tiene acceso a la consulta',
  removedHint:
    'Fue eliminado de la consulta, o de la lista de dispositivos que tiene el servidor. Lo que cambie aquí no llega a la copia del servidor. Pregunte a un administrador si este dispositivo sigue perteneciendo a la consulta.',
  full: {
    practice: 'El espacio de su consulta en el servidor está lleno',
    server: 'El servidor está lleno',
  },
  fullHint:
    'Todo está guardado en este dispositivo. Llega a otros dispositivos solo mientras están en línea a la vez. Pida más espacio a quien administra su servidor.',
  space: (used, quota) => `Copia cifrada en el servidor: ${used} de ${quota} en uso`,
  spaceLabel: 'Espacio en uso en el servidor',
  spaceScarce: 'Está casi lleno. Pida más espacio a quien administra su servidor.',
  incidentTitle: 'El servidor no guardó su copia cifrada como debía',
  incident: incidents,
  incidentAt: (when) => `Visto ${when}.`,
  incidentSafe:
    'No puede leer sus datos, y nada de lo guardado en este dispositivo cambió por ello. Si vuelve a ocurrir, avise a quien administra su servidor.',
  incidentRead: 'Lo he leído',
  synced: 'Todos los cambios están sincronizados con sus otros dispositivos',
  unsynced: (count) => (count === 1 ? '1 cambio sin sincronizar' : `${count} cambios sin sincronizar`),
  syncing: 'Intercambiando cambios con sus otros dispositivos…',
  nobodyOnline: 'Ningún otro dispositivo está en línea',
  offlineSince: (when) => `Sin conexión desde ${when}`,
  waitingForKey: 'Esperando la clave nueva de la consulta',
  waitingForKeyHint:
    'Se eliminó un dispositivo mientras este no estaba en línea. El próximo dispositivo de la consulta que se conecte entrega la clave.',
  leftOut: 'Este dispositivo no pertenece a la consulta',
  leftOutHint:
    'Quien le dio acceso fue eliminado al mismo tiempo. Lo que se cambie aquí no llega a nadie. Pida una invitación nueva a un administrador y, antes de abrirla, borre los datos de este sitio en el navegador.',
  unsyncedHint: 'Están guardados en este dispositivo y pasan a los demás en cuanto haya uno en línea.',
  unsyncedLogHint: 'Están guardados en este dispositivo y pasan a los demás en cuanto este llegue al servidor o a alguno de ellos.',
  both: (first, second) => `${first} · ${second}`,
  onlineNow: (who) => `En línea ahora: ${who}`,
  personWithDevice: (name, device) => `${name} (${device})`,
}
