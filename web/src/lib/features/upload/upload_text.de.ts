import type { Message } from '$lib/i18n/language.svelte';
import type { UploadKey } from './upload_text';

const german: Record<UploadKey, Message> = {
  upload: 'Hochladen',
  chooseFiles: 'Fotos und Videos auswählen',
  chooseFolder: 'Ordner auswählen',
  dropHere: 'Zum Hochladen loslassen',
  title: 'Hochladen',
  progress: '{done} von {total}',
  finished: { one: '{count} Datei hochgeladen', other: '{count} Dateien hochgeladen' },
  pause: 'Anhalten',
  resume: 'Weiter',
  cancelAll: 'Alle abbrechen',
  retryAll: 'Fehlgeschlagene noch einmal',
  clear: 'Liste leeren',
  expand: 'Liste zeigen',
  collapse: 'Liste verbergen',
  waiting: 'wartet',
  hashing: 'wird gelesen',
  checking: 'wird verglichen',
  sending: 'wird gesendet',
  done: 'hochgeladen',
  duplicate: 'schon da',
  duplicateTrash: 'im Papierkorb, wiederhergestellt',
  failed: 'fehlgeschlagen',
  cancelled: 'abgebrochen',
  unsupported: 'Diese Art von Datei wird nicht unterstützt',
  unsupportedSome: {
    one: '{count} Datei einer nicht unterstützten Art wurde ausgelassen',
    other: '{count} Dateien einer nicht unterstützten Art wurden ausgelassen',
  },
  nothing: 'Unter den Dateien waren keine Fotos oder Videos',
  duplicates: { one: '{count} war schon da', other: '{count} waren schon da' },
  failures: { one: '{count} fehlgeschlagen', other: '{count} fehlgeschlagen' },
  paused: 'Angehalten',
  tooLarge: 'Die Datei ist zu groß für den Server oder einen Proxy davor',
  moreFiles: { one: '… und {count} weitere', other: '… und {count} weitere' },
};

export default german;
