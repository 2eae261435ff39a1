// An OAuth client in plain fetch: registration, authorization code with PKCE, refresh. For clients that take a bearer
// token as it is, and for the tests of what the authorization server refuses.
import { createHash, randomBytes } from 'node:crypto';

import type { Person } from './person.ts';

export interface Registration {
  clientId: string;
  clientSecret?: string;
  redirectUri: string;
}

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
  scope: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, any>; // {} when the body is not a JSON object
}

export const loopbackCallback = 'http://127.0.0.1:9/callback'; // nothing listens there; the test plays the listener

export function pkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  let json: Record<string, any> = {};
  try {
    json = JSON.parse(text) ?? {};
  } catch {
    // Not JSON: the caller looks at the text.
  }
  return { status: response.status, headers: response.headers, text, json };
}

export async function postForm(url: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
  return answerOf(await fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' }));
}

export class OAuthClient {
  readonly issuer: string;
  readonly registration: Registration;

  constructor(issuer: string, registration: Registration) {
    this.issuer = issuer;
    this.registration = registration;
  }

  static async register(issuer: string, more: Record<string, unknown> = {}): Promise<OAuthClient> {
    const answer = await OAuthClient.tryRegister(issuer, more);
    if (answer.status !== 201) throw new Error(`registration: ${answer.status} ${answer.text}`);
    const [redirectUri] = answer.json['redirect_uris'];
    return new OAuthClient(issuer, { clientId: answer.json['client_id'], redirectUri });
  }

  static async tryRegister(issuer: string, more: Record<string, unknown> = {}): Promise<Answer> {
    const body = {
      client_name: 'A test client',
      redirect_uris: [loopbackCallback],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...more,
    };
    const headers = { 'content-type': 'application/json' };
    return answerOf(await fetch(`${issuer}/oauth/register`, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  // Parameters given as undefined are left out.
  authorizeUrl(challenge: string, more: Record<string, string | undefined> = {}): string {
    const parameters: Record<string, string | undefined> = {
      response_type: 'code',
      client_id: this.registration.clientId,
      redirect_uri: this.registration.redirectUri,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      state: 'state-of-the-test',
      resource: `${this.issuer}/v1/mcp`,
      ...more,
    };
    const url = new URL('/oauth/authorize', this.issuer);
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
    return url.href;
  }

  // The code that an approving person brings back, with the verifier that redeems it.
  async code(person: Person, more: Record<string, string | undefined> = {}): Promise<{ code: string; verifier: string; callback: URL }> {
    const { verifier, challenge } = pkce();
    const callback = new URL(await person.approve(this.authorizeUrl(challenge, more)));
    const code = callback.searchParams.get('code');
    if (!code) throw new Error(`the callback carries no code: ${callback.href}`);
    return { code, verifier, callback };
  }

  redeem(code: string, verifier: string, more: Record<string, string> = {}): Promise<Answer> {
    return this.token({
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: this.registration.redirectUri,
      ...more,
    });
  }

  refresh(refreshToken: string, more: Record<string, string> = {}): Promise<Answer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...more });
  }

  private token(fields: Record<string, string>): Promise<Answer> {
    return postForm(`${this.issuer}/oauth/token`, { client_id: this.registration.clientId, ...fields });
  }

  async tokens(person: Person, resource = `${this.issuer}/v1/mcp`): Promise<Tokens> {
    const { code, verifier } = await this.code(person, { resource });
    const answer = await this.redeem(code, verifier, { resource });
    if (answer.status !== 200) throw new Error(`token: ${answer.status} ${answer.text}`);
    return tokensOf(answer);
  }
}

export function tokensOf(answer: Answer): Tokens {
  return {
    accessToken: answer.json['access_token'],
    refreshToken: answer.json['refresh_token'],
    expiresIn: answer.json['expires_in'],
    scope: answer.json['scope'] ?? '',
  };
}

// A bearer token for one MCP endpoint, by the whole flow.
export async function bearerFor(person: Person, resource = `${person.origin}/v1/mcp`): Promise<string> {
  const client = await OAuthClient.register(person.origin);
  return (await client.tokens(person, resource)).accessToken;
}
