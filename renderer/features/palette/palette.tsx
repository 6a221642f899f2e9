import {
  useDeferredValue,
  useEffect,
  useEffectEvent,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
} from 'react';
import type { LogId } from '../../../shared/domain/ids.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { rowFacts } from '../../../shared/format/log-facts.ts';
import type { SearchHit } from '../../../shared/domain/search-answer.ts';
import { hitTitle, logTitle } from '../../../shared/format/log-title.ts';
import { shortDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useCall } from '../../data/call.ts';
import { fuzzyScore } from '../../ui/fuzzy.ts';
import { cx, Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-paths.ts';
import { MarkedText } from '../../ui/marked-text.tsx';
import { Keys } from '../../ui/indicator.tsx';
import styles from './palette.module.css';

/** A named action. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  readonly keys?: readonly string[];
  readonly run: () => void;
}

export interface PaletteProps {
  readonly commands: readonly Command[];
  readonly today: string;
  readonly onOpenLog: (log: LogId) => void;
  /** Opens a text hit at its line. */
  readonly onOpenHit: (hit: SearchHit, words: string) => void;
  readonly onClose: () => void;
}

type Entry =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'log'; readonly row: LogRow }
  | { readonly kind: 'hit'; readonly hit: SearchHit };

const MOST_COMMANDS = 7;
const MOST_LOGS = 8;
/** Best hits in the text of logs; the list of logs has all of them. */
const MOST_HITS = 5;
const SHORTEST = 3;

/** Finds commands and logs by a few letters: one box, arrow keys, Enter. */
export function Palette(props: PaletteProps) {
  const { onClose } = props;
  const [text, setText] = useState('');
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const { entries, isCurrent } = useEntries(props.commands, text);
  useEffect(() => {
    const element = dialog.current;
    if (element === null || element.open) return undefined;
    element.showModal();
    return () => element.close();
  }, []);
  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    if (entry.kind === 'command') entry.command.run();
    else if (entry.kind === 'log') props.onOpenLog(entry.row.id);
    else props.onOpenHit(entry.hit, text.trim());
  };
  const { active, choose, onKeyDown } = useChoice(text, entries, isCurrent, run);
  return (
    // Escape closes it by `onCancel`; the click is only for the backdrop.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className={styles.palette}
      aria-label={en.commands.palette}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className={styles.box}>
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          value={text}
          aria-label={en.commands.palette}
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          placeholder={en.commands.placeholder}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Keys keys={['Esc']} />
      </div>
      <Entries id={id} entries={entries} active={active} today={props.today} onHover={choose} onRun={run} />
    </dialog>
  );
}

/**
 * The chosen entry, the first until a person chooses another, and the keys for it. Enter while the first is not yet that of the text in the
 * box is for the one that will be.
 */
function useChoice(
  text: string,
  entries: readonly Entry[],
  isCurrent: boolean,
  run: (entry: Entry | undefined) => void,
) {
  // By key: answers that arrive meanwhile move the entries. All of it is over when the text changes.
  const [{ of, key, entered }, set] = useState<Choice>({ of: text, key: null, entered: false });
  const at = of === text ? entries.findIndex((entry) => keyOfEntry(entry) === key) : -1;
  const active = at === -1 ? Math.min(0, entries.length - 1) : at;
  const runFirst = useEffectEvent(() => run(entries[0]));
  const isDue = entered && of === text && isCurrent;
  useEffect(() => {
    if (isDue) runFirst();
  }, [isDue]);
  const choose = (index: number): void => {
    const entry = entries[index];
    if (entry !== undefined) set({ of: text, key: keyOfEntry(entry), entered: false });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      choose((active + step + entries.length) % entries.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (at === -1) set({ of: text, key: null, entered: true });
      else run(entries[at]);
    }
  };
  return { active, choose, onKeyDown };
}

interface Choice {
  /** The text it was made at. */
  readonly of: string;
  /** Key of the entry; null for the first. */
  readonly key: string | null;
  /** Enter was pressed before the first entry was that of the text. */
  readonly entered: boolean;
}

interface Found {
  readonly entries: readonly Entry[];
  /** True when the first entry is that of the text in the box; false while it may still be one of an earlier text. */
  readonly isCurrent: boolean;
}

function useEntries(commands: readonly Command[], text: string): Found {
  // Commands are those of what stands in the box; only answers from elsewhere come later.
  const typed = text.trim();
  const wanted = useDeferredValue(typed);
  const logs = useCall(
    'logs.page',
    { text: wanted, limit: MOST_LOGS },
    { enabled: wanted.length > 1, keepPrevious: true },
  );
  const found = useCall(
    'search.find',
    { box: 'palette', text: wanted, typing: true, limit: MOST_HITS, snippets: 1 },
    { enabled: wanted.length >= SHORTEST, keepPrevious: true },
  );
  const entries = useMemo(() => {
    const scored = commands
      .map((command) => ({ command, score: fuzzyScore(typed, command.title) }))
      .filter((one): one is { command: Command; score: number } => one.score !== null)
      .sort((a, b) => b.score - a.score)
      .slice(0, typed === '' ? commands.length : MOST_COMMANDS);
    const rows = wanted.length > 1 ? (logs.data?.rows ?? []) : [];
    const listed = new Set(rows.map(({ id }) => id));
    const hits = wanted.length < SHORTEST ? [] : (found.data?.hits ?? []);
    return [
      ...scored.map(({ command }): Entry => ({ kind: 'command', command })),
      ...rows.map((row): Entry => ({ kind: 'log', row })),
      // A log already found by its title is not repeated.
      ...hits.filter(({ id }) => !listed.has(id)).map((hit): Entry => ({ kind: 'hit', hit })),
    ];
  }, [commands, typed, wanted, logs.data, found.data]);
  const isAnswered = (call: typeof logs | typeof found, least: number): boolean =>
    wanted.length < least || !(call.isPending || call.isPlaceholderData);
  const isOfText = wanted === typed && isAnswered(logs, 2);
  const [first] = entries;
  return {
    entries,
    isCurrent:
      first?.kind === 'command' || (isOfText && (first?.kind === 'log' || isAnswered(found, SHORTEST))),
  };
}

function Entries(props: {
  readonly id: string;
  readonly entries: readonly Entry[];
  readonly active: number;
  readonly today: string;
  readonly onHover: (index: number) => void;
  readonly onRun: (entry: Entry) => void;
}) {
  const { id, entries, active } = props;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active >= 0)
      list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const firstLog = entries.findIndex((entry) => entry.kind === 'log');
  const firstHit = entries.findIndex((entry) => entry.kind === 'hit');
  return (
    <div ref={list} id={`${id}-list`} className={styles.list} role="listbox" aria-label={en.commands.palette}>
      {entries.length === 0 ? <p className={styles.nothing}>{en.commands.nothing}</p> : null}
      {entries.map((entry, index) => (
        <div key={keyOfEntry(entry)} role="presentation">
          {index === 0 && entry.kind === 'command' ? <Group title={en.commands.groupCommands} /> : null}
          {index === firstLog ? <Group title={en.commands.groupLogs} /> : null}
          {index === firstHit ? <Group title={en.search.paletteGroup} /> : null}
          {/* The box above keeps the focus and the keyboard; the pointer works here as well. */}
          {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
          <div
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className={cx(styles.entry, index === active && styles.active)}
            onPointerMove={() => props.onHover(index)}
            onClick={() => props.onRun(entry)}
          >
            <EntryWords entry={entry} today={props.today} />
          </div>
        </div>
      ))}
    </div>
  );
}

function Group(props: { readonly title: string }) {
  return (
    <div className={styles.group} role="presentation">
      {props.title}
    </div>
  );
}

function EntryWords(props: { readonly entry: Entry; readonly today: string }) {
  const { entry } = props;
  if (entry.kind === 'command')
    return (
      <>
        <Icon name={entry.command.icon} />
        <span className={styles.title}>{entry.command.title}</span>
        {entry.command.keys === undefined ? null : <Keys keys={entry.command.keys} />}
      </>
    );
  if (entry.kind === 'hit') return <HitWords hit={entry.hit} today={props.today} />;
  const { row } = entry;
  return (
    <>
      <Icon name="logs" />
      <span className={styles.title}>{visibleLine(logTitle(row))}</span>
      <span className={styles.facts}>
        {visibleLine(rowFacts(row, { host: true }))} · {shortDay(row.date, props.today)}
      </span>
    </>
  );
}

function keyOfEntry(entry: Entry): string {
  if (entry.kind === 'command') return entry.command.id;
  return entry.kind === 'log' ? entry.row.id : `hit ${entry.hit.id}`;
}

/** A hit in two lines: its title, and the line with the words. */
function HitWords(props: { readonly hit: SearchHit; readonly today: string }) {
  const { hit } = props;
  const [line] = hit.snippets;
  return (
    <>
      <Icon name={hit.pulled ? 'search' : 'store'} {...(hit.pulled ? {} : { label: en.search.notPulled })} />
      <span className={styles.hit}>
        <span className={styles.title}>{visibleLine(hitTitle(hit))}</span>
        {line === undefined ? null : (
          <small dir="auto">
            <MarkedText text={line.text} marks={line.marks} />
          </small>
        )}
      </span>
      <span className={styles.facts}>
        {visibleLine([hit.user, hit.host].filter(Boolean).join(' · '))} · {shortDay(hit.day, props.today)}
      </span>
    </>
  );
}
