import { createHmac } from 'node:crypto';
import { Decrypter, Stanza } from 'age-encryption';
import { base64, unwrapFileKey } from './age-keys.ts';
import { derive } from './age-payload.ts';

/** Marks our line in a header. Programs that do not know it read past it, as the format asks of them. */
const LABEL = 'session-log';
/** Characters of a body that stand in one line. */
const LINE = 64;
/** Bytes that a header may have: ours have a few hundred, with the facts of a piece of a session some thousand. */
export const LONGEST_HEADER = 64 * 1024;

/** A header as the format writes it, with the checksum that binds its lines to the file key. */
export function writeHeader(fileKey: Uint8Array, wrapped: readonly Stanza[], label?: Uint8Array): Buffer {
  const stanzas = label === undefined ? wrapped : [...wrapped, new Stanza([LABEL], label)];
  const text = `age-encryption.org/v1\n${stanzas.map(stanzaText).join('')}---`;
  const mac = createHmac('sha256', derive(fileKey, new Uint8Array(), 'header'))
    .update(text)
    .digest();
  return Buffer.from(`${text} ${base64(mac)}\n`);
}

/** The last line of a body is shorter than the others, and empty where they fill theirs. */
function stanzaText({ args, body }: Stanza): string {
  const text = base64(body);
  const lines: string[] = [];
  for (let at = 0; at <= text.length; at += LINE) lines.push(`${text.slice(at, at + LINE)}\n`);
  return `-> ${args.join(' ')}\n${lines.join('')}`;
}

/** How many bytes of a file are its header; null when the end of it is not among them. */
export function headerLength(bytes: Uint8Array): number | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LONGEST_HEADER));
  const mac = start.indexOf('\n--- ');
  const end = mac === -1 ? -1 : start.indexOf('\n', mac + 1);
  return end === -1 ? null : end + 1;
}

/** What a header gives who has a key of it. */
export interface ReadHeader {
  readonly fileKey: Uint8Array;
  /** Our line, bound to the file by the checksum. */
  readonly label: Uint8Array | null;
}

/**
 * Reads a header by the rules of the format, all of it and its checksum before anything of it is used.
 * @returns null when it is for others
 * @throws for what is no header, or one that was changed
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
