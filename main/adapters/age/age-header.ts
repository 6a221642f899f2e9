import { createHmac, createSecretKey } from 'node:crypto';
import { Decrypter, Stanza } from 'age-encryption';
import { base64, unwrapFileKey } from './age-keys.ts';
import { derive } from './age-payload.ts';

/** Marks our stanza in a header. Programs that do not know it ignore it, as the format requires. */
const LABEL = 'session-log';
/** Characters of a body per line. */
const LINE = 64;
/** Maximum size of a header in bytes: ours have a few hundred, or a few thousand with the facts of a session piece. */
export const LONGEST_HEADER = 64 * 1024;

/** Formats a header, with the checksum that binds its lines to the file key. */
export function writeHeader(fileKey: Uint8Array, wrapped: readonly Stanza[], label?: Uint8Array): Buffer {
  const stanzas = label === undefined ? wrapped : [...wrapped, new Stanza([LABEL], label)];
  const text = `age-encryption.org/v1\n${stanzas.map(stanzaText).join('')}---`;
  const mac = createHmac('sha256', createSecretKey(derive(fileKey, new Uint8Array(), 'header')))
    .update(text)
    .digest();
  return Buffer.from(`${text} ${base64(mac)}\n`);
}

/** The last line of a body is shorter than the others, and empty when they fill theirs. */
function stanzaText({ args, body }: Stanza): string {
  const text = base64(body);
  const lines: string[] = [];
  for (let at = 0; at <= text.length; at += LINE) lines.push(`${text.slice(at, at + LINE)}\n`);
  return `-> ${args.join(' ')}\n${lines.join('')}`;
}

/** Returns a file's header length in bytes; null when the header's end is not included. */
export function headerLength(bytes: Uint8Array): number | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LONGEST_HEADER));
  const mac = start.indexOf('\n--- ');
  const end = mac === -1 ? -1 : start.indexOf('\n', mac + 1);
  return end === -1 ? null : end + 1;
}

/** What a header yields with one of its keys. */
export interface ReadHeader {
  readonly fileKey: Uint8Array;
  /** Our stanza, bound to the file by the checksum. */
  readonly label: Uint8Array | null;
}

/**
 * Parses a header by the rules of the format; all of it and its checksum are verified before any of it is used.
 * @returns null when it is for other recipients
 * @throws when it is not a header, or was modified
 */
export async function readHeader(header: Uint8Array, secrets: readonly string[]): Promise<ReadHeader | null> {
  const decrypter = new Decrypter();
  let [label, isForeign]: [Uint8Array | null, boolean] = [null, false];
  decrypter.addIdentity({
    unwrapFileKey: (stanzas) => {
      label = stanzas.find(({ args }) => args.length === 1 && args[0] === LABEL)?.body ?? null;
      for (const secret of secrets) {
        const fileKey = unwrapFileKey(secret, stanzas);
        if (fileKey !== null) return fileKey;
      }
      isForeign = true;
      return null;
    },
  });
  try {
    return { fileKey: await decrypter.decryptHeader(header), label };
  } catch (error) {
    if (isForeign) return null;
    throw error;
  }
}
