import { expect, it } from 'vitest';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { readSession } from '../../testing/transcripts/read-session.ts';
import type { FoundSession, ParserState, TranscriptSource } from '../ports/transcript-source.ts';

/** A parser whose every byte is an event. */
const parser: TranscriptSource['parser'] = async (_session, file, from) => {
  let offset = from?.offset ?? 0;
  return {
    push: (bytes) =>
      [...bytes].map((byte): TranscriptEvent => ({
        kind: 'unknown',
        what: String.fromCharCode(byte),
        key: `${file.name}/${offset}`,
        at: null,
        place: { file: file.name, offset: offset++, length: 1 },
        by: file.subagent,
      })),
    end: () => [],
    state: () => ({ version: 'x/1', offset, memory: null }),
  };
};

it('reads every file with events from where it was left, and says how far it came', async () => {
  const file = (name: string, role: 'main' | 'subagent' | 'sidecar') =>
    ({
      name,
      role,
      path: `/${name}`,
      subagent: role === 'subagent' ? name : null,
      size: 3,
      mtimeMs: 0,
      grows: 'appended',
    }) as const;
  const session: FoundSession = {
    agent: 'codex',
    id: 'x',
    root: '/',
    parent: null,
    files: [file('m', 'main'), file('out', 'sidecar'), file('s', 'subagent')],
  };
  const source: Pick<TranscriptSource, 'parser' | 'read'> = {
    parser,
    async *read(_file, offset = 0) {
      yield new TextEncoder().encode('abc'.slice(offset));
    },
  };
  const left = new Map<string, ParserState>([['m', { version: 'x/1', offset: 2, memory: null }]]);
  const reached: string[] = [];
  const seen: string[] = [];
  for await (const events of readSession(source, session, left, (one, state) =>
    reached.push(`${one.name} ${state.offset}`),
  ))
    seen.push(...events.map((event) => event.key));
  expect(seen).toEqual(['m/2', 's/0', 's/1', 's/2']);
  expect(reached).toEqual(['m 3', 's 3']);
});
