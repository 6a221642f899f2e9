import type { LogRow } from '../../../shared/domain/log-query.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { hashOf } from '../../../shared/ipc/route.ts';
import { useAction } from '../../data/call.ts';
import { useCopy } from '../../data/use-copy.ts';
import { useAppInfo } from '../../data/use-status.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Badge } from '../../ui/indicator.tsx';
import { useMarkdownActions } from '../../ui/markdown/markdown-actions.ts';
import { Popover } from '../../ui/popover.tsx';
import { chord, PLACE_ICONS } from '../../ui/state-words.ts';
import { useToast } from '../../ui/toaster.tsx';
import styles from './reader-bar.module.css';

export interface ReaderBarProps {
  readonly row: LogRow;
  readonly title: string;
  readonly text: string;
  readonly raw: boolean;
  readonly onRaw: (raw: boolean) => void;
  readonly contents: boolean;
  /** Null where there are none to show. */
  readonly onContents: ((shown: boolean) => void) | null;
  readonly onFind: () => void;
  readonly line: number | null;
}

/** The title of the open log and what can be done with it. */
export function ReaderBar(props: ReaderBarProps) {
  const { row, title, raw, contents, onContents } = props;
  return (
    <header className={styles.bar}>
      <div className={styles.words}>
        <h2 title={visibleLine(title)}>{visibleLine(title)}</h2>
        <p>
          <Badge icon={PLACE_ICONS[row.place]} title={en.logs.placeHelp[row.place]}>
            {en.logs.places[row.place]}
          </Badge>
          {row.backedUp ? null : (
            <Badge tone="wait" icon="clock" title={en.logs.waitingHelp}>
              {en.logs.waiting}
            </Badge>
          )}
          <span className={styles.path}>{visibleLine(row.path)}</span>
        </p>
      </div>
      <div className={styles.actions}>
        <IconButton icon="search" label={en.reader.find} shortcut={chord('F')} onClick={props.onFind} />
        <IconButton
          icon="raw"
          label={raw ? en.reader.rendered : en.reader.raw}
          shortcut="R"
          pressed={raw}
          onClick={() => props.onRaw(!raw)}
        />
        {onContents === null ? null : (
          <IconButton
            icon="contents"
            label={contents ? en.reader.hideContents : en.reader.showContents}
            pressed={contents}
            onClick={() => onContents(!contents)}
          />
        )}
        <MoreActions {...props} />
      </div>
    </header>
  );
}

function MoreActions(props: ReaderBarProps) {
  const { row, line } = props;
  const info = useAppInfo();
  const capabilities = info?.capabilities;
  const toast = useToast();
  const copy = useCopy();
  const { onCopy } = useMarkdownActions();
  const failed = {
    onFailed: (error: { message: string; remedy: string }) =>
      toast({ tone: 'error', title: en.reader.openFailed, body: `${error.message} ${error.remedy}` }),
  };
  const reveal = useAction('logs.reveal', failed);
  const edit = useAction('logs.openInEditor', {
    ...failed,
    onDone: () => toast({ tone: 'success', title: en.reader.opened }),
  });
  const address = (): string => new URL(hashOf({ view: 'logs', log: row.id }), window.location.href).href;
  return (
    <Popover icon="more" label={en.reader.more} align="end">
      {(close) => {
        const item = (label: string, run: () => void, icon: Parameters<typeof Button>[0]['icon']) => (
          <Button
            tone="quiet"
            {...(icon === undefined ? {} : { icon })}
            onClick={() => {
              close();
              run();
            }}
          >
            {label}
          </Button>
        );
        return (
          <div className={styles.menu}>
            {capabilities?.openInEditor
              ? item(
                  en.reader.edit,
                  () => edit.mutate({ id: row.id, ...(line === null ? {} : { line }) }),
                  'edit',
                )
              : null}
            {capabilities?.reveal
              ? item(en.reader.reveal, () => reveal.mutate({ id: row.id }), 'folder')
              : null}
            {item(en.reader.copyAll, () => onCopy(props.text, en.reader.wholeLog), 'copy')}
            {item(en.reader.copyPath, () => onCopy(row.path, en.reader.path), 'logs')}
            {info?.shell === 'browser'
              ? item(
                  en.reader.copyLink,
                  () =>
                    void copy(address()).then(() =>
                      toast({ tone: 'success', title: en.common.copied(en.reader.link) }),
                    ),
                  'link',
                )
              : null}
          </div>
        );
      }}
    </Popover>
  );
}
