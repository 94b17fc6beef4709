import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Json } from './http_client.ts';

const base64url = (value: string | Buffer): string => Buffer.from(value).toString('base64url');

/** A small OpenID Connect provider: everybody is who `user` says, codes are good once. Browsers come back from `/authorize` at once. */
export class OpenIdProvider {
  user: Json = {};
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly challenges = new Map<string, string>();
  private readonly server: Server;
  url = '';

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (bytes) => (body += bytes));
      request.on('end', () => {
        if (request.url?.startsWith('/authorize?')) {
          response.writeHead(302, { location: this.signIn(`${this.url}${request.url}`) }).end();
          return;
        }
        const [status, answer] = this.answer(request.url ?? '', new URLSearchParams(body));
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }
  close(): void {
    this.server.close();
  }

  /** The browser signs in; where it is sent back to. */
  signIn(authorizationUrl: string): string {
    const query = new URL(authorizationUrl).searchParams;
    const code = randomUUID();
    this.challenges.set(code, query.get('code_challenge') ?? '');
    return `${query.get('redirect_uri')}?code=${code}&state=${query.get('state')}`;
  }

  token(claims: Json): string {
    const now = Math.floor(Date.now() / 1000);
    const payload = { iss: this.url, aud: 'photos', iat: now, exp: now + 300, ...claims };
    const text = `${base64url(JSON.stringify({ alg: 'RS256', kid: 'k' }))}.${base64url(JSON.stringify(payload))}`;
    return `${text}.${base64url(createSign('RSA-SHA256').update(text).sign(this.keys.privateKey))}`;
  }

  private answer(path: string, form: URLSearchParams): [number, Json] {
    if (path.startsWith('/.well-known/')) {
      return [
        200,
        {
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          jwks_uri: `${this.url}/keys`,
          end_session_endpoint: `${this.url}/logout`,
          code_challenge_methods_supported: ['S256'],
        },
      ];
    }
    if (path === '/keys') {
      return [200, { keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig' }] }];
    }
    const challenge = this.challenges.get(form.get('code') ?? '');
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (path !== '/token' || challenge !== proof) {
      return [400, { error: 'invalid_grant' }];
    }
    this.challenges.delete(form.get('code')!);
    return [200, { access_token: 'a', token_type: 'Bearer', id_token: this.token(this.user) }];
  }
}
