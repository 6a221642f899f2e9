import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { bech32 } from '@scure/base';
import { Stanza } from 'age-encryption';
import { derive } from './age-payload.ts';
import { lock, unlock } from './chacha.ts';

/** The DER prefix of the 32 bytes of a public and of a secret X25519 key. */
const PUBLIC = Buffer.from('302a300506032b656e032100', 'hex');
const SECRET = Buffer.from('302e020100300506032b656e04220420', 'hex');
const INFO = 'age-encryption.org/v1/X25519';
const NO_NONCE = new Uint8Array(12);
/** Maximum cached parsed keys: a team has a few, and parsing one takes as long as sealing with it. */
const KEPT = 32;

const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

interface Key {
  readonly key: KeyObject;
  /** The public half of a secret. */
  readonly public: Buffer;
}

const recipients = new Map<string, Key>();
const secrets = new Map<string, Key>();

/** True when the text has the form of an X25519 identity's recipient. */
export function isRecipient(text: string): boolean {
  return RECIPIENT.test(text);
}

/** Wraps a file key so that only the recipient can unwrap it. */
export function wrapFileKey(recipient: string, fileKey: Uint8Array): Stanza {
  const to = kept(recipients, recipient, () => {
    const raw = Buffer.from(bech32.decodeToBytes(recipient).bytes);
    return { key: publicKey(raw), public: raw };
  });
  const pair = generateKeyPairSync('x25519');
  const share = rawOf(pair.publicKey);
  const key = sharedKey(pair.privateKey, to.key, share, to.public);
  return new Stanza(['X25519', base64(share)], Buffer.concat(lock(key, NO_NONCE, fileKey)));
}

/**
 * Unwraps the file key of a header.
 * @returns null when it is for other recipients
 * @throws for anything a conforming program would not write
 */
export function unwrapFileKey(secret: string, stanzas: readonly Stanza[]): Uint8Array | null {
  const own = kept(secrets, secret, () => {
    const raw = Buffer.from(bech32.decodeToBytes(secret).bytes);
    const key = createPrivateKey({ key: Buffer.concat([SECRET, raw]), format: 'der', type: 'pkcs8' });
    return { key, public: rawOf(createPublicKey(key)) };
  });
  for (const { args, body } of stanzas) {
    if (args[0] !== 'X25519') continue;
    const share = Buffer.from(args[1] ?? '', 'base64');
    if (args.length !== 2 || share.length !== 32 || base64(share) !== args[1] || body.length !== 32)
      throw new RangeError('no stanza of the format');
    const key = sharedKey(own.key, publicKey(share), share, own.public);
    try {
      return unlock(key, NO_NONCE, body);
    } catch {
      // For another recipient.
    }
  }
  return null;
}

/** @throws for a low-order share: OpenSSL rejects an all-zero secret */
function sharedKey(
  privateKey: KeyObject,
  publicKey: KeyObject,
  share: Buffer,
  recipient: Buffer,
): Uint8Array {
  const secret = diffieHellman({ privateKey, publicKey });
  return derive(secret, Buffer.concat([share, recipient]), INFO);
}

function publicKey(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC, raw]), format: 'der', type: 'spki' });
}

function rawOf(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC.length);
}

function kept(known: Map<string, Key>, text: string, read: () => Key): Key {
  const before = known.get(text);
  if (before !== undefined) return before;
  const key = read();
  if (known.size >= KEPT) known.clear();
  known.set(text, key);
  return key;
}

/** Without padding, as the format requires. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
