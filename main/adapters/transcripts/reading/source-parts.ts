import { isAppError, type AppError, fail, type Answer } from '../../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type { TranscriptEvent } from '../../../../shared/transcripts/events.ts';
import { factsOf } from '../../../../shared/transcripts/facts-of.ts';
import { foldEvents } from '../../../../shared/transcripts/fold-events.ts';
import type { SessionFacts } from '../../../../shared/transcripts/session-facts.ts';
import type {
  FoundSession,
  FoundSessions,
  RestorePlace,
  TranscriptFile,
  TranscriptParser,
  TranscriptSource,
} from '../../../core/ports/transcript-source.ts';
import { readEnds } from './read-file.ts';

const END = 64 * 1024;
const LINE_BREAK = 0x0a;

/** Collects sessions by id; of two with one id the one with the larger main file, then the newer. */
export function sessionsOnce(): {
  add(session: FoundSession): void;
  sessions(): FoundSessions['sessions'];
} {
  const best = new Map<string, FoundSession>();
  return {
    add(session) {
      const other = best.get(session.id);
      if (other === undefined || weight(session) > weight(other)) best.set(session.id, session);
    },
    sessions: () => [...best.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function weight({ files: [main] }: FoundSession): number {
  return main === undefined ? -1 : main.size * 1e14 + main.mtimeMs;
}

/**
 * Reads the events in the first and last 64 KiB of a line-based file; the middle is skipped.
 * @param parser creates a parser for each end
 */
export async function eventsOfEnds(
  path: string,
  parser: () => Promise<TranscriptParser>,
): Answer<readonly TranscriptEvent[]> {
  return caught(async () => {
    const { head, tail } = await readEnds(path, END);
    const first = await parser();
    const events = [...first.push(head)];
    if (tail === null) return [...events, ...first.end()];
    const last = await parser();
    // The tail begins somewhere in a line.
    const whole = tail.subarray(tail.indexOf(LINE_BREAK) + 1);
    const isLineLonger = !tail.includes(LINE_BREAK);
    return isLineLonger ? events : [...events, ...last.push(whole), ...last.end()];
  });
}

/** Returns the result of a read, with failures as values. */
export async function caught<T>(act: () => Promise<T>): Answer<T> {
  try {
    return ok(await act());
  } catch (error) {
    if (isAppError(error)) return err(error);
    throw error;
  }
}

/** Resolves a name to a path below a root, if it stays below it. */
export function placeBelow(root: string, name: string): Result<RestorePlace, AppError> {
  const parts = name.split('/');
  const isSafe =
    name !== '' &&
    !/[\\\0:]/.test(name) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (isSafe) return ok({ how: 'file', path: `${root}/${name}` });
  return fail(
    'invalid-input',
    `${JSON.stringify(name)} is not a place below ${root}.`,
    'Restore it elsewhere with --to.',
  );
}

/**
 * Describes a session: from the ends of a line-based main file, or all of one that can only be read whole; plus its fact files.
 * @param isLines false for files that are read whole
 */
export async function describeSession(
  source: Pick<TranscriptSource, 'agent' | 'parser' | 'read'>,
  session: FoundSession,
  isLines: (file: TranscriptFile) => boolean,
): Answer<SessionFacts> {
  const [main, ...others] = session.files;
  const fold = foldEvents();
  for (const file of others) {
    if (file.role !== 'facts') continue;
    const events = await caught(() => allEvents(source, session.id, file));
    // An unreadable title is ignored.
    if (events.ok) fold.add(events.value);
  }
  if (main === undefined) return ok(factsOf(source.agent, session.id, [], false));
  const own = isLines(main)
    ? await eventsOfEnds(main.path, () => source.parser(session.id, main))
    : await caught(() => allEvents(source, session.id, main));
  if (!own.ok) return own;
  fold.add(own.value);
  return ok(factsOf(source.agent, session.id, fold.events(), false));
}

async function allEvents(
  source: Pick<TranscriptSource, 'parser' | 'read'>,
  session: string,
  file: TranscriptFile,
): Promise<readonly TranscriptEvent[]> {
  const parser = await source.parser(session, file);
  const events: TranscriptEvent[] = [];
  for await (const bytes of source.read(file)) events.push(...parser.push(bytes));
  return [...events, ...parser.end()];
}
