import type { AgeKey } from '../ports/age.ts';

const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;
const SECRET = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/;

/** Whether a text has the form of an X25519 recipient. */
export function isRecipient(text: string): boolean {
  return RECIPIENT.test(text);
}

function isSecret(text: string): boolean {
  return SECRET.test(text);
}

/**
 * An identity file in the form of `age-keygen`.
 * @param what one line for people
 * @param made epoch milliseconds
 */
export function identityFile({ secret, recipient }: AgeKey, what: string, made: number): string {
  return `# ${what}\n# created: ${new Date(made).toISOString()}\n# public key: ${recipient}\n${secret}\n`;
}

/** The secret in an identity file; null when it has none, or several. */
export function secretIn(bytes: Uint8Array): string | null {
  const lines = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((line) => line.trim());
  const [secret, ...more] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return secret !== undefined && more.length === 0 && isSecret(secret) ? secret : null;
}
