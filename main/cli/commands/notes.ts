import type { Command } from 'commander';
import type { NoteRow } from '../../../shared/domain/log-query.ts';
import { forTerminalLine } from '../../../shared/domain/terminal-text.ts';
import { plural } from '../../../shared/format/amount.ts';
import { plainWords } from '../../../shared/format/plain-words.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import { openLocal, type LocalContext } from '../../compose/open-local.ts';
import { noteBanner, senderText } from '../../../shared/domain/note-banner.ts';
import type { InboxItem } from '../../core/notes/inbox.ts';
import type { Reader } from '../../core/notes/reader.ts';
import { findReader } from '../../core/workflows/find-reader.ts';
import { sentBy } from '../../core/workflows/list-notes.ts';
import {
  findOwnNote,
  finishOwnNotes,
  listOwnNotes,
  markShown,
  type OwnNotes,
} from '../../core/workflows/own-notes.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { noteScreen } from '../note-screen.ts';
import { forPeople } from '../terminal-encoding.ts';
import { withCore } from '../with-core.ts';

interface NotesOptions {
  readonly all?: boolean;
  readonly sent?: boolean;
  readonly peek?: boolean;
  readonly json?: boolean;
}

const LINE_LETTERS = 60;

/** `session-log notes`: what colleagues wrote to the reader, and who has read the reader's notes. */
export function registerNotes(program: Command, context: CliContext): void {
  const notes = program
    .command('notes')
    .description('notes from colleagues; prints unread ones in full and marks them as read')
    .option('--all', 'list all notes, one per line, with their numbers')
    .option('--sent', 'list the notes you sent, and who has read them')
    .option('--peek', 'leave unread notes unread')
    .option('--json', 'print one JSON envelope; leaves unread notes unread')
    .action((options: NotesOptions) => runList(context, options));
  notes
    .command('show')
    .description('show one note in full')
    .argument('<note>', 'its number in the last list, or the start of its hash')
    .option('--json', 'print one JSON envelope')
    .action((name: string, options: NotesOptions) => runShow(context, name, merged(notes, options)));
  notes
    .command('done')
    .description('mark notes as done on all your machines')
    .argument('<notes...>', 'their numbers in the last list, or the starts of their hashes')
    .option('--json', 'print one JSON envelope')
    .action((names: string[], options: NotesOptions) => runDone(context, names, merged(notes, options)));
}

/** Commander gives an option shared by parent and child to the parent. */
function merged(parent: Command, options: NotesOptions): NotesOptions {
  return { ...parent.opts<NotesOptions>(), ...options };
}

async function runList(context: CliContext, options: NotesOptions): Promise<void> {
  const json = options.json ?? false;
  const local = openLocal();
  if (!local.ok) return finish(context, json, local, () => '');
  if (options.sent) return runSent(context, local.value, json);
  const listed = await listOwnNotes(local.value, context.cwd, options.all ? 'all' : 'unread');
  const printed = mapOk(listed, ({ reader, notes }) => ({ reader: reader.user, notes: notes.map(plain) }));
  if (!listed.ok) return finish(context, json, printed, () => '');
  const { reader, notes, unnumbered } = listed.value;
  if (unnumbered !== null)
    context.warn(
      `[WARN] The numbers of this list are not remembered; name notes by their hashes: ${forTerminalLine(unnumbered.message)}\n`,
    );
  finish(context, json, printed, () =>
    forPeople(options.all ? listText(notes) : unreadText(notes, reader), context.env),
  );
  // With --json a program has read them, not a person.
  if (!options.all && !options.peek && !json)
    await mark(context, local.value, { reader, notes: noteScreen(notes).shown });
}

async function runShow(context: CliContext, name: string, { json = false }: NotesOptions): Promise<void> {
  const local = openLocal();
  if (!local.ok) return finish(context, json, local, () => '');
  const found = await findOwnNote(local.value, context.cwd, name);
  if (!found.ok) return finish(context, json, found, () => '');
  const { reader, note, whole } = found.value;
  const shown = { ...plain(note), ...(whole === null ? {} : { text: whole, truncated: false }) };
  finish(context, json, ok(shown), () =>
    forPeople(`${noteBanner(note, whole)}${placeText(note)}`, context.env),
  );
  await mark(context, local.value, { reader, notes: [note] });
}

async function runDone(
  context: CliContext,
  names: readonly string[],
  { json = false }: NotesOptions,
): Promise<void> {
  const local = openLocal();
  if (!local.ok) return finish(context, json, local, () => '');
  const finished = mapOk(await finishOwnNotes(local.value, context.cwd, names), ({ notes }) => notes);
  finish(
    context,
    json,
    mapOk(finished, (notes) => ({ done: notes.map((note) => note.hash) })),
    () => (finished.ok ? doneText(finished.value) : ''),
  );
}

/** @param items as they were before being marked */
function doneText(items: readonly InboxItem[]): string {
  const named = new Map(items.map((item) => [item.hash, item.state]));
  const fresh = [...named.values()].filter((state) => state !== 'done').length;
  const before = named.size - fresh;
  if (before === 0) return `${plural(fresh, 'note')} marked as done.`;
  if (fresh > 0)
    return `${plural(fresh, 'note')} marked as done; ${before} already ${before === 1 ? 'was' : 'were'}.`;
  return before === 1 ? 'Already marked as done.' : `All ${before} were already marked as done.`;
}

async function runSent(context: CliContext, local: LocalContext, json: boolean): Promise<void> {
  const reader = await findReader(local, context.cwd);
  if (!reader.ok) return finish(context, json, reader, () => '');
  await withCore(
    context,
    json,
    (core) => sentBy(core, reader.value),
    (rows) => forPeople(sentText(rows), context.env),
  );
}

async function mark(context: CliContext, local: LocalContext, shown: OwnNotes): Promise<void> {
  const marked = await markShown(local, shown);
  if (!marked.ok)
    context.warn(
      `session-log: the notes above will be shown again: ${forTerminalLine(marked.error.message)}\n`,
    );
}

function unreadText(items: readonly InboxItem[], reader: Reader): string {
  if (items.length === 0) return `No unread notes for ${forTerminalLine(reader.user)}.`;
  return noteScreen(
    items,
    (item, at) => `${noteBanner(item)}${placeText(item)} (${at + 1}: session-log notes done ${at + 1})\n`,
  ).text;
}

function placeText({ origin, hash, line }: InboxItem): string {
  const where = origin.kind === 'git' ? origin.path : `${origin.host}: ${origin.path}`;
  return forTerminalLine(`${hash.slice(0, 8)}  ${where}, line ${line}`);
}

function listedSender(item: InboxItem): string {
  const sender = senderText(item);
  return item.origin.kind === 'store' ? (sender ?? '') : sender === null ? 'git' : `git ${sender}`;
}

function listText(items: readonly InboxItem[]): string {
  if (items.length === 0) return 'No notes.';
  const signs = { unread: '*', read: ' ', done: '-' } as const;
  const width = String(items.length).length;
  return items
    .map((item, at) => {
      const number = String(at + 1).padStart(width);
      return forTerminalLine(
        `${number} ${signs[item.state]} ${item.hash.slice(0, 8)}  ${item.date}  ${listedSender(item)}  ${item.from}${item.newSender ? ' (new there)' : ''}: ${oneLine(item.text)}`,
      );
    })
    .join('\n');
}

function sentText(rows: readonly NoteRow[]): string {
  if (rows.length === 0) return 'You have sent no notes.';
  return rows
    .map((row) => {
      const head = `${row.hash.slice(0, 8)}  ${row.date}  to ${row.to}: ${oneLine(row.text)}`;
      const read = row.receipts.map(
        ({ reader, host, at, state }) =>
          `  ${state} by ${reader} on ${host}, ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      );
      return [head, ...(read.length > 0 ? read : ['  not read yet'])].map(forTerminalLine).join('\n');
    })
    .join('\n');
}

/** The beginning of a note as words: a list renders no Markdown. */
function oneLine(text: string): string {
  const letters = Array.from(plainWords(text));
  return letters.length > LINE_LETTERS ? `${letters.slice(0, LINE_LETTERS).join('')}...` : letters.join('');
}

/** A note as printed by `--json`. */
function plain(item: InboxItem): Omit<InboxItem, 'arrived'> {
  const { arrived: _arrived, ...rest } = item;
  return rest;
}
