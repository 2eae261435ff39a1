// The gateway's own signing key, taken from its data directory as the documented formats say (docs/formats): for tokens
// that only the gateway could have made, and never would.
import { createDecipheriv, createPrivateKey, hkdfSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const scope = 'oauth/signing-keys';

export class SigningKey {
  private readonly kid: string;
  private readonly key: KeyObject;

  constructor(dataDirectory: string) {
    const database = new DatabaseSync(join(dataDirectory, 'gateway.db'), { readOnly: true });
    const row = database.prepare('SELECT kid, sealed FROM oauth_signing_keys').get();
    database.close();
    this.kid = String(row?.['kid']);
    const jwk = opened(dataDirectory, this.kid, Buffer.from(row?.['sealed'] as Uint8Array));
    this.key = createPrivateKey({ format: 'jwk', key: JSON.parse(jwk) as JsonWebKey });
  }

  // The token with other claims, signed again.
  changed(token: string, claims: Record<string, unknown>): string {
    const before = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'ES256', typ: 'at+jwt', kid: this.kid })}.${part({ ...before, ...claims })}`;
    return `${text}.${sign('sha256', Buffer.from(text), { key: this.key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }
}

function opened(dataDirectory: string, identity: string, record: Buffer): string {
  const head = record.subarray(0, 5);
  const line = readFileSync(join(dataDirectory, 'master.key'), 'utf8').split('\n').find((key) => key.startsWith(`${head.readUInt32BE(1)}:`));
  const master = Buffer.from(line?.split(':')[1] ?? '', 'base64url');
  const key = Buffer.from(hkdfSync('sha256', master, 'mcp-gateway vault 1', `data key:${scope}`, 32));
  const decipher = createDecipheriv('aes-256-gcm', key, record.subarray(5, 17));
  decipher.setAAD(Buffer.concat([head, ...[scope, identity].flatMap((text) => [length(text), Buffer.from(text)])]));
  decipher.setAuthTag(record.subarray(-16));
  return Buffer.concat([decipher.update(record.subarray(17, -16)), decipher.final()]).toString('utf8');
}

function length(text: string): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Buffer.byteLength(text));
  return bytes;
}
