import { plural } from '../../../shared/format/amount.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import {
  changedFilesOf,
  commandsOf,
  eventsOf,
  isLook,
  shortPath,
  type EventOf,
  type StretchView,
} from './stretch-view.ts';

const PROMPT_CHARACTERS = 1_200;
const CLOSING_CHARACTERS = 1_800;
const ANSWER_CHARACTERS = 500;
const NAMED_FILES = 6;
/** Prompts of one stretch shown whole; others get one line each. */
const SHOWN_PROMPTS = 40;

/** A prompt, and the work until the next. */
interface Turn {
  readonly prompt: EventOf<'prompt'> | null;
  readonly events: readonly TranscriptEvent[];
}

/** The prompts in order, each with the work done for it, and the agent's closing words. */
export function summarySection(view: StretchView): string {
  const turns = turnsOf(view.stretch.own);
  const asked = turns.filter(({ prompt }) => prompt !== null).length;
  const parts: string[] = [];
  if (view.stretch.isRewound)
    parts.push('The person went back to an earlier point: some of what stands above was taken back.');
  for (const [index, turn] of turns.entries()) {
    const isLast = index === turns.length - 1;
    const text = turnText(view, turn, isLast, index < SHOWN_PROMPTS || isLast);
    if (text !== '') parts.push(text);
  }
  if (asked === 0 && parts.length === 0) return 'Nothing was asked.';
  return parts.join('\n\n');
}

function turnsOf(events: readonly TranscriptEvent[]): readonly Turn[] {
  const turns: { prompt: EventOf<'prompt'> | null; events: TranscriptEvent[] }[] = [
    { prompt: null, events: [] },
  ];
  for (const event of events) {
    if (event.kind === 'prompt') turns.push({ prompt: event, events: [] });
    else turns.at(-1)?.events.push(event);
  }
  return turns.filter(
    ({ prompt, events: done }) => prompt !== null || done.some(({ kind }) => kind === 'reply'),
  );
}

function turnText(view: StretchView, { prompt, events }: Turn, isLast: boolean, isShown: boolean): string {
  const { words, timeOf } = view;
  const parts: string[] = [];
  if (prompt !== null) {
    const time = timeOf(prompt.at);
    const head = `**${time === '' ? 'Asked' : time}**${viaWords(prompt)}`;
    if (!isShown) return `${head} ${words.line(prompt.text.text, 160)}`;
    const said = words.quote(prompt.text, PROMPT_CHARACTERS, prompt.place.offset);
    parts.push(prompt.text.text.trim() === '' ? head : `${head}\n\n${said}`);
  }
  const done = doneLine(view, events);
  if (done !== '') parts.push(done);
  const reply = events.findLast((event) => event.kind === 'reply');
  if (reply?.kind === 'reply') {
    const limit = isLast ? CLOSING_CHARACTERS : ANSWER_CHARACTERS;
    const text = words.prose(reply.text, limit, reply.place.offset);
    if (text !== '') parts.push(text);
  }
  return parts.join('\n\n');
}

function viaWords({ via, attachments }: EventOf<'prompt'>): string {
  const how = {
    typed: '',
    queued: ', while the agent worked',
    command: '',
    shell: ', run by the person',
    history: ', from the list of typed prompts',
    program: ', from a program',
  }[via];
  return `${how}${attachments > 0 ? `, with ${plural(attachments, 'attachment')}` : ''}:`;
}

/** The work for a prompt, in one line. */
function doneLine({ stretch, words, folder }: StretchView, events: readonly TranscriptEvent[]): string {
  const files = changedFilesOf(events);
  const named = files.slice(0, NAMED_FILES).map(({ path }) => words.code(shortPath(path, folder), 120));
  const commands = commandsOf(events).filter(({ command }) => !isLook(command.text));
  const failed = commands.filter(({ outcome }) => outcome === 'failed').length;
  const commits = eventsOf({ own: events, helpers: [] }, 'commit');
  const helpers = eventsOf({ own: events, helpers: [] }, 'subagent-started');
  const looks = lookCount(events);
  const done = [
    ...(files.length === 0
      ? []
      : [
          `changed ${named.join(', ')}${files.length > named.length ? ` and ${files.length - named.length} more` : ''}`,
        ]),
    ...(commands.length === 0
      ? []
      : [`ran ${plural(commands.length, 'command')}${failed > 0 ? ` (${failed} failed)` : ''}`]),
    ...commits.map(
      ({ sha, subject }) =>
        `committed ${words.code(sha.slice(0, 10), 10)}${subject === null ? '' : ` ${words.line(subject, 100)}`}`,
    ),
    ...(helpers.length === 0 ? [] : [`had help of ${plural(helpers.length, 'subagent')}`]),
    ...(looks === 0 ? [] : [`looked at ${plural(looks, 'thing')}`]),
    ...(events.some(({ kind }) => kind === 'interrupted') ? ['was interrupted'] : []),
  ];
  return done.length === 0 || stretch.own.length === 0 ? '' : `_Done:_ ${done.join('; ')}.`;
}

/** Number of pure reads: files, searches, pages, and read-only commands. */
export function lookCount(events: readonly TranscriptEvent[]): number {
  return events.filter(
    (event) =>
      event.kind === 'tool-ended' &&
      (['read', 'search', 'web'].includes(event.use.does) ||
        (event.use.does === 'command' && event.outcome !== 'failed' && isLook(event.use.command.text))),
  ).length;
}
