import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { PIECE } from './state-rows.ts';

/** Replaces a state file with these rows; creates a missing folder. @param head the other members */
export function writeRows(
  files: Files,
  path: string,
  head: Readonly<Record<string, unknown>> & { readonly schema: 1 },
  list: string,
  rows: Iterable<unknown>,
): Answer<void> {
  const encoder = new TextEncoder();
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let text = `${JSON.stringify(head).slice(0, -1)},"${list}":[`;
    let separator = '\n';
    for (const row of rows) {
      text += `${separator}${JSON.stringify(row)}`;
      separator = ',\n';
      if (text.length < PIECE) continue;
      yield encoder.encode(text);
      text = '';
    }
    yield encoder.encode(`${text}\n]}\n`);
  }
  return files.replaceFrom(path, chunks(), async () => ok(undefined));
}
