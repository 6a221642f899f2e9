import { encodingOf } from '../../../shared/domain/decode-log.ts';
import { findSecrets } from '../../../shared/secrets/find-secrets.ts';
import type { CountTokens, Finding } from '../../../shared/secrets/finding.ts';
import { AHEAD, BACK, ofPiece, PIECE } from '../../../shared/secrets/pieces.ts';

/** Finds the secrets in bytes, piece by piece. @param isPiece true for a single piece with its surroundings */
export function scanBytes(bytes: Uint8Array, countTokens: CountTokens, isPiece = false): readonly Finding[] {
  const scanText = isPiece ? findSecrets : scanPieces;
  const encoding = encodingOf(bytes);
  if (encoding !== 'utf-8') {
    // Two bytes per character, after the two of the byte order mark.
    const text = new TextDecoder(encoding).decode(bytes);
    return scanText(text, countTokens).map((found) => ({
      ...found,
      start: 2 + found.start * 2,
      end: 2 + found.end * 2,
    }));
  }
  // One character per byte: offsets are byte offsets, whatever the bytes mean.
  const { buffer, byteOffset, length } = bytes;
  return scanText(Buffer.from(buffer, byteOffset, length).toString('latin1'), countTokens);
}

function scanPieces(text: string, countTokens: CountTokens): readonly Finding[] {
  if (text.length <= PIECE) return findSecrets(text, countTokens);
  const all: Finding[] = [];
  for (let at = 0; at < text.length; at += PIECE) {
    const from = Math.max(0, at - BACK);
    const found = findSecrets(text.slice(from, at + PIECE + AHEAD), countTokens);
    all.push(...ofPiece(found, from, at, all.at(-1)?.end ?? 0));
  }
  return all;
}
