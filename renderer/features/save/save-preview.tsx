import { visibleLine, visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useCall } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { Badge } from '../../ui/indicator.tsx';
import { Callout } from '../../ui/state.tsx';
import styles from './save-dialog.module.css';
import type { Draft } from './save-form.tsx';

const SHOWN = 8;
const words = en.save;

/** What saving a draft would do: who signs it, its name, and the findings of `lint`; or why it cannot be saved. */
export function SavePreviewBox(props: { readonly draft: Draft; readonly onAuthor: () => void }) {
  const { draft } = props;
  const isEmpty = draft.text.trim() === '';
  const { data, error } = useCall('save.check', draft, {
    enabled: !isEmpty,
    keepPrevious: true,
    fresh: true,
  });
  if (isEmpty) return null;
  if (error !== null) {
    const { message, remedy, details } = error.error;
    const needsAuthor = details?.['needs'] === 'author';
    const actions = needsAuthor ? <Button onClick={props.onAuthor}>{words.setAuthor}</Button> : undefined;
    return (
      <Callout tone="bad" icon="alert" title={visibleText(message)} actions={actions}>
        {needsAuthor ? null : <p>{visibleText(remedy)}</p>}
      </Callout>
    );
  }
  if (data === undefined) return <p className={styles.quiet}>{words.checking}</p>;
  const said = [
    ...data.findings,
    ...data.warnings.map((message) => ({ severity: 'warning' as const, message })),
  ];
  return (
    <section className={styles.preview} aria-label={words.preview}>
      <p>
        {words.signedBy(visibleLine(data.author.name), visibleLine(data.author.user))}. {words.becomes}{' '}
        <code>{visibleLine(`${data.folder}/${data.path}`)}</code>
      </p>
      {said.length === 0 ? (
        <p className={styles.quiet}>{words.noFindings}</p>
      ) : (
        <ul className={styles.findings}>
          {said.slice(0, SHOWN).map(({ severity, message }) => (
            <li key={`${severity} ${message}`}>
              <Badge tone={severity === 'error' ? 'bad' : 'wait'}>{words.severity[severity]}</Badge>
              <span>{visibleText(message)}</span>
            </li>
          ))}
          {said.length > SHOWN ? <li>{words.moreFindings(said.length - SHOWN)}</li> : null}
        </ul>
      )}
    </section>
  );
}
