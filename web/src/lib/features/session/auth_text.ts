import { defineTexts } from '$lib/i18n/language.svelte';

export const english = {
  logIn: 'Log in',
  logInTitle: 'Welcome back',
  logInFailed: 'You could not be logged in',
  noLogin: 'Logging in with a password is switched off on this server.',
  sso: 'Log in with single sign-on',
  oauth: 'Single sign-on',
  oauthLinked: 'Your account is linked: you can log in with single sign-on.',
  oauthNotLinked: 'Link your account to log in with single sign-on.',
  oauthLink: 'Link the account',
  oauthUnlink: 'Unlink',
  oauthLinkDone: 'The account is linked',
  oauthUnlinkDone: 'The account is not linked any more',
  or: 'or',
  registerTitle: 'Make the first account',
  registerText: 'This server is new. The first account administrates it and can make accounts for others.',
  yourName: 'Your name',
  confirmPassword: 'Repeat the password',
  passwordsDiffer: 'The two passwords are not the same.',
  passwordShort: 'Take at least 8 characters.',
  register: 'Make the account',
  changeTitle: 'Choose a new password',
  changeText: 'Hello {name}, your password was given to you by the administrator. Choose one of your own.',
  newPassword: 'New password',
  currentPassword: 'Current password',
  changePassword: 'Change password',
  continueAs: 'Log in again as {email}',
  leave: 'Log out instead',
  onboardingHello: 'Hello {name}',
  onboardingText: 'Three short questions, then your photos can come.',
  onboardingTheme: 'How should it look?',
  onboardingTemplate: 'How should files be stored?',
  onboardingTemplateText:
    'With a storage template, originals lie in folders by year and date with their own names, for instance {example}. Without, in folders by their number.',
  onboardingTemplateSwitch: 'Use the storage template',
  onboardingBackup: 'Keep a second copy',
  onboardingBackupText:
    'The server dumps its database every night, but a broken disk takes photos and dump alike. Copy the media folder and the dumps to another place regularly: three copies, two kinds of medium, one of them elsewhere.',
  step: 'Step {at} of {count}',
  start: 'Start',
};

export type AuthKey = keyof typeof english;
export const t = defineTexts<AuthKey>(english, { de: () => import('./auth_text.de') });
