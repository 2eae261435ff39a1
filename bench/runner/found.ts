// Cases and contenders are found by their files: adding a case is adding a file.
import { readdirSync } from 'node:fs';

import type { Certificate } from './certificate.ts';
import type { Server } from './pinned.ts';
import type { Report } from './report.ts';
import type { Setting } from './setting.ts';
import type { Target } from './target.ts';

export interface Case {
  about: string;
  run(setting: Setting): Promise<Report>;
}

export interface Contender {
  // In front of the stub's path with these options: "answer=json,bytes=1024", or "-". Over TLS when there is a certificate.
  start(setting: Setting, stub: Server, options: string, tls?: Certificate): Promise<Target>;
}

const load = async (folder: string, name: string) => import(new URL(`../${folder}/${name}.ts`, import.meta.url).href);

const scripts = () => readdirSync(new URL('../cases/', import.meta.url)).filter((file) => file.endsWith('.ts'));

export const caseNames = () => scripts().map((file) => file.slice(0, -'.ts'.length)).sort();
export const caseNamed = (name: string): Promise<Case> => load('cases', name);
export const contenderNamed = (name: string): Promise<Contender> => load('contenders', name);
