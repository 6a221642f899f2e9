import type { ReactNode } from 'react';
import { capturedAgent } from '../../../shared/domain/captured-log.ts';
import type { LogId } from '../../../shared/domain/ids.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { isOnlyInWorkspace } from '../../../shared/format/log-facts.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { isSessionId } from '../../../shared/transcripts/agents.ts';
import { useGo } from '../../data/use-route.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import type { IconName } from '../../ui/icon-paths.ts';
import { Badge } from '../../ui/indicator.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Popover } from '../../ui/popover.tsx';
import { chord, PLACE_ICONS } from '../../ui/state-words.ts';
import { AlsoIn } from './also-in.tsx';
import styles from './reader-bar.module.css';
import type { LogActions } from './use-log-actions.ts';

/** How the contents are shown: beside the text, or from a button if there is no room. */
export type ContentsPlace =
  | { readonly at: 'side'; readonly shown: boolean; readonly onShow: (shown: boolean) => void }
  | { readonly at: 'popover'; readonly draw: (close: () => void) => ReactNode };

export interface ReaderBarProps {
  readonly row: LogRow;
  /** The open copy; null for the fullest. */
  readonly copy: LogId | null;
  readonly title: string;
  /** The open file, absolute: for a session of a daily log it may be its own log elsewhere. */
  readonly file: string;
  readonly raw: boolean;
  readonly onRaw: (raw: boolean) => void;
  /** Null if there are none to show. */
  readonly contents: ContentsPlace | null;
  readonly onFind: () => void;
  readonly onOpenCopy: (copy: LogId) => void;
  readonly actions: LogActions;
}

/** The title of the open log and its actions. */
export function ReaderBar(props: ReaderBarProps) {
  const { row, title, raw } = props;
  return (
    <header className={styles.bar}>
      <div className={styles.words}>
        <h2 title={visibleLine(title)} dir="auto">
          {visibleLine(title)}
        </h2>
        <div className={styles.facts}>
          <Badge icon={PLACE_ICONS[row.place]} title={en.logs.placeHelp[row.place]}>
            {row.commit === null
              ? en.logs.places[row.place]
              : en.reader.readFromCommit(row.commit.slice(0, 9))}
          </Badge>
          {row.backedUp || isOnlyInWorkspace(row) ? null : (
            <Badge tone="wait" icon="clock" title={en.logs.waitingHelp}>
              {en.logs.waiting}
            </Badge>
          )}
          {row.copies > 0 ? <AlsoIn row={row} copy={props.copy} onOpen={props.onOpenCopy} /> : null}
          <span className={styles.path} title={visibleLine(props.file)}>
            {visibleLine(pathOf(props))}
          </span>
        </div>
      </div>
      <div className={styles.actions} data-print="none">
        <ConversationButton row={row} />
        <IconButton icon="search" label={en.reader.find} shortcut={chord('F')} onClick={props.onFind} />
        <IconButton
          icon="raw"
          label={raw ? en.reader.rendered : en.reader.raw}
          shortcut="R"
          pressed={raw}
          onClick={() => props.onRaw(!raw)}
        />
        <ContentsButton contents={props.contents} />
        <MoreActions actions={props.actions} />
      </div>
    </header>
  );
}

/** Leads from a log made from a transcript to its conversation, if that is available: on the session's machine. */
function ConversationButton(props: { readonly row: LogRow }) {
  const { path, place, session } = props.row;
  const go = useGo();
  const agent = capturedAgent(path);
  if (agent === null || place !== 'local' || session === null || !isSessionId(session)) return null;
  return (
    <Button size="small" onClick={() => go({ view: 'sessions', session: { agent, id: session } })}>
      {en.reader.conversation}
    </Button>
  );
}

/** The path shown in the row if that is the file read, else the file. */
function pathOf({ row, file }: ReaderBarProps): string {
  return file.replaceAll('\\', '/').endsWith(`/${row.path}`) ? row.path : file;
}

function ContentsButton({ contents }: Pick<ReaderBarProps, 'contents'>) {
  if (contents === null) return null;
  if (contents.at === 'popover')
    return (
      <Popover icon="contents" label={en.reader.contents} align="end">
        {contents.draw}
      </Popover>
    );
  return (
    <IconButton
      icon="contents"
      label={contents.shown ? en.reader.hideContents : en.reader.showContents}
      pressed={contents.shown}
      onClick={() => contents.onShow(!contents.shown)}
    />
  );
}

function MoreActions(props: { readonly actions: LogActions }) {
  const { actions } = props;
  const items: readonly (readonly [IconName, string, (() => void) | null])[] = [
    ['edit', en.reader.edit, actions.edit],
    ['folder', en.reader.reveal, actions.reveal],
    ['copy', en.reader.copyAll, actions.copyAll],
    ['logs', en.reader.copyPath, actions.copyPath],
    ['link', en.reader.copyCommand, actions.copyCommand],
  ];
  return (
    <Menu
      icon="more"
      label={en.reader.more}
      align="end"
      items={items.map(([icon, label, run]) => (run === null ? null : { icon, label, run }))}
    />
  );
}
