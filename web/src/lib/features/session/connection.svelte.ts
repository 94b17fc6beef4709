import { pingServer, settings } from '$lib/api';
import { emit } from '$lib/events';

/** How the page reaches the server: early answers, loss of the network, end of the session. */
class Connection {
  /** The last request did not reach the server; a ping every few seconds finds out when it does again. */
  isOffline = $state(false);
  /** The server refused a request of a signed-in person; a dialog asks for the password and requests go on. */
  sessionEnded = $state(false);

  /** Set by the session: whether a 401 means that the session ended. */
  expectsSession: () => boolean = () => false;
  #waiting: ((signedIn: boolean) => void)[] = [];
  #probe: ReturnType<typeof setTimeout> | undefined;

  /** Makes every call of the generated client go through here. */
  install(): void {
    settings.fetch = (input, init) => this.fetch(String(input), init);
    addEventListener('offline', () => this.#lost());
    addEventListener('online', () => this.#ask());
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const response = await this.#send(url, init);
    if (response.status !== 401 || !this.expectsSession() || url.includes('/auth/') || isOfLink(url)) return response;
    if (await wantsPin(response)) {
      emit('pinNeeded');
      return response;
    }
    if (!(await this.#signedInAgain())) return response;
    return this.#send(url, init);
  }

  /** Ends the waiting of requests that met a 401. */
  resume(signedIn: boolean): void {
    this.sessionEnded = false;
    for (const waiting of this.#waiting.splice(0)) waiting(signedIn);
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    const early = (init.method ?? 'GET') === 'GET' ? window.__early?.get(url) : undefined;
    if (early) window.__early?.delete(url);
    try {
      const response = await (early ?? fetch(url, init));
      this.#reached();
      return response;
    } catch (error) {
      if (error instanceof TypeError && !init.signal?.aborted) this.#lost();
      throw error;
    }
  }

  #signedInAgain(): Promise<boolean> {
    this.sessionEnded = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #lost(): void {
    this.isOffline = true;
    clearTimeout(this.#probe);
    this.#probe = setTimeout(() => this.#ask(), 3000);
  }

  #reached(): void {
    if (!this.isOffline) return;
    this.isOffline = false;
    clearTimeout(this.#probe);
  }

  #ask(): void {
    pingServer().catch(() => {});
  }
}

/** Behind a public link it is the link that a server refuses, not the session. */
function isOfLink(url: string): boolean {
  return /[?&](key|slug)=/.test(url);
}

/** The session goes on, but locked photos are closed to it. */
async function wantsPin(response: Response): Promise<boolean> {
  return (await response.clone().text()).includes('Elevated permission is required');
}

export const connection = new Connection();
