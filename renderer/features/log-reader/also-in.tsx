import type { LogId } from '../../../shared/domain/ids.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { isPart } from '../../../shared/format/log-title.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useCall } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Popover } from '../../ui/popover.tsx';
import { PLACE_ICONS } from '../../ui/state-words.ts';
import styles from './also-in.module.css';

/** The other places where a session is available, each to open as it is there. */
export function AlsoIn(props: {
  readonly row: LogRow;
  /** The open copy; null for the row's own log or, for a part of a daily log, the fullest, which comes first. */
  readonly copy: LogId | null;
  readonly onOpen: (copy: LogId) => void;
}) {
  const rows = useCall('logs.copies', { id: props.row.id }).data?.rows ?? [];
  const read = props.copy ?? (isPart(props.row) ? rows[0]?.id : props.row.id);
  if (rows.length < 2) return null;
  return (
    <Popover icon="copy" label={en.reader.alsoInTitle} words={en.reader.alsoIn(rows.length - 1)} size="small">
      {(close) => (
        <div className={styles.menu}>
          {rows.map((row) => (
            <Button
              key={row.id}
              tone="quiet"
              icon={PLACE_ICONS[row.place]}
              aria-current={row.id === read}
              onClick={() => {
                close();
                props.onOpen(row.id);
              }}
            >
              <span className={styles.words}>
                {visibleLine(copyName(row))}
                <small>{visibleLine(row.path)}</small>
              </span>
              {row.id === read ? <Icon name="check" label={en.reader.copyRead} /> : null}
            </Button>
          ))}
        </div>
      )}
    </Popover>
  );
}

/** Describes a copy by its place, as a person would. */
function copyName(row: LogRow): string {
  if (isPart(row)) return en.reader.copyInDaily(row.host);
  if (row.place === 'workspace') return en.reader.copyInWorkspace(row.host);
  if (row.place === 'git') return en.reader.copyInCommit(row.host, row.commit?.slice(0, 9) ?? '');
  return en.reader.copyOf(row.host);
}
