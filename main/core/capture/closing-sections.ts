import { formatCount, plural } from '../../../shared/format/amount.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { eventsOf, upTo, type EventOf, type StretchView } from './stretch-view.ts';

const NONE = 'None.';
const SHOWN_URLS = 30;

/** What was open at the end: todos, questions, an interrupted turn, unanswered calls, background work. */
export function pendingSection({ stretch, words }: StretchView): string {
  const lines: string[] = [];
  const add = (text: string): void => void lines.push(`- [ ] ${text}`);
  const todos = eventsOf(stretch, 'todos').at(-1)?.items ?? [];
  for (const { text, state } of todos)
    if (state === 'open' || state === 'doing')
      add(`${words.line(text, 300)}${state === 'doing' ? ' (begun)' : ''}`);
  for (const { questions } of eventsOf(stretch, 'question'))
    for (const { question, answer } of questions)
      if (answer === null) add(`Unanswered: ${words.line(question, 300)}`);
  for (const { text, verdict } of eventsOf(stretch, 'plan'))
    if (verdict === 'open') add(`A plan was not decided on: ${words.line(text.text, 300)}`);
  const turn = lastTurn(stretch.own);
  for (const call of unanswered(stretch.own)) add(`No end is recorded of ${callWords(call, words)}.`);
  for (const event of eventsOf(stretch, 'tool-ended'))
    if (event.outcome === 'background' && event.use.does === 'command')
      add(`In the background when last seen: ${words.code(event.use.command.text, 200)}`);
  const last = turn.findLast(
    ({ kind }) => kind === 'reply' || kind === 'interrupted' || kind === 'api-error',
  );
  if (last?.kind === 'interrupted') add('The last turn was interrupted; the agent did not finish it.');
  if (last?.kind === 'api-error') add(`The last turn ended with an error: ${words.line(last.message, 200)}`);
  const asked = last?.kind === 'reply' ? closingQuestion(last) : null;
  if (asked !== null) add(`The agent asked last: ${words.line(asked, 300)}`);
  if (last === undefined && turn.some(({ kind }) => kind === 'prompt')) add('The last prompt got no answer.');
  return lines.length === 0 ? NONE : lines.join('\n');
}

/** From the last prompt on. */
function lastTurn(events: readonly TranscriptEvent[]): readonly TranscriptEvent[] {
  const at = events.findLastIndex(({ kind }) => kind === 'prompt');
  return at === -1 ? events : events.slice(at);
}

function unanswered(events: readonly TranscriptEvent[]): readonly EventOf<'tool-started'>[] {
  const ended = new Set(
    events.flatMap((event) =>
      event.kind === 'tool-ended' || event.kind === 'subagent-ended' ? [event.call] : [],
    ),
  );
  return events.filter(
    (event): event is EventOf<'tool-started'> => event.kind === 'tool-started' && !ended.has(event.call),
  );
}

function callWords({ tool, use }: EventOf<'tool-started'>, words: StretchView['words']): string {
  return use.does === 'command' ? words.code(use.command.text, 200) : words.line(tool, 60);
}

/** The last sentence of an answer, if it is a question. */
function closingQuestion({ text }: EventOf<'reply'>): string | null {
  if (text.length > text.text.length) return null;
  const line = text.text.trim().split('\n').at(-1)?.trim() ?? '';
  return line.endsWith('?') ? (/[^.!?]*\?$/.exec(line)?.[0].trim() ?? null) : null;
}

/** The whole transcript's name and facts, up to the end of this stretch. */
export interface TranscriptFacts {
  readonly agentName: string;
  readonly session: string;
  /** SHA-256 of this stretch's bytes in the main file, hex. */
  readonly digest: string;
  /** Bytes. */
  readonly from: number;
  readonly to: number;
}

/** Commits, pull requests, addresses, the transcript, and usage. */
export function referenceSection(view: StretchView, transcript: TranscriptFacts): string {
  const { stretch, words } = view;
  const lines: string[] = [];
  const seen = new Set<string>();
  for (const { sha, branch, subject, how } of eventsOf(stretch, 'commit', 'all')) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    const where = branch === null ? '' : ` on ${words.code(branch, 100)}`;
    const what = subject === null ? '' : `: ${words.line(subject, 200)}`;
    lines.push(`- Commit ${words.code(sha, 40)}${how === 'committed' ? '' : ` (${how})`}${where}${what}`);
  }
  for (const url of new Set(eventsOf(stretch, 'pull-request', 'all').map((event) => event.url)))
    lines.push(`- Pull request: ${address(words.line(url, 300))}`);
  const urls = addressesOf(stretch.own).map((url) => `- ${address(words.line(url, 300))}`);
  lines.push(...upTo([...new Set(urls)], SHOWN_URLS, 'addresses'));
  if (view.folder !== null) lines.push(`- Folder: ${words.code(view.folder, 300)}`);
  const branches = new Set(eventsOf(stretch, 'setting').flatMap(({ branch }) => (branch ? [branch] : [])));
  if (branches.size > 0)
    lines.push(`- Branch: ${[...branches].map((branch) => words.code(branch, 100)).join(', ')}`);
  lines.push(
    `- Transcript: ${transcript.agentName} session ${words.code(transcript.session, 128)}, bytes ${formatCount(transcript.from)} to ${formatCount(transcript.to)}, SHA-256 ${words.code(transcript.digest, 64)}`,
    `- The whole conversation: ${words.code(`session-log sessions show ${transcript.session}`, 200)}`,
  );
  const usage = usageLine(stretch.own);
  if (usage !== '') lines.push(usage);
  return lines.join('\n');
}

/** In angle brackets it is a plain link, and no other Markdown. */
function address(url: string): string {
  return /^https?:\/\/[^\s<>]+$/.test(url) ? `<${url}>` : url;
}

function addressesOf(events: readonly TranscriptEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.kind === 'prompt')
      return [...event.text.text.matchAll(/\bhttps?:\/\/[^\s<>"'`)\]]{3,300}/g)].map(([url]) =>
        url.replace(/[.,;:]+$/, ''),
      );
    if (event.kind === 'tool-ended' && event.use.does === 'web' && /^https?:\/\//.test(event.use.target.text))
      return [event.use.target.text.split(/\s/)[0] ?? ''];
    return [];
  });
}

/** The client's own total if available, else the sum of the answers. */
function usageLine(events: readonly TranscriptEvent[]): string {
  const all = events.filter((event): event is EventOf<'usage'> => event.kind === 'usage');
  const total = all.findLast(({ scope }) => scope === 'session');
  const counted = total === undefined ? all : [total];
  if (counted.length === 0) return '';
  const sum = (key: 'input' | 'output' | 'cacheRead' | 'cacheWrite'): string =>
    formatCount(counted.reduce((before, event) => before + event[key], 0));
  const cost = total?.costUsd ?? null;
  const quality = counted.some(({ quality: one }) => one === 'low')
    ? '; the client wrote placeholders, so the output is more than this'
    : '';
  const answers = total === undefined ? `, ${plural(all.length, 'answer')}` : ', of the session so far';
  return `- Tokens: ${sum('input')} in, ${sum('output')} out, ${sum('cacheRead')} read from and ${sum('cacheWrite')} written to the cache${answers}${cost === null ? '' : `, ${cost.toFixed(2)} US dollars as the client reckons`}${quality}`;
}
