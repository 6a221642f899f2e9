import { isAppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { ConversationOutline, ConversationPage } from '../../../shared/ipc/sessions.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import type { SessionFacts } from '../../../shared/transcripts/session-facts.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import { copiedFiles, readCopy, type CopiedFile } from '../capture/copy-record.ts';
import { findSessions } from '../capture/find-sessions.ts';
import { keyOf } from '../capture/known-sessions.ts';
import { copiedBytes } from '../capture/safe-copy.ts';
import type {
  FoundSession,
  ParserState,
  TranscriptFile,
  TranscriptSource,
} from '../ports/transcript-source.ts';
import { factsOf } from '../../../shared/transcripts/facts-of.ts';
import { foldEvents } from '../../../shared/transcripts/fold-events.ts';
import { noSuchSession } from './capture-session.ts';
import { wholeCopy } from './restore-transcript.ts';
import type { SweepDeps } from './sweep-sessions.ts';

type ConversationDeps = Pick<SweepDeps, 'sources' | 'files' | 'bytes' | 'logger' | 'paths' | 'copies'>;

/** Offsets in conversations where reading can resume, so that a page in the middle does not cost everything before it. */
export interface ConversationPlaces {
  /** The last known state at or before an offset. @param file names an append-only file */
  before(file: string, size: number, offset: number): ParserState | null;
  keep(file: string, state: ParserState): void;
}

/** Places of the last few conversations. */
export function conversationPlaces(): ConversationPlaces {
  const files = new Map<string, ParserState[]>();
  return {
    before(file, size, offset) {
      const known = files.get(file);
      // A truncated file is another one from its first byte on.
      if (known?.some((state) => state.offset > size)) files.delete(file);
      return files.get(file)?.findLast((state) => state.offset <= offset) ?? null;
    },
    keep(file, state) {
      const known = files.get(file) ?? [];
      files.delete(file);
      files.set(file, known);
      const last = known.findLast(({ offset }) => offset <= state.offset);
      if (last === undefined || state.offset - last.offset >= EVERY_BYTES) {
        known.push(state);
        known.sort((a, b) => a.offset - b.offset);
      }
      for (const oldest of files.keys()) if (files.size > MOST_FILES) files.delete(oldest);
    },
  };
}

const EVERY_BYTES = 1024 * 1024;
const MOST_FILES = 4;
const PROMPT_HEAD = 200;

/** A readable session: the agent's file, or its copy. */
interface Readable {
  readonly source: TranscriptSource;
  readonly id: string;
  readonly from: 'agent' | 'copy';
  readonly facts: SessionFacts | null;
  readonly files: readonly TranscriptFile[];
  read(file: TranscriptFile, offset: number): AsyncIterable<Uint8Array>;
}

export interface ConversationRequest extends SessionKey {
  /** Name of the file; default: the conversation itself. */
  readonly file?: string;
  /** Byte offset. */
  readonly from: number;
  /** Most events. */
  readonly limit: number;
}

/** Reads a part of a conversation, and no further. @returns codes `not-found`, `io`, `denied`, `corrupt`, `timeout` */
export function readConversation(
  deps: ConversationDeps,
  places: ConversationPlaces,
  request: ConversationRequest,
): Answer<ConversationPage> {
  return withRepair(deps, request, () => readOnce(deps, places, request));
}

/** Reads, and retries once after repairing a damaged copy. */
async function withRepair<T>(deps: ConversationDeps, session: SessionKey, read: () => Answer<T>): Answer<T> {
  const done = await read();
  if (done.ok || done.error.code !== 'corrupt') return done;
  const whole = await wholeCopy(deps, session, { prove: true });
  return whole.ok ? read() : whole;
}

async function readOnce(
  deps: ConversationDeps,
  places: ConversationPlaces,
  request: ConversationRequest,
): Answer<ConversationPage> {
  const opened = await openSession(deps, request);
  if (!opened.ok) return opened;
  const { files, facts, from } = opened.value;
  const file = request.file === undefined ? files[0] : files.find(({ name }) => name === request.file);
  if (file === undefined) return err(noSuchSession(request.id));
  try {
    const { events, next } = await readPage(opened.value, file, places, request);
    return ok({
      facts: facts ?? factsOf(request.agent, request.id, settled(events), false),
      from,
      events,
      next,
      size: file.size,
      files: files.map(({ name, subagent, size }) => ({ name, subagent, size })),
    });
  } catch (thrown) {
    if (!isAppError(thrown)) throw thrown;
    return err(thrown);
  }
}

/** Every prompt of a conversation; reads all of it, and remembers places on the way. */
export function outlineConversation(
  deps: ConversationDeps,
  places: ConversationPlaces,
  session: SessionKey,
): Answer<ConversationOutline> {
  return withRepair(deps, session, () => outlineOnce(deps, places, session));
}

async function outlineOnce(
  deps: ConversationDeps,
  places: ConversationPlaces,
  session: SessionKey,
): Answer<ConversationOutline> {
  const opened = await openSession(deps, session);
  if (!opened.ok) return opened;
  const [file] = opened.value.files;
  if (file === undefined) return err(noSuchSession(session.id));
  const folded = foldEvents();
  try {
    const parser = await opened.value.source.parser(session.id, file);
    const keep = (events: readonly TranscriptEvent[]): void =>
      folded.add(events.filter(({ kind, by }) => (kind === 'prompt' && by === null) || kind === 'retracted'));
    for await (const chunk of opened.value.read(file, 0)) {
      keep(parser.push(chunk));
      if (file.grows === 'appended') places.keep(nameFor(session, file), parser.state());
    }
    keep(parser.end());
  } catch (thrown) {
    if (!isAppError(thrown)) throw thrown;
    return err(thrown);
  }
  const prompts = folded
    .events()
    .flatMap((event) =>
      event.kind === 'prompt'
        ? [{ offset: event.place.offset, at: event.at, text: event.text.text.slice(0, PROMPT_HEAD) }]
        : [],
    );
  return ok({ prompts });
}

async function readPage(
  opened: Readable,
  file: TranscriptFile,
  places: ConversationPlaces,
  { agent, from, limit }: ConversationRequest,
): Promise<{ readonly events: readonly TranscriptEvent[]; readonly next: number | null }> {
  const { source, id } = opened;
  const name = nameFor({ agent, id }, file);
  const parser = await source.parser(
    id,
    file,
    file.grows === 'appended' ? places.before(name, file.size, from) : null,
  );
  const events: TranscriptEvent[] = [];
  const take = (some: readonly TranscriptEvent[]): void => {
    for (const event of some) if (event.place.offset >= from) events.push(event);
  };
  for await (const chunk of opened.read(file, parser.state().offset)) {
    take(parser.push(chunk));
    if (file.grows === 'appended') places.keep(name, parser.state());
    const end = pageEnd(events, limit);
    if (end !== null) return { events: events.slice(0, end), next: events[end]?.place.offset ?? null };
  }
  take(parser.end());
  const end = pageEnd(events, limit);
  return end === null
    ? { events, next: null }
    : { events: events.slice(0, end), next: events[end]?.place.offset ?? null };
}

/** Where a page of that many events ends; events of a line stay together. @returns null while it is not full */
function pageEnd(events: readonly TranscriptEvent[], limit: number): number | null {
  for (let end = limit; end < events.length; end++)
    if (events[end]?.place.offset !== events[end - 1]?.place.offset) return end;
  return null;
}

function nameFor(session: SessionKey, { path, name }: TranscriptFile): string {
  return `${keyOf(session)} ${path} ${name}`;
}

async function openSession(deps: ConversationDeps, session: SessionKey): Answer<Readable> {
  const source = deps.sources.find(({ agent }) => agent === session.agent);
  if (source === undefined) return err(noSuchSession(session.id));
  const here = await findSessions([source]);
  const found = here.found.get(keyOf(session));
  if (found === undefined) return openCopy(deps, source, session);
  const facts = await source.describe(found.session);
  return ok({
    source,
    id: session.id,
    from: 'agent',
    facts: facts.ok ? facts.value : null,
    files: conversationFiles(found.session.files),
    read: (file, offset) => source.read(file, offset),
  });
}

async function openCopy(
  deps: ConversationDeps,
  source: TranscriptSource,
  session: SessionKey,
): Answer<Readable> {
  const folder = await wholeCopy(deps, session);
  if (!folder.ok) return folder;
  const pieces = await readCopy(deps.files, folder.value);
  if (!pieces.ok) return pieces;
  const held = copiedFiles(pieces.value);
  const files = held.map((one): TranscriptFile => ({
    path: folder.value,
    name: one.file,
    role: one.role,
    subagent: one.subagent,
    size: one.size,
    mtimeMs: one.version,
    grows: 'appended',
  }));
  return ok({
    source,
    id: session.id,
    from: 'copy',
    facts: null,
    files: conversationFiles(files),
    read: (file, offset) =>
      bytesOfCopy(
        deps,
        folder.value,
        held.find((one) => one.file === file.name),
        offset,
      ),
  });
}

function conversationFiles(files: FoundSession['files']): readonly TranscriptFile[] {
  const of = (role: TranscriptFile['role']): readonly TranscriptFile[] =>
    files.filter((file) => file.role === role);
  return [...of('main'), ...of('history'), ...of('subagent')];
}

async function* bytesOfCopy(
  deps: ConversationDeps,
  folder: string,
  file: CopiedFile | undefined,
  offset: number,
): AsyncGenerator<Uint8Array> {
  if (file === undefined) return;
  // Pieces before the offset are not unpacked.
  const pieces = file.pieces.filter(({ from, length }) => from + length > offset);
  const [first, ...more] = pieces;
  if (first === undefined) return;
  let at = first.from;
  for await (const piece of copiedBytes(deps, folder, { pieces: [first, ...more] })) {
    if (!piece.ok) throw piece.error;
    yield piece.value.subarray(Math.max(0, offset - at));
    at += piece.value.length;
  }
}

function settled(events: readonly TranscriptEvent[]): readonly TranscriptEvent[] {
  const folded = foldEvents();
  folded.add(events);
  return folded.events();
}
