// A certificate of this run, for contenders that speak TLS.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import type { Scope } from '../../tests/e2e/harness/scope.ts';

export interface Certificate {
  certificate: string; // files, PEM
  key: string;
}

export function makeCertificate(scope: Scope): Certificate {
  const directory = scope.directory('certificate');
  const files = { certificate: join(directory, 'certificate.pem'), key: join(directory, 'key.pem') };
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', files.key, '-out', files.certificate], { stdio: 'pipe' });
  // Nobody else knows it: what is set up over TLS here is set up with this machine.
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  return files;
}
