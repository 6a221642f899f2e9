import type { AppError } from '../app-error.ts';

/** A secret in a file that was about to be committed. Never its value. */
export interface HeldSecret {
  /** Relative to the top of the work tree. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** In words: `github token`. */
  readonly kind: string;
  /** What `secrets allow` takes; empty for a file that could not be looked through. Stays on this machine. */
  readonly id: string;
}

/** What a git sync left uncommitted because of secrets. */
export interface HeldSecrets {
  /** Top of the work tree, absolute. */
  readonly tree: string;
  readonly secrets: readonly HeldSecret[];
  /** Address of a remote that anyone can read, which is why the workspace's setting was not followed; null else. */
  readonly open: string | null;
}

/** What of a failed git sync is secrets; null where it failed for something else. */
export function heldSecretsOf({ details }: Pick<AppError, 'details'>): HeldSecrets | null {
  const { cause, tree, secrets, open } = details ?? {};
  if (cause !== 'secrets' || typeof tree !== 'string' || !Array.isArray(secrets)) return null;
  return { tree, secrets: secrets.filter(isHeld), open: typeof open === 'string' ? open : null };
}

function isHeld(one: unknown): one is HeldSecret {
  const { path, line, kind, id } = (one ?? {}) as Readonly<Record<string, unknown>>;
  return (
    typeof path === 'string' && typeof line === 'number' && typeof kind === 'string' && typeof id === 'string'
  );
}
