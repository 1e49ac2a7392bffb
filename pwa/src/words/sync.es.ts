import type { SyncWords } from './sync.en.ts'

export const words: SyncWords = {
  synced: 'Todos los cambios están sincronizados con sus otros dispositivos',
  unsynced: (count) => (count === 1 ? '1 cambio sin sincronizar' : `${count} cambios sin sincronizar`),
  syncing: 'Intercambiando cambios con sus otros dispositivos…',
  nobodyOnline: 'Ningún otro dispositivo está en línea',
  offlineSince: (when) => `Sin conexión desde ${when}`,
  waitingForKey: 'Esperando la clave nueva de la consulta',
  waitingForKeyHint:
    'Se eliminó un dispositivo mientras este no estaba en línea. El próximo dispositivo de la consulta que se conecte entrega la clave.',
  unsyncedHint: 'Están guardados en este dispositivo y pasan a los demás en cuanto haya uno en línea.',
  both: (first, second) => `${first} · ${second}`,
  onlineNow: (who) => `En línea ahora: ${who}`,
  personWithDevice: (name, device) => `${name} (${device})`,
}
