import type { Catalogue } from '$lib/i18n/language.svelte';
import type { ConfigKey } from './config_text';

const german: Catalogue<ConfigKey> = {
  backup: 'Sicherung der Datenbank', database: 'Datenbank', cronExpression: 'Zeit (cron)', keepLastAmount: 'Sicherungen aufheben', enabled: 'Eingeschaltet',
  ffmpeg: 'Umwandeln von Videos', accel: 'Beschleunigung durch Hardware', accelDecode: 'Auch mit Hardware dekodieren', acceptedAudioCodecs: 'Ton-Codecs, die bleiben',
  acceptedContainers: 'Container, die bleiben', acceptedVideoCodecs: 'Video-Codecs, die bleiben', bframes: 'B-Bilder (−1: von selbst)', cqMode: 'Art der festen Güte',
  crf: 'Güte (CRF, kleiner ist besser)', gopSize: 'Bilder zwischen Schlüsselbildern (0: von selbst)', maxBitrate: 'Größte Bitrate (0: keine)', preferredHwDevice: 'Gerät',
  preset: 'Voreinstellung', realtime: 'Beim Ansehen', refs: 'Bezugsbilder (0: von selbst)', targetAudioCodec: 'Ton-Codec', targetResolution: 'Auflösung',
  targetVideoCodec: 'Video-Codec', temporalAQ: 'Zeitliche AQ', threads: 'Threads (0: von selbst)', tonemap: 'HDR nach SDR', transcode: 'Was umgewandelt wird', twoPass: 'Zwei Durchgänge',
  resolutions: 'Auflösungen', videoCodecs: 'Video-Codecs', image: 'Bilder', colorspace: 'Farbraum', extractEmbedded: 'Vorschau aus Rohdateien nehmen', fullsize: 'Volle Größe',
  preview: 'Vorschau', thumbnail: 'Kleines Vorschaubild', format: 'Format', progressive: 'Progressiv', quality: 'Güte (1–100)', size: 'Größe in Pixeln',
  integrityChecks: 'Prüfung der Dateien', checksumFiles: 'Veränderte Dateien', missingFiles: 'Fehlende Dateien', untrackedFiles: 'Dateien ohne Eintrag',
  percentageLimit: 'Anteil je Durchgang (0–1)', timeLimit: 'Längste Dauer in ms', job: 'Aufgaben zur gleichen Zeit', concurrency: 'Zur gleichen Zeit', backgroundTask: 'Hintergrundaufgaben',
  editor: 'Bearbeitete Fotos', faceDetection: 'Gesichter finden', integrityCheck: 'Prüfung der Dateien', library: 'Externe Bibliotheken', metadataExtraction: 'Metadaten', migration: 'Umziehen von Dateien',
  notifications: 'Nachrichten per E-Mail', ocr: 'Text in Bildern', search: 'Suche', sidecar: 'Begleitdateien', smartSearch: 'Suche nach Inhalt',
  thumbnailGeneration: 'Vorschaubilder', videoConversion: 'Umwandeln von Videos', workflow: 'Abläufe', scan: 'Regelmäßig durchsuchen', watch: 'Auf Änderungen achten', logging: 'Protokoll', level: 'Stufe',
  machineLearning: 'Maschinelles Lernen', availabilityChecks: 'Prüfung der Erreichbarkeit', interval: 'Abstand in ms', timeout: 'Zeitgrenze in ms', clip: 'Suche nach Inhalt',
  modelName: 'Modell', duplicateDetection: 'Doppelte', maxDistance: 'Größter Abstand', facialRecognition: 'Gesichter', minFaces: 'Gesichter für eine Person', minScore: 'Kleinster Wert',
  maxResolution: 'Größte Auflösung', minDetectionScore: 'Kleinster Wert beim Finden', minRecognitionScore: 'Kleinster Wert beim Lesen', urls: 'Adressen', map: 'Karte',
  darkStyle: 'Dunkler Stil', lightStyle: 'Heller Stil', metadata: 'Metadaten', faces: 'Gesichter', import: 'Aus Dateien übernehmen', newVersionCheck: 'Neue Fassungen', channel: 'Kanal',
  nightlyTasks: 'Nächtliche Aufgaben', clusterNewFaces: 'Neue Gesichter ordnen', databaseCleanup: 'Datenbank aufräumen', generateMemories: 'Rückblicke anlegen', missingThumbnails: 'Fehlende Vorschaubilder anlegen',
  startTime: 'Beginn', syncQuotaUsage: 'Belegten Speicher zählen', smtp: 'Mailserver', from: 'Absender', replyTo: 'Antworten an', transport: 'Verbindung', host: 'Rechner',
  ignoreCert: 'Jedes Zertifikat annehmen', password: 'Passwort', port: 'Port', secure: 'TLS von Anfang an', username: 'Benutzername', oauth: 'Anmelden mit OAuth',
  accountManagementUrl: 'Adresse der Kontoseite', allowInsecureRequests: 'HTTP erlauben', autoLaunch: 'Von selbst beginnen', autoRegister: 'Konten von selbst anlegen', buttonText: 'Text des Knopfes',
  clientId: 'Client-Kennung', clientSecret: 'Client-Geheimnis', defaultStorageQuota: 'Speichergrenze in GB', endSessionEndpoint: 'Adresse zum Abmelden', issuerUrl: 'Aussteller', mobileOverrideEnabled: 'Eigene Rückkehr für Telefone',
  mobileRedirectUri: 'Rückkehr für Telefone', profileSigningAlgorithm: 'Verfahren der Profile', prompt: 'Nachfrage', roleClaim: 'Angabe der Rolle', scope: 'Umfang', signingAlgorithm: 'Verfahren der Token',
  storageLabelClaim: 'Angabe des Speichernamens', storageQuotaClaim: 'Angabe der Speichergrenze', tokenEndpointAuthMethod: 'Wie sich der Client ausweist', passwordLogin: 'Anmelden mit Passwort',
  reverseGeocoding: 'Namen von Orten', server: 'Server', externalDomain: 'Öffentliche Adresse', loginPageMessage: 'Text auf der Anmeldeseite', publicUsers: 'Benutzer sehen einander',
  storageTemplate: 'Speichervorlage', hashVerificationEnabled: 'Dateien nach dem Umzug prüfen', template: 'Vorlage', templates: 'Nachrichten', email: 'E-Mail', albumInviteTemplate: 'Einladung zu einem Album',
  albumUpdateTemplate: 'Änderung eines Albums', welcomeTemplate: 'Begrüßung', theme: 'Aussehen', customCss: 'Eigenes CSS', trash: 'Papierkorb', days: 'Tage bis zum Löschen', user: 'Benutzer', deleteDelay: 'Tage, bis gelöschte Benutzer weg sind',
};

export default german;
