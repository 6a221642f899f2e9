import { memo, type ReactNode } from 'react';
import { hitTitle } from '../../../shared/format/log-title.ts';
import { shortDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { CapturedMark } from '../../ui/captured-mark.tsx';
import { cx, Icon } from '../../ui/icon.tsx';
import { MarkedText } from '../../ui/marked-text.tsx';
import type { HitRow } from './hit-rows.ts';
import styles from './search.module.css';

export interface HitLineProps {
  readonly row: HitRow;
  readonly active: boolean;
  readonly today: string;
  /** Display name of the author. */
  readonly person: string | null;
}

/** One hit: title and day, who and where, two lines of its text with the words highlighted. */
export const HitLine = memo(function HitLine(props: HitLineProps) {
  const { row, active, today } = props;
  const { hit } = row;
  if (row.more !== null) return <FurtherSession {...props} index={row.more} />;
  return (
    <div className={cx(styles.hit, active && styles.active)}>
      <div className={styles.upper}>
        <span className={styles.title} dir="auto">
          {visibleLine(titleOf(row))}
        </span>
        <time className={styles.time}>{shortDay(hit.day, today)}</time>
      </div>
      <div className={styles.lower}>
        <span className={styles.facts}>
          {visibleLine([props.person, hit.project ?? hit.client, hit.host].filter(Boolean).join(' · '))}
        </span>
        <CapturedMark path={hit.path} />
        <Whereabouts row={row} />
      </div>
      {hit.snippets.slice(0, 2).map(({ line, section, text, marks }, at, all) => (
        <p key={line} className={styles.snippet} dir="auto">
          {section === null || all[at - 1]?.section === section ? null : (
            <span className={styles.section}>{visibleLine(section)}: </span>
          )}
          <MarkedText text={text} marks={marks} />
        </p>
      ))}
    </div>
  );
});

function titleOf({ hit, more }: HitRow): string {
  const further = more === null ? undefined : hit.more[more];
  return hitTitle(further === undefined ? hit : { ...hit, id: further.id, title: further.title });
}

/** What a person should know before opening it: that it must be pulled, that only git has it, that it has further hits. */
function Whereabouts(props: { readonly row: HitRow }): ReactNode {
  const { hit, open } = props.row;
  const rest = hit.more.length;
  return (
    <>
      {rest === 0 ? null : (
        <span className={styles.more} title={en.search.moreHelp} data-fold="">
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          {en.search.more(rest)}
        </span>
      )}
      {hit.commit === null ? null : (
        <span className={styles.place}>
          <Icon name="branch" />
          {en.search.inCommit(hit.commit.slice(0, 9))}
        </span>
      )}
      {hit.pulled || hit.commit !== null ? null : (
        <span className={styles.place} title={en.search.notPulledHelp}>
          <Icon name="store" />
          {en.search.notPulled}
        </span>
      )}
    </>
  );
}

function FurtherSession(props: HitLineProps & { readonly index: number }) {
  return (
    <div className={cx(styles.hit, styles.further, props.active && styles.active)}>
      <div className={styles.upper}>
        <span className={styles.title} dir="auto">
          {visibleLine(titleOf(props.row))}
        </span>
      </div>
      <div className={styles.lower}>
        <span className={styles.facts}>{en.search.sameLog}</span>
      </div>
    </div>
  );
}
