import type {
  Excerpt,
  FileChange,
  ToolOutcome,
  TranscriptEvent,
} from '../../../shared/transcripts/events.ts';
import type { Stretch } from './collect-session.ts';
import type { LogWords } from './log-words.ts';

export type EventOf<K extends TranscriptEvent['kind']> = Extract<TranscriptEvent, { kind: K }>;

/** Commands of a stretch shown with their output. */
export const SHOWN_COMMANDS = 60;

/** Inputs of a stretch's sections. */
export interface StretchView {
  readonly stretch: Stretch;
  readonly words: LogWords;
  /** `HH:MM` in the log's zone; `''` for an event without a time. */
  readonly timeOf: (at: number | null) => string;
  /** The session's working folder: paths below it are shown without it. */
  readonly folder: string | null;
}

/** Events of one kind: of the session itself, or of its subagents too. */
export function eventsOf<K extends TranscriptEvent['kind']>(
  { own, helpers }: Pick<Stretch, 'own' | 'helpers'>,
  kind: K,
  who: 'own' | 'all' = 'own',
): readonly EventOf<K>[] {
  const all = who === 'own' ? own : [...own, ...helpers];
  return all.filter((event): event is EventOf<K> => event.kind === kind);
}

/** A command that was run, and its result. */
export interface CommandRun {
  readonly at: number | null;
  readonly by: string | null;
  readonly command: Excerpt;
  readonly outcome: ToolOutcome;
  readonly exit: number | null;
  readonly output: Excerpt;
  readonly words: string | null;
}

const NOTHING: Excerpt = { text: '', length: 0 };

/** The commands of a run of events. */
export function commandsOf(events: readonly TranscriptEvent[]): readonly CommandRun[] {
  return events.flatMap((event) => {
    if (event.kind !== 'tool-ended' || event.use.does !== 'command') return [];
    const { at, by, outcome, words, output, use } = event;
    const { command, exit } = use;
    return [{ at, by, command, outcome, exit, output: output ?? NOTHING, words }];
  });
}

/** A file and its changes. */
export interface ChangedFile {
  readonly path: string;
  readonly change: FileChange['change'];
  readonly to: string | null;
  readonly added: number;
  readonly removed: number;
  /** False if the agent does not report line counts. */
  readonly counted: boolean;
  readonly edits: number;
  readonly bySubagent: boolean;
}

/** The changed files, each once, in order of first change. */
export function changedFilesOf(events: readonly TranscriptEvent[]): readonly ChangedFile[] {
  const files = new Map<string, ChangedFile>();
  for (const event of events) {
    if (event.kind !== 'tool-ended' || event.use.does !== 'change') continue;
    if (!['ok', 'unknown', 'background'].includes(event.outcome)) continue;
    for (const file of event.use.files) {
      const before = files.get(file.path);
      files.set(file.path, {
        path: file.path,
        change: before?.change === 'created' && file.change === 'changed' ? 'created' : file.change,
        to: file.to ?? before?.to ?? null,
        added: (before?.added ?? 0) + (file.added ?? 0),
        removed: (before?.removed ?? 0) + (file.removed ?? 0),
        counted: (before?.counted ?? true) && file.added !== null,
        edits: (before?.edits ?? 0) + 1,
        bySubagent: (before?.bySubagent ?? true) && event.by !== null,
      });
    }
  }
  return [...files.values()];
}

/** A path relative to the session's folder. */
export function shortPath(path: string, folder: string | null): string {
  const forward = path.replaceAll('\\', '/');
  const root = folder?.replaceAll('\\', '/').replace(/\/+$/, '') ?? '';
  return root !== '' && forward.startsWith(`${root}/`) ? forward.slice(root.length + 1) : forward;
}

/** `+12 -3`; `''` if not counted. */
export function lineCounts({ counted, added, removed }: ChangedFile): string {
  return counted ? `+${added} \u2212${removed}` : '';
}

/** Read-only programs; a command line is a look if each part is one of them. */
const LOOKS =
  /^(?:ls|ll|cat|head|tail|less|more|grep|rg|ag|egrep|fgrep|find|fd|pwd|echo|printf|which|whereis|type|command -v|wc|stat|file|tree|du|df|ps|env|printenv|date|whoami|id|uname|hostname|jq|sort|uniq|cut|tr|awk|column|diff|cmp|basename|dirname|realpath|readlink|test|\[|true|sleep|cd|nl|od|xxd|strings|sha256sum|md5sum|man|history|Get-ChildItem|Get-Content|Select-String|dir|git (?:--no-pager |-C \S+ )*(?:status|log|diff|show|branch(?: -[avr]+| --(?:show-current|list)\b.*)?$|rev-parse|remote(?: -v)?$|ls-files|ls-tree|blame|describe|config --get|grep|reflog|shortlog|stash list|merge-base|cat-file|for-each-ref|worktree list)|gh (?:\w+ (?:view|list|status|diff|checks)|api(?! .*-X))|docker (?:ps|images|logs|inspect|stats|version|info)|kubectl (?:get|describe|logs)|npm (?:ls|view|outdated)|pip (?:list|show|freeze)|go (?:env|list|version|doc)|node (?:-v|--version)|python3? (?:-V|--version)|cargo (?:tree|metadata))\b/;
const IN_PLACE = /\bsed\b[^|;&]*\s-i|\s-delete\b|\s-exec\b|>\s*[^&\s|]|\btee\b|\bxargs\b/;

/** Whether a command can only have read things. */
export function isLook(command: string): boolean {
  const quiet = command.replaceAll(/\d?>\s*(?:\/dev\/null|&\d)/g, '');
  if (IN_PLACE.test(quiet) || quiet.includes('<<')) return false;
  const parts = quiet
    .split(/\|\||&&|[|;\n]/)
    .map((part) => part.trim().replace(/^(?:(?:[A-Z_][A-Z0-9_]*=\S*|do|then|else|if|while)\s+)+/, ''));
  return parts.every(
    (part) =>
      part === '' ||
      part.startsWith('#') ||
      LOOKS.test(part) ||
      /^(?:sed -n|for \w+ in|done|fi)\b/.test(part),
  );
}

/** A command's result, in a word. */
export function outcomeWords({ outcome, exit }: Pick<CommandRun, 'outcome' | 'exit'>): string {
  if (outcome === 'failed') return exit === null ? 'failed' : `failed, exit ${exit}`;
  if (outcome === 'rejected') return 'not allowed by the person';
  if (outcome === 'interrupted') return 'interrupted';
  if (outcome === 'background') return 'went on in the background';
  return '';
}

/** The first lines of a list, and the number of the rest. */
export function upTo(lines: readonly string[], limit: number, what: string): readonly string[] {
  const more = lines.length - limit;
  return more > 0 ? [...lines.slice(0, limit), `- \u2026 and ${more} more ${what}`] : lines;
}
