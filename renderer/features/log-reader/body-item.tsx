import { memo, useMemo, type ReactNode } from 'react';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import type { LogText } from '../../../shared/domain/log-text.ts';
import { formatCount } from '../../../shared/format/amount.ts';
import { isOnlyInWorkspace, sessionTime } from '../../../shared/format/log-facts.ts';
import { dateTime, longDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { cx, Icon } from '../../ui/icon.tsx';
import { CodeBlock, Markdown, PlainBlock } from '../../ui/markdown/block.tsx';
import { Labelled } from '../../ui/markdown/labelled.tsx';
import type { LogBlock, LogDocument } from '../../ui/markdown/log-document.ts';
import { useMarkdownActions } from '../../ui/markdown/markdown-actions.ts';
import styles from './body-item.module.css';
import { countLines, type ReaderItem } from './reader-items.ts';

export interface BodyItemProps {
  readonly item: ReaderItem;
  readonly document: LogDocument;
  readonly about: LogText;
  readonly row: LogRow;
  readonly timeZone: string;
  readonly onReveal: (section: number, show: boolean) => void;
}

/** One item of the reading pane. */
export const BodyItem = memo(function BodyItem(props: BodyItemProps): ReactNode {
  const { item } = props;
  switch (item.kind) {
    case 'card':
      return <Card {...props} />;
    case 'fold':
      return <Fold {...props} index={item.section} />;
    case 'raw':
      return (
        <RawLines
          text={props.document.text.slice(item.start, item.end)}
          line={item.line}
          start={item.start}
        />
      );
    case 'blocks':
      return item.parts.map(({ block, start }) => (
        <Block key={block.start} {...props} block={block} start={start} />
      ));
  }
});

/** Who wrote the log, where and when: the User block, the file name, and the front matter. */
function Card(props: BodyItemProps) {
  const { about, row, document } = props;
  const facts: readonly (readonly [string, string | null])[] = [
    [en.reader.user, about.author ?? row.author ?? about.user ?? row.user],
    [en.reader.role, about.role],
    [en.reader.machine, about.machineName ?? (isOnlyInWorkspace(row) ? null : row.host)],
    [en.reader.workspace, isOnlyInWorkspace(row) ? row.host : null],
    [en.reader.date, whenOf(row, props.timeZone)],
    [en.reader.project, row.project],
    [en.reader.client, row.client],
    [en.reader.tags, row.tags.join(', ')],
  ];
  return (
    <div className={styles.card}>
      <dl>
        {facts.map(([name, value]) =>
          value === null || value === '' ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{visibleLine(value)}</dd>
            </div>
          ),
        )}
      </dl>
      <p className={styles.below}>
        {en.reader.changed(dateTime(row.mtime, props.timeZone))} ·{' '}
        {en.reader.lines(formatCount(document.lines))}
      </p>
      {document.frontMatter.length === 0 ? null : (
        <details className={styles.front}>
          <summary>{en.reader.frontMatter}</summary>
          <dl>
            {document.frontMatter.map(([name, value]) => (
              <div key={name}>
                <dt>{visibleLine(name)}</dt>
                <dd>{visibleLine(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

/** The day and, if known, the time of day; a day that is only the file's is marked as such. */
function whenOf(row: LogRow, timeZone: string): string {
  const day = longDay(row.date);
  if (row.dateGuessed) return en.reader.guessedDay(day);
  return [day, sessionTime(row, timeZone)].filter((part) => part !== null).join(', ');
}

function Block(props: BodyItemProps & { readonly block: LogBlock; readonly start: number }) {
  const { block, document, start, onReveal } = props;
  const section = document.sections[block.section];
  const opens = section !== undefined && document.blocks[section.block] === block && start === block.start;
  const note = noteAround(document, block);
  return (
    <div
      className={cx(styles.block, note !== null && styles.note, section?.secret && styles.secret)}
      data-start={block.start}
    >
      {opens ? <SectionTools document={document} section={block.section} onReveal={onReveal} /> : null}
      <BlockText block={block} start={start} document={document} />
    </div>
  );
}

/** The note section a block is part of; null for none. */
function noteAround(document: LogDocument, block: LogBlock): number | null {
  for (let index = block.section; index >= 0; index--) {
    const section = document.sections[index];
    if (section === undefined) return null;
    if (section.note !== null && section.end >= block.end) return index;
    // Sections further up that ended before this block cannot contain it; above level 2 there are no notes.
    if (section.level <= 1 || (section.level === 2 && section.end >= block.end)) return null;
  }
  return null;
}

function BlockText(props: {
  readonly block: LogBlock;
  readonly start: number;
  readonly document: LogDocument;
}) {
  const { block, document } = props;
  const source = document.text.slice(props.start, block.end);
  if (block.kind === 'plain') return <PlainBlock text={source} />;
  if (block.kind === 'code' && block.code !== undefined) {
    const { code } = block;
    return (
      <CodeBlock
        language={code.language}
        text={source}
        piece={{ first: code.first, last: code.last, whole: () => document.text.slice(code.start, code.end) }}
      />
    );
  }
  return <Markdown source={source} references={document.references} />;
}

/** Copies the section under a heading; folds a secret one again. */
function SectionTools(props: {
  readonly document: LogDocument;
  readonly section: number;
  readonly onReveal: BodyItemProps['onReveal'];
}) {
  const { document, onReveal } = props;
  const { onCopy } = useMarkdownActions();
  const section = document.sections[props.section];
  if (section === undefined) return null;
  return (
    <div className={styles.tools}>
      {section.secretRoot === props.section ? (
        <IconButton
          icon="eye-off"
          label={en.reader.secretHide}
          onClick={() => onReveal(props.section, false)}
        />
      ) : null}
      <IconButton
        icon="copy"
        label={en.reader.copySection(visibleLine(section.title))}
        onClick={() => onCopy(document.text.slice(section.start, section.end).trimEnd(), en.reader.section)}
      />
    </div>
  );
}

/** A section that may contain credentials: its heading is shown, its text only on request. */
function Fold(props: BodyItemProps & { readonly index: number }) {
  const { document, index, onReveal } = props;
  const { onCopy } = useMarkdownActions();
  const section = document.sections[index];
  if (section === undefined) return null;
  const lines = Math.max(1, countLines(document.text, section.start, section.end) - 1);
  const Tag = section.level === 1 ? 'h2' : 'h3';
  return (
    <section className={styles.fold} aria-label={visibleLine(section.title)} data-start={section.start}>
      <Tag>{visibleLine(section.title)}</Tag>
      <div className={styles.folded}>
        <Icon name="lock" />
        <p>
          <strong>{en.reader.secretTitle}</strong>
          <span>{en.reader.secretBody(en.reader.lines(formatCount(lines)))}</span>
        </p>
        <Button
          size="small"
          tone="quiet"
          icon="copy"
          onClick={() =>
            onCopy(document.text.slice(section.start, section.end).trimEnd(), en.reader.secretWhat)
          }
        >
          {en.reader.secretCopy}
        </Button>
        <Button size="small" icon="eye" onClick={() => onReveal(index, true)}>
          {en.reader.secretReveal}
        </Button>
      </div>
    </section>
  );
}

/** The text as in the file, with line numbers excluded from selections. */
const RawLines = memo(function RawLines(props: {
  readonly text: string;
  readonly line: number;
  readonly start: number;
}) {
  const lines = useMemo(() => props.text.replace(/\r?\n$/, '').split(/\r?\n/), [props.text]);
  return (
    <div className={styles.raw} data-start={props.start}>
      {lines.map((text, index) => (
        <div key={index} className={styles.rawLine}>
          <span className={styles.number} data-line={props.line + index} aria-hidden />
          <code>{text === '' ? '\n' : <Labelled text={text} />}</code>
        </div>
      ))}
    </div>
  );
});
