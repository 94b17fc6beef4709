import { defineTexts } from '$lib/i18n/language.svelte';
import { readable } from './config_tree';

/** Names of groups and settings by their keys, where the key itself does not read well. */
export const english = {
  backup: 'Database backup', database: 'Database', cronExpression: 'Time (cron)', keepLastAmount: 'Backups to keep', enabled: 'On',
  ffmpeg: 'Video conversion', accel: 'Hardware acceleration', accelDecode: 'Decode by hardware, too', acceptedAudioCodecs: 'Audio codecs that stay',
  acceptedContainers: 'Containers that stay', acceptedVideoCodecs: 'Video codecs that stay', bframes: 'B-frames (−1: automatic)', cqMode: 'Mode of constant quality',
  crf: 'Quality (CRF, smaller is better)', gopSize: 'Frames between key frames (0: automatic)', maxBitrate: 'Largest bit rate (0: none)', preferredHwDevice: 'Device',
  preset: 'Preset', realtime: 'While watching', refs: 'Reference frames (0: automatic)', targetAudioCodec: 'Audio codec', targetResolution: 'Resolution',
  targetVideoCodec: 'Video codec', temporalAQ: 'Temporal AQ', threads: 'Threads (0: automatic)', tonemap: 'HDR to SDR', transcode: 'What is converted', twoPass: 'Two passes',
  resolutions: 'Resolutions', videoCodecs: 'Video codecs', image: 'Pictures', colorspace: 'Colour space', extractEmbedded: 'Use previews inside raw files', fullsize: 'Full size',
  preview: 'Preview', thumbnail: 'Thumbnail', format: 'Format', progressive: 'Progressive', quality: 'Quality (1–100)', size: 'Size in pixels',
  integrityChecks: 'Integrity checks', checksumFiles: 'Changed files', missingFiles: 'Missing files', untrackedFiles: 'Files without a record',
  percentageLimit: 'Share checked in one run (0–1)', timeLimit: 'Longest run in ms', job: 'Jobs at the same time', concurrency: 'At the same time', backgroundTask: 'Background tasks',
  editor: 'Edited photos', faceDetection: 'Face detection', integrityCheck: 'Integrity checks', library: 'External libraries', metadataExtraction: 'Metadata', migration: 'Moving of files',
  notifications: 'Notifications by mail', ocr: 'Text in pictures', search: 'Search', sidecar: 'Sidecar files', smartSearch: 'Search by content',
  thumbnailGeneration: 'Thumbnails', videoConversion: 'Video conversion', workflow: 'Workflows', scan: 'Regular scan', watch: 'Watch for changes', logging: 'Log', level: 'Level',
  machineLearning: 'Machine learning', availabilityChecks: 'Check of availability', interval: 'Interval in ms', timeout: 'Time limit in ms', clip: 'Search by content',
  modelName: 'Model', duplicateDetection: 'Duplicates', maxDistance: 'Largest distance', facialRecognition: 'Faces', minFaces: 'Faces to make a person', minScore: 'Smallest score',
  maxResolution: 'Largest resolution', minDetectionScore: 'Smallest score of finding', minRecognitionScore: 'Smallest score of reading', urls: 'Addresses', map: 'Map',
  darkStyle: 'Dark style', lightStyle: 'Light style', metadata: 'Metadata', faces: 'Faces', import: 'Import from files', newVersionCheck: 'New versions', channel: 'Channel',
  nightlyTasks: 'Nightly tasks', clusterNewFaces: 'Group new faces', databaseCleanup: 'Clean the database', generateMemories: 'Make memories', missingThumbnails: 'Make missing thumbnails',
  startTime: 'Start', syncQuotaUsage: 'Count used space', smtp: 'Mail server', from: 'Sender', replyTo: 'Answers to', transport: 'Connection', host: 'Host',
  ignoreCert: 'Accept any certificate', password: 'Password', port: 'Port', secure: 'TLS from the start', username: 'User name', oauth: 'Sign-in with OAuth',
  accountManagementUrl: 'Address of the account page', allowInsecureRequests: 'Allow HTTP', autoLaunch: 'Start by itself', autoRegister: 'Make accounts by itself', buttonText: 'Text of the button',
  clientId: 'Client id', clientSecret: 'Client secret', defaultStorageQuota: 'Quota in GB', endSessionEndpoint: 'Address of log out', issuerUrl: 'Issuer', mobileOverrideEnabled: 'Own redirect for phones',
  mobileRedirectUri: 'Redirect for phones', profileSigningAlgorithm: 'Algorithm of profiles', prompt: 'Prompt', roleClaim: 'Claim of the role', scope: 'Scope', signingAlgorithm: 'Algorithm of tokens',
  storageLabelClaim: 'Claim of the storage label', storageQuotaClaim: 'Claim of the quota', tokenEndpointAuthMethod: 'How the client proves itself', passwordLogin: 'Sign-in with password',
  reverseGeocoding: 'Names of places', server: 'Server', externalDomain: 'Public address', loginPageMessage: 'Message on the login page', publicUsers: 'Users see each other',
  storageTemplate: 'Storage template', hashVerificationEnabled: 'Check files after moving', template: 'Template', templates: 'Mails', email: 'Mail', albumInviteTemplate: 'Invitation to an album',
  albumUpdateTemplate: 'Change of an album', welcomeTemplate: 'Welcome', theme: 'Appearance', customCss: 'Own CSS', trash: 'Trash', days: 'Days until deleted', user: 'Users', deleteDelay: 'Days until deleted users are gone',
};

export type ConfigKey = keyof typeof english;
const t = defineTexts<ConfigKey>(english, { de: () => import('./config_text.de') });

/** What a group or setting is called; settings of a newer server by their key. */
export const nameOf = (key: string): string => (key in english ? t(key as ConfigKey) : readable(key));
