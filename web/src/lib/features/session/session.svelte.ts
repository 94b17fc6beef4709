import {
  getMyPreferences,
  getMyUser,
  getServerConfig,
  getServerFeatures,
  login,
  logout,
  type ServerConfigDto,
  type ServerFeaturesDto,
  type UserAdminResponseDto,
  type UserPreferencesResponseDto,
} from '$lib/api';
import { closeLiveSocket, openLiveSocket } from '$lib/live_socket';
import { connection } from './connection.svelte';

/** Who is signed in, and what the server offers. Loaded by the root layout before any page. */
class Session {
  user = $state.raw<UserAdminResponseDto | undefined>();
  preferences = $state.raw<UserPreferencesResponseDto | undefined>();
  #config = $state.raw<ServerConfigDto | undefined>();
  #features = $state.raw<ServerFeaturesDto | undefined>();
  #loading: Promise<void> | undefined;

  get config(): ServerConfigDto {
    return this.#config!;
  }

  get features(): ServerFeaturesDto {
    return this.#features!;
  }

  /** The person; only below the routes of `(user)`, where somebody is signed in. */
  get me(): UserAdminResponseDto {
    return this.user!;
  }

  /** Once a visit; later calls return the same promise. A failure is forgotten, so that a retry asks again. */
  load(): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    connection.expectsSession = () => this.user !== undefined;
    const isSignedIn = document.cookie.includes('immich_is_authenticated=true');
    const [config, features, user, preferences] = await Promise.all([
      getServerConfig(),
      getServerFeatures(),
      isSignedIn ? getMyUser().catch(() => undefined) : undefined,
      isSignedIn ? getMyPreferences().catch(() => undefined) : undefined,
    ]);
    this.#config = config;
    this.#features = features;
    this.#become(user, preferences);
  }

  /** Signs in and learns who it is. Throws the server's refusal. */
  async signIn(email: string, password: string): Promise<void> {
    await login({ body: { email, password } });
    window.__startNext?.();
    await this.refresh();
  }

  /** Asks again who is signed in: after a login, a change of password or of the profile. */
  async refresh(): Promise<void> {
    const [user, preferences] = await Promise.all([getMyUser(), getMyPreferences()]);
    this.#become(user, preferences);
  }

  async refreshServer(): Promise<void> {
    [this.#config, this.#features] = await Promise.all([getServerConfig(), getServerFeatures()]);
  }

  /** Ends the session and gives the address to go to next. */
  async signOut(): Promise<string> {
    const { redirectUri } = await logout();
    this.forget();
    return redirectUri || '/auth/login?autoLaunch=0';
  }

  forget(): void {
    this.#become(undefined, undefined);
  }

  #become(user: UserAdminResponseDto | undefined, preferences: UserPreferencesResponseDto | undefined): void {
    this.user = user;
    this.preferences = preferences;
    if (user) openLiveSocket();
    else closeLiveSocket();
  }
}

export const session = new Session();
