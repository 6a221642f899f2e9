import { configValue, remotesOf } from '../repository/git-config.ts';
import type { TreeRun } from './tree-run.ts';

/** More than a repository has. */
const MOST_REMOTES = 5;

/** The address of a remote of this repository that anyone can read, without credentials; null if none is known. */
export async function publicRemote({ repo, deps, request }: TreeRun): Promise<string | null> {
  for (const name of remotesOf(repo.config).slice(0, MOST_REMOTES)) {
    const address =
      configValue(repo.config, `remote.${name}.pushurl`) ?? configValue(repo.config, `remote.${name}.url`);
    const url = address === null ? null : webAddress(address);
    if (url !== null && (await deps.forge?.isPublic(url, request.signal)) === 'yes') return url;
  }
  return null;
}

/**
 * A remote's web address: its host and path, without account, password and ssh port. Null for a folder and for hosts not on the internet.
 */
export function webAddress(address: string): string | null {
  const scp = /^(?:[^\s/@:]+@)?([\w-]+(?:\.[\w-]+)+):(?!\/\/)\/?([^\s]+)$/.exec(address);
  if (scp !== null) return `https://${scp[1]}/${scp[2]}`;
  try {
    const url = new URL(address);
    if (url.protocol === 'http:' || url.protocol === 'https:')
      return url.hostname === '' ? null : `${url.protocol}//${url.host}${url.pathname}`;
    return url.protocol === 'ssh:' && url.hostname.includes('.')
      ? `https://${url.hostname}${url.pathname}`
      : null;
  } catch {
    return null;
  }
}
