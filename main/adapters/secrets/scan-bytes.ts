import { encodingOf } from '../../../shared/domain/decode-log.ts';
import { findSecrets } from '../../../shared/secrets/find-secrets.ts';
import type { CountTokens, Finding } from '../../../shared/secrets/finding.ts';

/** Bytes that are looked at in one piece, and how far a piece looks back and ahead, so that nothing is lost at an edge. */
const [PIECE, BACK, AHEAD] = [1024 * 1024, 4 * 1024, 64 * 1024];

/** Finds the secrets in bytes, piece by piece. Pieces begin at fixed places: what is added at the end changes nothing before. */
export function scanBytes(bytes: Uint8Array, countTokens: CountTokens): readonly Finding[] {
  const encoding = encodingOf(bytes);
  if (encoding !== 'utf-8') {
    // Two bytes a character, behind the two of the byte order mark.
    const text = new TextDecoder(encoding).decode(bytes);
    return scanText(text, countTokens).map((found) => ({
      ...found,
      start: 2 + found.start * 2,
      end: 2 + found.end * 2,
    }));
  }
  // A character a byte: offsets are those of the bytes, whatever they mean.
  const { buffer, byteOffset, length } = bytes;
  return scanText(Buffer.from(buffer, byteOffset, length).toString('latin1'), countTokens);
}

function scanText(text: string, countTokens: CountTokens): readonly Finding[] {
  if (text.length <= PIECE) return findSecrets(text, countTokens);
  const all: Finding[] = [];
  for (let at = 0; at < text.length; at += PIECE) {
    const from = Math.max(0, at - BACK);
    for (const found of findSecrets(text.slice(from, at + PIECE + AHEAD), countTokens)) {
      const [start, end] = [found.start + from, found.end + from];
      if (start < at || start >= at + PIECE || start < (all.at(-1)?.end ?? 0)) continue;
      all.push({ ...found, start, end });
    }
  }
  return all;
}
