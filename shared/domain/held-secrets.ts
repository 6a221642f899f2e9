import type { AppError } from '../app-error.ts';

/** A secret in a file that was about to be committed, without its value. */
export interface HeldSecret {
  /** Relative to the root of the work tree. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** In words: `github token`. */
  readonly kind: string;
  /** The argument of `secrets allow`; empty for a file that could not be scanned. Never leaves this machine. */
  readonly id: string;
}

/** What a git sync left uncommitted because of secrets. */
export interface HeldSecrets {
  /** Root of the work tree, absolute. */
  readonly tree: string;
  readonly secrets: readonly HeldSecret[];
  /** Address of a publicly readable remote, because of which the workspace's setting was not followed; null otherwise. */
  readonly open: string | null;
}

/** Returns the secrets that made a git sync fail; null when it failed for another reason. */
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
