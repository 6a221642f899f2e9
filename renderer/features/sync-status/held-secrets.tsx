import { visibleLine } from '../../../shared/format/visible-text.ts';
import type { HeldSecrets } from '../../../shared/domain/held-secrets.ts';
import { formatCount } from '../../../shared/format/amount.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useAction } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { FailureLine } from '../../ui/remedy.tsx';
import styles from './held-secrets.module.css';

/** Further ones are counted: a person decides about logs, not about each of a thousand lines. */
const SHOWN = 20;

/** What keeps logs from being committed, line by line, never the values; each can be declared harmless. */
export function HeldSecretList(props: { readonly item: string; readonly held: HeldSecrets }) {
  const { secrets } = props.held;
  const allow = useAction('secrets.allow');
  const words = en.sync.held;
  return (
    <>
      <ul className={styles.list}>
        {secrets.slice(0, SHOWN).map(({ path, line, kind, id }) => (
          <li key={`${path} ${line} ${kind} ${id}`}>
            <span>
              <code>{visibleLine(path)}</code>, {words.line(line)}: {visibleLine(kind)}
            </span>
            {id === '' ? null : (
              <Button
                size="small"
                tone="quiet"
                busy={allow.isPending && allow.variables.id === id}
                title={en.sync.held.allowHint}
                aria-label={words.allowOne(visibleLine(path), line)}
                onClick={() => allow.mutate({ item: props.item, id })}
              >
                {words.allow}
              </Button>
            )}
          </li>
        ))}
        {secrets.length > SHOWN ? <li>{words.more(formatCount(secrets.length - SHOWN))}</li> : null}
      </ul>
      {allow.error === null ? null : <FailureLine error={allow.error.error} />}
    </>
  );
}
