import type { AuthKey } from './auth_text';

const german: Record<AuthKey, string> = {
  logIn: 'Anmelden',
  logInTitle: 'Willkommen zurück',
  logInFailed: 'Die Anmeldung hat nicht geklappt',
  noLogin: 'Die Anmeldung mit Passwort ist auf diesem Server abgeschaltet.',
  sso: 'Mit Single Sign-on anmelden',
  or: 'oder',
  registerTitle: 'Das erste Konto anlegen',
  registerText: 'Dieser Server ist neu. Das erste Konto verwaltet ihn und kann Konten für andere anlegen.',
  yourName: 'Dein Name',
  confirmPassword: 'Passwort wiederholen',
  passwordsDiffer: 'Die beiden Passwörter sind nicht gleich.',
  passwordShort: 'Nimm mindestens 8 Zeichen.',
  register: 'Konto anlegen',
  changeTitle: 'Neues Passwort wählen',
  changeText: 'Hallo {name}, dein Passwort hat die Verwaltung vergeben. Wähle ein eigenes.',
  newPassword: 'Neues Passwort',
  currentPassword: 'Bisheriges Passwort',
  changePassword: 'Passwort ändern',
  continueAs: 'Wieder anmelden als {email}',
  leave: 'Stattdessen abmelden',
  onboardingHello: 'Hallo {name}',
  onboardingText: 'Drei kurze Fragen, dann können deine Fotos kommen.',
  onboardingTheme: 'Wie soll es aussehen?',
  onboardingTemplate: 'Wie sollen Dateien abgelegt werden?',
  onboardingTemplateText:
    'Mit einer Speichervorlage liegen Originale in Ordnern nach Jahr und Datum unter ihrem eigenen Namen, zum Beispiel {example}. Ohne in Ordnern nach ihrer Nummer.',
  onboardingTemplateSwitch: 'Speichervorlage verwenden',
  onboardingBackup: 'Eine zweite Kopie',
  onboardingBackupText:
    'Der Server sichert seine Datenbank jede Nacht, aber eine kaputte Platte nimmt Fotos und Sicherung mit. Kopiere den Medienordner und die Sicherungen regelmäßig an einen anderen Ort: drei Kopien, zwei Arten von Medium, eine davon anderswo.',
  step: 'Schritt {at} von {count}',
  start: 'Los',
};

export default german;
