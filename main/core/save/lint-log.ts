import { visitHeadings, type Heading } from '../../../shared/domain/log-text/headings.ts';
import { readField, type Attribution } from '../../../shared/domain/log-text/attribution.ts';
import { dayInFolders, dayInName, dayInNameBelowFolder } from '../../../shared/domain/log-text/path-day.ts';
import { LogReader } from '../../../shared/domain/log-text/log-reader.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { sectionOf, SECTIONS, type SectionName } from '../../../shared/domain/log-text/sections.ts';
import { isSessionEntry } from '../../../shared/domain/log-text/session-entry.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { sameHost } from '../author/author-file.ts';
import { missedNotes } from './lint-notes.ts';
import { NOT_RECORDED } from './sections.ts';
import type { UsersRegistry } from '../author/users-registry.ts';
import { nameOf } from '../files/folder-path.ts';

/** One thing to repair in a log. */
export interface LintFinding {
  readonly rule:
    | 'name'
    | 'encoding'
    | 'title'
    | 'block'
    | 'attribution'
    | 'section-missing'
    | 'section-order'
    | 'section-repeated'
    | 'section-empty'
    | 'placeholder'
    | 'redacted'
    | 'fence-open'
    | 'note'
    | 'entry';
  readonly severity: 'error' | 'warning';
  /** 1-based; 0 for the whole file. */
  readonly line: number;
  readonly message: string;
}

export interface LintReport {
  readonly path: string;
  /** 100 for a log without findings; an error costs 10, a warning 3. */
  readonly score: number;
  readonly findings: readonly LintFinding[];
}

/** The name several sessions would share: it names neither author nor topic. */
export const BARE_NAME = /^\d{4}-\d{2}-\d{2}-session(?:-\d+)?\.md$/i;

const COST = { error: 10, warning: 3 } as const;
/** A hostile log may have one placeholder per line; nobody reads more. */
const FINDING_LIMIT = 200;

const UNFINISHED =
  /\b(?:TODO|TBD|FIXME|XXX)\b|\blorem ipsum\b|<!-- write: |\[(?:placeholder|insert [^\]]{1,40}|your [^\]]{1,40})\]/i;
const REDACTED = /\*{4,}|\u2022{4,}|[[<(]redacted[\])>]|\bx{6,}\b/i;
/** May contain "None." or be left to others; absence means there were none. */
const MAY_BE_ABSENT: ReadonlySet<SectionName> = new Set(['Problems Encountered']);

/**
 * Checks a log's form against the "save and sync" document: name, User block, the ten sections and their order, unfinished parts. A daily
 * log is checked by its session entries' form.
 * @param path relative path; decides which form applies
 * @param registry users.json, if the workspace has one: then the block's user and machine must be in it
 */
export function lintLog(text: string, path: string, registry: UsersRegistry | null): LintReport {
  const daily = parseLogName(path).kind === 'daily';
  const found = daily
    ? lintDaily(text)
    : [...lintName(path), ...lintBlock(text, path, registry), ...lintSections(text)];
  found.push(...missedNotes(text).map(({ line, message }) => warning('note', line, message)));
  const open = readLogText(text, path).openFence;
  if (open !== null)
    found.push(error('fence-open', open, 'This code fence is never closed and hides everything below it.'));
  return reportOf(path, found);
}

/** The report for a log that is no readable text. */
export function lintUnreadable(path: string): LintReport {
  return reportOf(path, [error('encoding', 0, 'The log is neither UTF-8 nor UTF-16.')]);
}

function reportOf(path: string, found: readonly LintFinding[]): LintReport {
  const findings = found.toSorted((a, b) => a.line - b.line).slice(0, FINDING_LIMIT);
  const cost = found.reduce((sum, finding) => sum + COST[finding.severity], 0);
  return { path, score: Math.max(0, 100 - cost), findings };
}

function lintName(path: string): LintFinding[] {
  const file = nameOf(path);
  if (BARE_NAME.test(file))
    return [
      error(
        'name',
        0,
        'Several sessions share this bare name and can overwrite each other; name the user and the topic.',
      ),
    ];
  if (parseLogName(path).kind === 'session') return [];
  if (dayInName(path) ?? dayInFolders(path) ?? dayInNameBelowFolder(path))
    return [
      warning('name', 0, 'Of this name only the day is read; YYYY-MM-DD-<user>-<topic>.md says whose it is.'),
    ];
  return [error('name', 0, 'The name is not YYYY-MM-DD-<user>-<topic>.md with a day that exists.')];
}

function lintBlock(text: string, path: string, registry: UsersRegistry | null): LintFinding[] {
  const log = readLogText(text, path);
  const found: LintFinding[] = [];
  if (!log.sections.some((section) => section.level === 1))
    found.push(warning('title', 0, 'The log has no title (`# …`).'));
  const block = log.sections.find((section) => section.level >= 2 && sectionOf(section.title) === 'User');
  if (!block) return [...found, error('block', 0, 'There is no User block; `session-log whoami` prints it.')];
  if (log.sections.find((section) => section.level >= 2) !== block)
    found.push(error('block', block.line, 'The User block does not come first.'));
  const { user, author, machineName } = userBlockOf(text);
  if (user === null || author === null)
    found.push(error('block', block.line, 'The User block does not say "User: Full Name (user)".'));
  if (machineName === null) found.push(error('block', block.line, 'The User block names no machine.'));
  const known = registry?.users.get(user ?? '');
  if (registry !== null && user !== null && known === undefined)
    found.push(warning('attribution', block.line, `users.json does not know the user "${user}".`));
  if (
    known &&
    machineName !== null &&
    known.machines.length > 0 &&
    !known.machines.some((name) => sameHost(name, machineName))
  )
    found.push(
      warning(
        'attribution',
        block.line,
        `users.json does not know "${machineName}" as a machine of ${user ?? ''}.`,
      ),
    );
  return found;
}

/** The User block's own content: elsewhere a short name may come from the file's name. */
function userBlockOf(text: string): Readonly<Attribution> {
  const reader = new LogReader(text, false);
  visitHeadings(text, 0, 1, reader);
  return reader.block;
}

interface OpenSection {
  readonly name: SectionName | null;
  readonly heading: Heading;
}

function lintSections(text: string): LintFinding[] {
  const found: LintFinding[] = [];
  const seen = new Set<SectionName>();
  let highest = -1;
  let open: OpenSection | null = null;
  // Code alone is content too, and the scan shows none of it: check the text itself.
  const close = (end: number): void => {
    if (open?.name && text.slice(open.heading.end, end).trim() === '')
      found.push(warning('section-empty', open.heading.line, `"${open.heading.title}" is empty.`));
  };
  visitHeadings(text, 0, 1, {
    heading: (heading) => {
      if (heading.level > 2) return;
      close(heading.start);
      const name = heading.level === 2 ? sectionOf(heading.title) : null;
      open = { name, heading };
      if (name === null) return;
      const index = SECTIONS.indexOf(name);
      if (seen.has(name)) found.push(warning('section-repeated', heading.line, `"${name}" is there twice.`));
      else if (index < highest)
        found.push(
          error('section-order', heading.line, `"${name}" belongs before "${SECTIONS[highest] ?? ''}".`),
        );
      seen.add(name);
      highest = Math.max(highest, index);
    },
    line: (start, end, line) => {
      const words = text.slice(start, Math.min(end, start + 2_000)).trim();
      if (words === '') return;
      found.push(...lintLine(words, line, open?.name ?? null));
    },
  });
  close(text.length);
  for (const name of SECTIONS) {
    if (name === 'User' || seen.has(name) || MAY_BE_ABSENT.has(name)) continue;
    found.push(error('section-missing', 0, `The section "${name}" is missing.`));
  }
  return found;
}

function lintLine(words: string, line: number, section: SectionName | null): LintFinding[] {
  if (words === NOT_RECORDED)
    return [warning('placeholder', line, `"${section ?? 'This section'}" was not recorded.`)];
  // A list of open tasks is made of such words.
  if (UNFINISHED.test(words) && section !== 'Pending / Incomplete Tasks')
    return [warning('placeholder', line, 'Something unfinished was left here.')];
  if (section === 'Credentials & Secrets' && REDACTED.test(words))
    return [
      warning('redacted', line, 'A half-redacted value helps nobody: give it in full or its vault path.'),
    ];
  return [];
}

function lintDaily(text: string): LintFinding[] {
  const found: LintFinding[] = [];
  let entry: { readonly line: number; readonly keys: Set<string> } | null = null;
  let entries = 0;
  const close = (): void => {
    for (const key of ['session id', 'focus']) {
      if (entry && !entry.keys.has(key))
        found.push(warning('entry', entry.line, `The session entry has no "${key}" line.`));
    }
  };
  visitHeadings(text, 0, 1, {
    heading: ({ level, title, line }) => {
      if (level > 2) return;
      close();
      entry = level === 2 && isSessionEntry(title) ? { line, keys: new Set() } : null;
      if (entry) entries++;
    },
    line: (start, end) => {
      const field = entry && readField(text, start, end);
      if (field) entry?.keys.add(field[0]);
    },
  });
  close();
  if (entries === 0)
    found.push(error('entry', 0, 'There is no "## <time> - Session Entry" in this daily log.'));
  return found;
}

function error(rule: LintFinding['rule'], line: number, message: string): LintFinding {
  return { rule, severity: 'error', line, message };
}

function warning(rule: LintFinding['rule'], line: number, message: string): LintFinding {
  return { rule, severity: 'warning', line, message };
}
