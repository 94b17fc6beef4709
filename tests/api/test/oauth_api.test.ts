import { createHash } from 'node:crypto';
import { finishOAuth, linkOAuthAccount, startOAuth, unlinkAllOAuthAccountsAdmin, unlinkOAuthAccount } from '@immich/sdk';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { Client, type Json } from '../src/http_client.ts';
import { OpenIdProvider } from '../src/openid_provider.ts';
import { refusal } from '../src/refusal.ts';
import { TestServer } from '../src/server.ts';
import { createUser, expectStatus, type Session, sessionOf, signUpAdmin } from '../src/session.ts';

// Changes the configuration, so it has a server of its own.
let server: TestServer;
let admin: Session;
const provider = new OpenIdProvider();

prepare(async () => {
  await provider.open();
  server = await TestServer.start();
  admin = await signUpAdmin(server);
  const config = expectStatus(await admin.client.get('/system-config'), 200, 'GET /system-config');
  Object.assign(config.oauth, {
    enabled: true,
    allowInsecureRequests: true,
    issuerUrl: provider.url,
    clientId: 'photos',
    clientSecret: 'secret',
  });
  expectStatus(await admin.client.put('/system-config', config), 200, 'PUT /system-config');
});
afterAll(async () => {
  provider.close();
  await server?.destroy();
});

const cookiesOf = (cookies: string[]): string => cookies.map((cookie) => cookie.split(';')[0]).join('; ');
const redirectUri = 'https://photos.example.com/auth/login';

/** A browser's whole way: start, provider, callback; the cookies of the start come along. */
async function browserLogin(user: Json): Promise<{ reply: Json; cookies: string[] }> {
  provider.user = user;
  const browser = new Client(server);
  const start = await browser.post('/oauth/authorize', { redirectUri });
  expect(start.status, start.text).toBe(201);
  const url = provider.signIn(start.json.url);
  const headers = { cookie: cookiesOf(start.cookies) };
  const reply = await browser.post('/oauth/callback', { url }, { headers });
  expect(reply.status, reply.text).toBe(201);
  return { reply: reply.json, cookies: reply.cookies };
}

describe('sign-in with a provider', () => {
  it('makes an account and logs out at the provider', async () => {
    const { reply, cookies } = await browserLogin({ sub: 'ada', email: 'Ada@Example.com', name: 'Ada', sid: 's1' });
    expect(reply).toMatchObject({ userEmail: 'ada@example.com', name: 'Ada', isAdmin: false, shouldChangePassword: false });
    const set = cookies.join('\n');
    expect(set).toMatch(/immich_auth_type=oauth/);
    expect(set).toMatch(/immich_oauth_state=;/);
    const session = sessionOf(server, reply);
    expect((await session.client.get('/users/me')).json.oauthId).toBe('ada');
    const logout = await new Client(server).post('/auth/logout', undefined, {
      headers: { cookie: cookiesOf(cookies.filter((one) => !one.startsWith('immich_oauth'))) },
    });
    expect(logout.json.redirectUri).toMatch(new RegExp(`^${provider.url}/logout\\?id_token_hint=ey`));
    const again = await browserLogin({ sub: 'ada', email: 'new@example.com' });
    expect(again.reply.userId).toBe(reply.userId);
  });

  it('works for phones, which keep state and verifier themselves', async () => {
    provider.user = { sub: 'phone', email: 'phone@example.com' };
    const codeVerifier = 'a verifier that only the phone knows, long enough';
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    const start = await startOAuth(
      { oAuthConfigDto: { redirectUri: 'app.immich:///oauth-callback', state: 'own', codeChallenge } },
      { baseUrl: `${server.url}/api` },
    );
    expect(new URL(start.url).searchParams.get('state')).toBe('own');
    const url = provider.signIn(start.url);
    const login = await finishOAuth(
      { oAuthCallbackDto: { url, state: 'own', codeVerifier } },
      { baseUrl: `${server.url}/api` },
    );
    expect(login.userEmail).toBe('phone@example.com');
    const redirect = await new Client(server).get('/oauth/mobile-redirect', { query: { code: 'a', state: 'b' } });
    expect([redirect.status, redirect.headers.location]).toEqual([307, 'app.immich:///oauth-callback?code=a&state=b']);
  });

  it('is refused without state, with a wrong state and with a used code', async () => {
    provider.user = { sub: 'x', email: 'x@example.com' };
    const browser = new Client(server);
    const start = await browser.post('/oauth/authorize', { redirectUri });
    const url = provider.signIn(start.json.url);
    const missing = await browser.post('/oauth/callback', { url });
    expect([missing.status, missing.json.message]).toEqual([400, 'OAuth state is missing']);
    const cookie = cookiesOf(start.cookies);
    const wrong = await browser.post('/oauth/callback', { url, state: 'other' }, { headers: { cookie } });
    expect([wrong.status, wrong.json.message]).toEqual([400, 'OAuth authentication failed']);
    const first = await browser.post('/oauth/callback', { url }, { headers: { cookie } });
    expect(first.status).toBe(201);
    const second = await browser.post('/oauth/callback', { url }, { headers: { cookie } });
    expect(second.status).toBe(400);
  });

  it('is linked to and unlinked from accounts with a password', async () => {
    const user = await createUser(admin, 'linked');
    const link = async (session: Session): Promise<Json> => {
      provider.user = { sub: 'linked', email: 'elsewhere@example.com' };
      const start = await session.client.post('/oauth/authorize', { redirectUri });
      const cookie = cookiesOf(start.cookies);
      const url = provider.signIn(start.json.url);
      const headers = { ...session.sdk.headers, cookie };
      return linkOAuthAccount({ oAuthCallbackDto: { url } }, { ...session.sdk, headers });
    };
    expect((await link(user)).oauthId).toBe('linked');
    expect((await refusal(link(admin)))[0]).toBe(400);
    expect((await unlinkOAuthAccount(user.sdk)).oauthId).toBe('');
    await link(user);
    expect((await refusal(unlinkAllOAuthAccountsAdmin(user.sdk)))[0]).toBe(403);
    await unlinkAllOAuthAccountsAdmin(admin.sdk);
    expect((await user.client.get('/users/me')).json.oauthId).toBe('');
  });

  it('ends when the provider says so', async () => {
    const { reply } = await browserLogin({ sub: 'eve', email: 'eve@example.com', sid: 'eve-1' });
    const session = sessionOf(server, reply);
    const logout = (claims: Json) =>
      new Client(server).post('/oauth/backchannel-logout', `logout_token=${provider.token(claims)}`, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    expect((await logout({ sid: 'eve-1' })).status).toBe(400);
    expect((await logout({ sid: 'eve-1', events, aud: 'other' })).status).toBe(400);
    expect((await session.client.get('/users/me')).status).toBe(200);
    expect((await logout({ sid: 'eve-1', events })).status).toBe(200);
    expect((await session.client.get('/users/me')).status).toBe(401);
  });
});
