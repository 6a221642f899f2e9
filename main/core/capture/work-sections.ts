import { plural } from '../../../shared/format/amount.ts';
import { fenceFor } from './log-words.ts';
import { lookCount } from './summary-section.ts';
import {
  changedFilesOf,
  commandsOf,
  eventsOf,
  isLook,
  lineCounts,
  outcomeWords,
  shortPath,
  SHOWN_COMMANDS,
  upTo,
  type CommandRun,
  type StretchView,
} from './stretch-view.ts';

const SHOWN = { decisions: 40, problems: 40, files: 150, hosts: 40 };
const NONE = 'None.';

/** Answers to the agent's questions, plans, and rejections with the person's words. */
export function decisionsSection({ stretch, words, timeOf }: StretchView): string {
  const lines: { readonly at: number | null; readonly line: string }[] = [];
  for (const { at, questions } of eventsOf(stretch, 'question'))
    for (const { question, answer } of questions)
      if (answer !== null)
        lines.push({ at, line: `Asked: ${words.line(question, 300)} \u2192 **${words.line(answer, 300)}**` });
  for (const { at, verdict, text, words: said } of eventsOf(stretch, 'plan')) {
    if (verdict === 'open') continue;
    const why = said === null || said === '' ? '' : `, saying \u201c${words.line(said, 400)}\u201d`;
    lines.push({ at, line: `Plan ${verdict}${why}: ${words.line(text.text, 500)}` });
  }
  for (const event of eventsOf(stretch, 'tool-ended'))
    if (event.outcome === 'rejected') {
      const what =
        event.use.does === 'command' ? words.code(event.use.command.text, 200) : words.line(event.tool, 60);
      const why =
        event.words === null || event.words === '' ? '' : `: \u201c${words.line(event.words, 400)}\u201d`;
      lines.push({ at: event.at, line: `Rejected ${what}${why}` });
    }
  return list(
    lines.map(({ at, line }) => `- ${withTime(timeOf(at))}${line}`),
    SHOWN.decisions,
    'decisions',
  );
}

/** Failures and their follow-ups, interruptions, service errors. */
export function problemsSection(view: StretchView): string {
  const { stretch, words, timeOf } = view;
  const events = [...stretch.own, ...stretch.helpers];
  const commands = commandsOf(events);
  const lines: string[] = [];
  for (const [index, run] of commands.entries()) {
    if (run.outcome !== 'failed') continue;
    const head = words.line(firstWords(run.output.text), 200);
    lines.push(
      `- ${withTime(timeOf(run.at))}${words.code(run.command.text, 160)} ${outcomeWords(run)}${head === '' ? '' : `: ${head}`}${followed(view, commands, index)}`,
    );
  }
  const failures = new Map<string, number>();
  for (const event of eventsOf(stretch, 'tool-ended', 'all'))
    if (event.outcome === 'failed' && event.use.does !== 'command') {
      const line = `${words.line(event.tool, 60)} failed: ${words.line(firstWords(event.output?.text ?? ''), 160)}`;
      failures.set(line, (failures.get(line) ?? 0) + 1);
    }
  for (const { message, status } of eventsOf(stretch, 'api-error')) {
    const line = `The service answered ${status === null ? 'an error' : status}: ${words.line(message, 160)}`;
    failures.set(line, (failures.get(line) ?? 0) + 1);
  }
  lines.push(...[...failures].map(([line, times]) => `- ${line}${times > 1 ? ` (${times} times)` : ''}`));
  for (const { at, during } of eventsOf(stretch, 'interrupted'))
    lines.push(
      `- ${withTime(timeOf(at))}The person interrupted ${during === 'tool' ? 'a tool' : 'the agent'}.`,
    );
  return list(lines, SHOWN.problems, 'problems');
}

/** Whether the same command succeeded later. */
function followed({ timeOf }: StretchView, commands: readonly CommandRun[], index: number): string {
  const same = commands
    .slice(index + 1)
    .filter(({ command }) => command.text === commands[index]?.command.text);
  const well = same.find(({ outcome }) => outcome === 'ok');
  if (well) {
    const time = timeOf(well.at);
    return time === '' ? ' \u2014 went well later' : ` \u2014 went well at ${time}`;
  }
  return same.length > 0 ? ` \u2014 failed ${plural(same.length, 'more time')}` : '';
}

/** Files created, changed, deleted and moved. */
export function changesSection({ stretch, words, folder }: StretchView): string {
  const files = changedFilesOf([...stretch.own, ...stretch.helpers]);
  const lines = files.map((file) => {
    const counts = lineCounts(file);
    const to = file.to === null ? '' : ` to ${words.code(shortPath(file.to, folder), 300)}`;
    const facts = [
      ...(counts === '' ? [] : [counts]),
      ...(file.edits > 1 ? [`${file.edits} edits`] : []),
      ...(file.bySubagent ? ['by a subagent'] : []),
    ];
    const more = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
    return `- ${file.change} ${words.code(shortPath(file.path, folder), 300)}${to}${more}`;
  });
  return list(lines, SHOWN.files, 'files');
}

/** Commands that changed something or failed, as a terminal shows them; looks are counted only. */
export function commandsSection({ stretch, words, timeOf }: StretchView): string {
  const commands = commandsOf([...stretch.own, ...stretch.helpers]);
  const shown = commands.filter(({ command, outcome }) => outcome === 'failed' || !isLook(command.text));
  const looks = lookCount([...stretch.own, ...stretch.helpers]);
  const counted = looks === 0 ? '' : `${plural(looks, 'look')} at files, searches and pages left out.`;
  if (shown.length === 0) return counted === '' ? NONE : counted;
  const blocks = shown.slice(0, SHOWN_COMMANDS).map((run) => {
    const time = timeOf(run.at);
    const ended = outcomeWords(run);
    const output = words.console(run.output, 200, run.outcome === 'failed' ? 12 : 5);
    const command = words.console(run.command, 300, 6);
    return [
      `$ ${command}${time === '' ? '' : `   # ${time}`}`,
      ...(output === '' ? [] : [output]),
      ...(ended === '' ? [] : [`[${ended}]`]),
    ].join('\n');
  });
  const text = blocks.join('\n\n');
  const fence = fenceFor(text);
  const more = shown.length - blocks.length;
  return [
    `${fence}console\n${text}\n${fence}`,
    ...(more > 0 ? [`\u2026 and ${more} more commands.`] : []),
    ...(counted === '' ? [] : [counted]),
  ].join('\n\n');
}

const HOST = /\b(?:ssh|scp|sftp|rsync|mosh)\b[^|;&\n]*?\b((?:[\w.-]+@)[A-Za-z0-9][\w.-]*[A-Za-z0-9])/g;
const URL_HOST =
  /\b(?:https?|wss?|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqp|ftp|ssh):\/\/(?:[^\s/@'"]*@)?([A-Za-z0-9][\w.-]*(?::\d{2,5})?)/g;
const ADDRESS =
  /(?<![\w.])((?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?::\d{2,5})?)(?![\w.])/g;
const LOCAL_PORT = /\b(localhost:\d{2,5})\b/g;
const CONTAINER =
  /\bdocker\s+(?:exec|start|stop|restart|rm|logs)\s+(?:-\S+\s+)*([A-Za-z0-9][\w.-]+)|\bdocker\s+run\b[^|;&\n]*?--name[= ]([\w.-]+)/g;

/** Hosts, addresses, ports and containers that commands name. */
export function infrastructureSection({ stretch, words }: StretchView): string {
  const found = new Map<string, number>();
  const add = (what: string): void => void found.set(what, (found.get(what) ?? 0) + 1);
  for (const { command } of commandsOf([...stretch.own, ...stretch.helpers])) {
    // Their text is a message.
    if (/\bgit commit\b|\bgh (?:pr|issue) (?:create|comment|edit)\b/.test(command.text)) continue;
    for (const pattern of [HOST, URL_HOST, ADDRESS, LOCAL_PORT])
      for (const match of command.text.matchAll(pattern)) add(match[1] ?? '');
    for (const match of command.text.matchAll(CONTAINER)) add(`container ${match[1] ?? match[2] ?? ''}`);
  }
  const lines = [...found].map(
    ([what, times]) => `- ${words.code(what, 120)}${times > 1 ? ` (${times} commands)` : ''}`,
  );
  return list(lines, SHOWN.hosts, 'places');
}

function list(lines: readonly string[], limit: number, what: string): string {
  return lines.length === 0 ? NONE : upTo(lines, limit, what).join('\n');
}

function withTime(time: string): string {
  return time === '' ? '' : `${time} `;
}

/** The most telling line of an output: the first that is neither empty nor the bare exit code. */
function firstWords(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const telling = lines.find((line) =>
    /\b(?:error|fail(?:ed|ure)?|fatal|exception|denied|not found|cannot)\b/i.test(line),
  );
  return telling ?? lines.find((line) => line !== '' && !/^Exit code \d+$/.test(line)) ?? '';
}
