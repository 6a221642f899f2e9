import { createPrivateKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Logger } from '../../core/ports/logger.ts';

/** A validated credential file, or the identity of a machine on Google's platform. */
export type Credentials =
  | { readonly kind: 'file'; readonly path: string; readonly json: CredentialJson }
  | { readonly kind: 'metadata' };

/** The parts of a credential file we examine ourselves; the client library reads the rest. */
export interface CredentialJson {
  readonly type: CredentialType;
  readonly [key: string]: unknown;
}

export const CREDENTIAL_TYPES = [
  'service_account',
  'authorized_user',
  'impersonated_service_account',
  'external_account',
  'external_account_authorized_user',
] as const;
export type CredentialType = (typeof CREDENTIAL_TYPES)[number];

export interface CredentialSearch {
  /** The file named in the settings; undefined for Application Default Credentials. */
  readonly file?: string | undefined;
  /** A key file in there would be synced or shown; a warning is issued. */
  readonly dataFolder?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly logger?: Logger | undefined;
}

const LOGIN = 'gcloud auth application-default login';
const MAX_BYTES = 64 * 1024;
const NEEDED: Readonly<Record<CredentialType, readonly string[]>> = {
  service_account: ['client_email', 'private_key'],
  authorized_user: ['client_id', 'client_secret', 'refresh_token'],
  impersonated_service_account: ['source_credentials', 'service_account_impersonation_url'],
  external_account: ['audience', 'subject_token_type', 'token_url', 'credential_source'],
  external_account_authorized_user: ['refresh_token', 'token_url'],
};

/**
 * Finds the credentials in Google's own order: the named file, GOOGLE_APPLICATION_CREDENTIALS, gcloud's file, the machine's identity on
 * Google's platform. The library would do so too, but sends requests without credentials when a file is broken, and queries the metadata
 * server on every network.
 */
export async function findCredentials(search: CredentialSearch): Answer<Credentials> {
  const { environment } = search;
  const named = search.file ?? environment.GOOGLE_APPLICATION_CREDENTIALS ?? '';
  if (named !== '') {
    const path = named.startsWith('~/') ? join(environment.HOME ?? '~', named.slice(2)) : named;
    if (!isAbsolute(path)) return err(broken(named, 'it is not an absolute path'));
    return await readCredentials(path, search);
  }
  const known = wellKnownFile(environment);
  if (known !== null && (await exists(known))) return await readCredentials(known, search);
  if (await onGooglePlatform(environment)) return ok({ kind: 'metadata' });
  return fail(
    'not-configured',
    'No Google credentials were found on this machine.',
    `Run \`${LOGIN}\`, or name a key file: \`session-log config set store.credentials FILE\`.`,
    { action: LOGIN },
  );
}

/** Where `gcloud auth application-default login` stores its file. */
function wellKnownFile(environment: NodeJS.ProcessEnv): string | null {
  const folder =
    environment.CLOUDSDK_CONFIG ??
    (process.platform === 'win32'
      ? environment.APPDATA && join(environment.APPDATA, 'gcloud')
      : gcloudFolder(environment.HOME));
  return folder === undefined || folder === '' ? null : join(folder, 'application_default_credentials.json');
}

function gcloudFolder(home: string | undefined): string | undefined {
  return home === undefined ? undefined : join(home, '.config', 'gcloud');
}

/** Only if the machine itself says so: querying the network costs seconds on every other one, and trusts whoever answers. */
async function onGooglePlatform(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const detection = environment.METADATA_SERVER_DETECTION;
  if (detection === 'none') return false;
  if (detection === 'assume-present' || environment.GCE_METADATA_HOST || environment.K_SERVICE) return true;
  try {
    return /Google/.test(await readFile('/sys/class/dmi/id/product_name', 'utf8'));
  } catch {
    return false;
  }
}

async function readCredentials(path: string, search: CredentialSearch): Answer<Credentials> {
  let bytes: Buffer;
  let mode: number;
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return err(broken(path, 'it is not a file'));
    if (facts.size > MAX_BYTES) return err(broken(path, 'it is far too large'));
    mode = facts.mode;
    bytes = await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return err(broken(path, code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${code})`));
  }
  const json = parseCredentials(bytes);
  if (typeof json === 'string') return err(broken(path, json));
  const missing = await missingToken(json);
  if (missing !== null) return err(broken(path, missing));
  await warnAbout(path, mode, search);
  return ok({ kind: 'file', path, json });
}

/** A workload's own token comes from a file written by its platform; the library would wait minutes for a missing one. */
async function missingToken(json: CredentialJson): Promise<string | null> {
  const source = json.credential_source as { readonly file?: unknown } | undefined;
  const file = source?.file;
  if (typeof file !== 'string' || file === '') return null;
  try {
    return (await stat(file)).isFile() ? null : `its token ${file} is not a file`;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return code === 'ENOENT'
      ? `its token file ${file} does not exist`
      : `its token file ${file} cannot be read (${code})`;
  }
}

/** Returns the content, or the reason why it is invalid. Never quotes a value. */
export function parseCredentials(bytes: Uint8Array): CredentialJson | string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return 'it is not JSON';
  }
  return checkCredentials(value);
}

function checkCredentials(value: unknown): CredentialJson | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'it is not a credential file';
  const json = value as Record<string, unknown>;
  const type = CREDENTIAL_TYPES.find((known) => known === json.type);
  if (type === undefined) {
    if ('installed' in json || 'web' in json) return 'it is an OAuth client, not a credential file';
    return 'its "type" is none that can be used here';
  }
  for (const key of NEEDED[type]) {
    const present = json[key];
    const isObject = key === 'credential_source' || key === 'source_credentials';
    if (
      isObject
        ? typeof present !== 'object' || present === null
        : typeof present !== 'string' || present === ''
    )
      return `"${key}" is missing`;
  }
  for (const [key, text] of Object.entries(json)) {
    // A token or a key is sent to these URLs.
    if (/(?:_url|_uri)$/.test(key) && typeof text === 'string' && !/^https:\/\//i.test(text))
      return `"${key}" is not an https address`;
  }
  if (type === 'service_account' && !isPrivateKey(json.private_key as string))
    return '"private_key" is not a private key';
  if (type === 'impersonated_service_account') {
    const source = checkCredentials(json.source_credentials);
    if (typeof source === 'string') return `its source: ${source}`;
    if (impersonationTarget(json.service_account_impersonation_url as string) === null)
      return '"service_account_impersonation_url" names no account';
  }
  return { ...json, type };
}

/** Extracts the account from `…/serviceAccounts/ACCOUNT:generateAccessToken`. */
export function impersonationTarget(url: string): string | null {
  return /\/serviceAccounts\/([^/:]{1,200}):generateAccessToken$/.exec(url)?.[1] ?? null;
}

function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return false;
  }
}

function broken(path: string, why: string): AppError {
  return appError(
    'not-configured',
    `${path} cannot be used as credentials: ${why}.`,
    `Name another file (\`session-log config set store.credentials FILE\`) or sign in: \`${LOGIN}\`.`,
    { details: { path } },
  );
}

async function warnAbout(path: string, mode: number, search: CredentialSearch): Promise<void> {
  const { logger, dataFolder } = search;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    logger?.warn('other users of this machine can read the credential file', {
      path,
      remedy: `chmod 600 ${path}`,
    });
  const isInside =
    dataFolder !== undefined &&
    !/^\.\.(?:[/\\]|$)/.test(relative(dataFolder, path)) &&
    !isAbsolute(relative(dataFolder, path));
  if (isInside) logger?.warn('the credential file lies in the data folder; keep it elsewhere', { path });
  const work = await workTreeOf(path);
  if (work !== null)
    logger?.warn('the credential file lies in a git work tree and could be committed', {
      path,
      workTree: work,
    });
}

async function workTreeOf(path: string): Promise<string | null> {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
