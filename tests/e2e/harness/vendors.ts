// Vendor definitions as an operator would write them (docs/adding-a-vendor.md); JSON is YAML too.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { node, preloads, programs } from './places.ts';

export interface VendorDefinition {
  file?: string; // the definition's file, where its name matters; the slug else
  slug: string;
  name: string;
  description?: string;
  transport: { type: 'http'; url: string } | { type: 'stdio'; command: string; args?: string[]; env?: Record<string, string> };
  health?: { check: 'mcp' | 'http' | 'none'; path?: string };
  credential?: { fields: CredentialField[]; probe?: { tool: string; arguments?: object } };
  timeouts?: { call?: string; list?: string };
}

export interface CredentialField {
  name: string;
  label: string;
  help?: string;
  secret?: boolean;
  required?: boolean;
  header?: string;
  prefix?: string;
  env?: string;
}

export function httpVendor(slug: string, url: string, more: Partial<VendorDefinition> = {}): VendorDefinition {
  return { slug, name: `Vendor ${slug}`, transport: { type: 'http', url }, ...more };
}

export function keyedHttpVendor(slug: string, url: string, more: Partial<VendorDefinition> = {}): VendorDefinition {
  const key: CredentialField = { name: 'api_key', label: 'API key', header: 'X-Api-Key' };
  return httpVendor(slug, url, { credential: { fields: [key] }, ...more });
}

export function everythingOverStdio(slug: string): VendorDefinition {
  const args = ['--import', preloads.loopbackOnly, programs.everything, 'stdio'];
  return { slug, name: 'Everything over stdio', transport: { type: 'stdio', command: node, args } };
}

export function writeVendors(directory: string, vendors: VendorDefinition[]): string {
  mkdirSync(directory, { recursive: true });
  for (const { file, ...vendor } of vendors) {
    writeFileSync(join(directory, `${file ?? vendor.slug}.yaml`), JSON.stringify(vendor, null, 2));
  }
  return directory;
}
