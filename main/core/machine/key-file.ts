import type { AgeKey } from '../ports/age.ts';

const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;
const SECRET = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/;

/** True for the recipient of an X25519 identity, as far as its form goes. */
export function isRecipient(text: string): boolean {
  return RECIPIENT.test(text);
}

function isSecret(text: string): boolean {
  return SECRET.test(text);
}

/**
 * A file of identities as `age-keygen` writes it.
 * @param what one line for people
 * @param made epoch milliseconds
 */
export function identityFile({ secret, recipient }: AgeKey, what: string, made: number): string {
  return `# ${what}\n# created: ${new Date(made).toISOString()}\n# public key: ${recipient}\n${secret}\n`;
}

/** The secret in a file of identities; null when it has none, or more than one. */
export function secretIn(bytes: Uint8Array): string | null {
  const lines = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((line) => line.trim());
  const [secret, ...more] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return secret !== undefined && more.length === 0 && isSecret(secret) ? secret : null;
}
