import { isSessionId } from '../../../../shared/transcripts/agents.ts';
import { addTo } from '../../../../shared/group-by.ts';
import type { FoundSession, TranscriptFile } from '../../../core/ports/transcript-source.ts';
import type { LineRules } from '../reading/event-parser.ts';
import type { FolderLook } from '../reading/folders.ts';
import { createLineReader, type ReadLine } from '../reading/line-reader.ts';
import { readFile, readPart } from '../reading/read-file.ts';
import { excerpt, fields, text, time, type Fields } from '../reading/values.ts';
import { userText } from './prompt-text.ts';

const NAME = 'history.jsonl';
/** A session's lines in the history, in order, as if they were a file of their own. */
const LOST = /^history\/([^/]+)\.jsonl$/;

interface Listed {
  readonly print: string;
  /** Session -> positions of its lines, in order. */
  readonly lines: ReadonlyMap<string, readonly { readonly offset: number; readonly length: number }[]>;
}

/** The history of all typed prompts, which outlives the transcripts. */
export interface History {
  /** Sessions in the history that are not present. */
  lost(look: FolderLook, root: string, present: ReadonlySet<string>): AsyncIterable<FoundSession>;
  /** Reads the lines of one session. */
  read(file: TranscriptFile, offset?: number): AsyncIterable<Uint8Array>;
}

/** Rereads the history only when it has changed. */
export function createHistory(): History {
  const known = new Map<string, Listed>();
  const listed = async (path: string, print: string): Promise<Listed> => {
    const before = known.get(path);
    if (before?.print === print) return before;
    const now = { print, lines: await linesBySession(path) };
    known.set(path, now);
    return now;
  };
  return {
    async *lost(look, root, present) {
      const path = `${root}/${NAME}`;
      const facts = look.facts(path);
      if (facts === null) return;
      const { lines } = await listed(path, `${facts.size} ${facts.mtimeMs}`);
      for (const [id, places] of lines) {
        if (present.has(id)) continue;
        const size = places.reduce((sum, place) => sum + place.length + 1, 0);
        const base = { path, name: `history/${id}.jsonl`, role: 'history', subagent: null } as const;
        const file: TranscriptFile = { ...base, size, mtimeMs: facts.mtimeMs, grows: 'appended' };
        yield { agent: 'claude-code', id, root, files: [file], parent: null };
      }
    },
    async *read(file, offset = 0) {
      const id = LOST.exec(file.name)?.[1] ?? '';
      const { lines } = known.get(file.path) ?? (await listed(file.path, ''));
      let skip = offset;
      for (const place of lines.get(id) ?? []) {
        const line = Buffer.concat([
          await readPart(file.path, place.offset, place.length),
          Buffer.from('\n'),
        ]);
        if (skip < line.length) yield line.subarray(skip);
        skip = Math.max(0, skip - line.length);
      }
    },
  };
}

async function linesBySession(path: string): Promise<Listed['lines']> {
  const lines = new Map<string, { offset: number; length: number }[]>();
  const reader = createLineReader(0);
  const take = ({ value, offset, length }: ReadLine): void => {
    const id = text(fields(value)['sessionId']);
    if (id !== null && isSessionId(id)) addTo(lines, id, { offset, length });
  };
  for await (const bytes of readFile(path)) reader.push(bytes, take);
  reader.end(take);
  return lines;
}

interface HistoryMemory {
  folder: string;
}

/** Each line is a prompt, with the folder it was typed in. */
export const HISTORY_RULES: LineRules<HistoryMemory> = {
  version: 'claude-code-history/1',
  start: () => ({ folder: '' }),
  line(value, { lineKey, emit }, memory) {
    const line = fields(value);
    const display = text(line['display']);
    if (display === null) return 'no text';
    const at = time(line['timestamp']);
    const folder = text(line['project']);
    if (folder !== null && folder !== memory.folder) {
      memory.folder = folder;
      emit({ kind: 'setting', folder }, { key: `folder/${lineKey}`, at });
    }
    const read = userText(withPastes(display, fields(line['pastedContents'])));
    if (read.is !== 'prompt' && read.is !== 'command') return null;
    emit(
      { kind: 'prompt', text: excerpt(read.text), via: 'history', attachments: 0 },
      { key: `typed/${lineKey}`, at },
    );
    return null;
  },
};

/** The history contains a long paste as `[Pasted text #1 +20 lines]`, with its text beside it. */
function withPastes(display: string, pastes: Fields): string {
  return display.replaceAll(/\[Pasted text #(\d{1,6})(?: \+\d+ lines)?\]/g, (placeholder, number: string) => {
    return text(fields(pastes[number])['content']) ?? placeholder;
  });
}
