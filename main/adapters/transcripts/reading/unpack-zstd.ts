import type { Decompress } from 'fzstd';
import type { TranscriptEvent } from '../../../../shared/transcripts/events.ts';
import type { TranscriptParser } from '../../../core/ports/transcript-source.ts';

let unpacker: typeof Decompress | null = null;

/** Loads the decompressor; must precede parsing a compressed file, and is not needed to list files. */
export async function loadZstd(): Promise<void> {
  unpacker = (await import('fzstd')).Decompress;
}

/** Bytes; more than any session: anything larger was made to fill a disk. */
const MOST = 4 * 2 ** 30;

/**
 * Reads a compressed file (zstd): event positions refer to the uncompressed text, and it is always read from the start.
 * @param name of the file
 */
export function unpacking(inner: TranscriptParser, name: string): TranscriptParser {
  let events: TranscriptEvent[] = [];
  let [packed, unpacked, isBroken] = [0, 0, false];
  if (unpacker === null) throw new Error('loadZstd was not called');
  const stream = new unpacker((bytes) => {
    unpacked += bytes.length;
    if (unpacked > MOST) throw new RangeError('too large');
    events.push(...inner.push(bytes));
  });
  const unpack = (bytes: Uint8Array, isLast: boolean): void => {
    if (isBroken) return;
    try {
      // It retains its input until it has the rest of a block.
      stream.push(new Uint8Array(bytes), isLast);
    } catch {
      // Damaged or truncated: what came before counts.
      isBroken = true;
    }
  };
  const given = (): readonly TranscriptEvent[] => {
    const now = events;
    events = [];
    return now;
  };
  return {
    push(bytes) {
      packed += bytes.length;
      unpack(bytes, false);
      return given();
    },
    end() {
      unpack(new Uint8Array(), true);
      events.push(...inner.end());
      const place = { file: name, offset: 0, length: packed };
      if (isBroken)
        events.push({ kind: 'unknown', what: 'damaged', key: `${name}#damaged`, at: null, place, by: null });
      return given();
    },
    state: () => ({ ...inner.state(), offset: packed }),
  };
}
