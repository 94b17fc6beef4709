import {
  AudioCodec,
  Colorspace,
  CQMode,
  ImageFormat,
  LogLevel,
  OAuthTokenEndpointAuthMethod,
  ReleaseChannel,
  ToneMapping,
  TranscodeHWAccel,
  TranscodePolicy,
  VideoCodec,
  VideoContainer,
} from '$lib/api';

export type ConfigValue = string | number | boolean | null | ConfigValue[] | ConfigGroup;
export interface ConfigGroup {
  [name: string]: ConfigValue;
}

/** Words a setting may have, by the end of its path; lists of them are chosen from with boxes. */
const CHOICES: Record<string, readonly string[]> = {
  'ffmpeg.accel': Object.values(TranscodeHWAccel),
  'ffmpeg.acceptedAudioCodecs': Object.values(AudioCodec),
  'ffmpeg.acceptedContainers': Object.values(VideoContainer),
  'ffmpeg.acceptedVideoCodecs': Object.values(VideoCodec),
  'ffmpeg.cqMode': Object.values(CQMode),
  'ffmpeg.preset': ['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow', 'slower', 'veryslow'],
  'ffmpeg.targetAudioCodec': Object.values(AudioCodec),
  'ffmpeg.targetVideoCodec': Object.values(VideoCodec),
  'ffmpeg.tonemap': Object.values(ToneMapping),
  'ffmpeg.transcode': Object.values(TranscodePolicy),
  'image.colorspace': Object.values(Colorspace),
  'image.fullsize.format': Object.values(ImageFormat),
  'image.preview.format': Object.values(ImageFormat),
  'image.thumbnail.format': Object.values(ImageFormat),
  'logging.level': Object.values(LogLevel),
  'newVersionCheck.channel': Object.values(ReleaseChannel),
  'oauth.tokenEndpointAuthMethod': Object.values(OAuthTokenEndpointAuthMethod),
  'ffmpeg.realtime.videoCodecs': Object.values(VideoCodec),
};

const SECRET = /password$|secret$/i;
const LONG = new Set(['theme.customCss', 'server.loginPageMessage', 'templates.email.albumInviteTemplate', 'templates.email.albumUpdateTemplate', 'templates.email.welcomeTemplate']);

export interface ConfigField {
  path: string;
  name: string;
  kind: 'switch' | 'number' | 'text' | 'long' | 'secret' | 'choice' | 'choices' | 'lines' | 'group';
  choices?: readonly string[];
  /** A number that may be left out. */
  isOptional?: boolean;
}

/** Numbers whose default is null. */
const NULLABLE_NUMBERS = new Set(['oauth.defaultStorageQuota']);

/** How a setting is edited, by what the defaults hold for it. */
export function fieldOf(path: string, value: ConfigValue): ConfigField {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const choices = CHOICES[path];
  if (NULLABLE_NUMBERS.has(path)) return { path, name, kind: 'number', isOptional: true };
  if (typeof value === 'boolean') return { path, name, kind: 'switch' };
  if (typeof value === 'number') return { path, name, kind: 'number' };
  if (Array.isArray(value)) return { path, name, kind: choices ? 'choices' : 'lines', choices };
  if (value !== null && typeof value === 'object') return { path, name, kind: 'group' };
  if (choices) return { path, name, kind: 'choice', choices };
  if (LONG.has(path)) return { path, name, kind: 'long' };
  return { path, name, kind: SECRET.test(name) ? 'secret' : 'text' };
}

export function valueAt(config: ConfigValue, path: string): ConfigValue | undefined {
  let at: ConfigValue | undefined = config;
  for (const name of path.split('.')) {
    if (at === null || typeof at !== 'object' || Array.isArray(at)) return undefined;
    at = at[name];
  }
  return at;
}

/** The configuration with one value replaced; what it was made from stays as it is. */
export function withValue(config: ConfigGroup, path: string, value: ConfigValue): ConfigGroup {
  const [name, ...rest] = path.split('.');
  if (rest.length === 0) return { ...config, [name]: value };
  const inner = config[name];
  const group = inner !== null && typeof inner === 'object' && !Array.isArray(inner) ? inner : {};
  return { ...config, [name]: withValue(group, rest.join('.'), value) };
}

export function isEqual(a: ConfigValue | undefined, b: ConfigValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as ConfigGroup, b as ConfigGroup];
  const names = Object.keys(x);
  return names.length === Object.keys(y).length && names.every((name) => isEqual(x[name], y[name]));
}

/** Values of an imported file where their kind is the one the defaults have; everything else stays as it is now. */
export function merged(config: ConfigGroup, defaults: ConfigGroup, from: ConfigGroup): ConfigGroup {
  const result = { ...config };
  for (const [name, wanted] of Object.entries(from)) {
    const model = defaults[name];
    if (model === undefined) continue;
    const isGroup = (value: ConfigValue | undefined): value is ConfigGroup => typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isGroup(model)) {
      if (isGroup(wanted)) result[name] = merged(isGroup(config[name]) ? config[name] : {}, model, wanted);
    } else if (model === null || (typeof wanted === typeof model && Array.isArray(wanted) === Array.isArray(model))) {
      result[name] = wanted;
    }
  }
  return result;
}

/** `gopSize` → "Gop size", for settings without a name of their own in the texts. */
export function readable(name: string): string {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return words.charAt(0).toUpperCase() + words.slice(1).replace(/\b[A-Z][a-z]/g, (word) => word.toLowerCase());
}
