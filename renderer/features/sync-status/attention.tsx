import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { parseHash } from '../../../shared/ipc/route.ts';
import type { AttentionAnswer, AttentionItem } from '../../../shared/ipc/status.ts';
import { useAction } from '../../data/call.ts';
import { useGo } from '../../data/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/state.tsx';
import styles from './sync-view.module.css';

/** What a person must decide, each with its answers. */
export function Attention(props: { readonly items: readonly AttentionItem[] }) {
  if (props.items.length === 0) return null;
  return (
    <section className={styles.section} aria-label={en.sync.attention}>
      {props.items.map((item) => (
        <Item key={item.id} item={item} />
      ))}
    </section>
  );
}

function Item(props: { readonly item: AttentionItem }) {
  const { item } = props;
  const go = useGo();
  const [refused, setRefused] = useState<AppError | null>(null);
  const answer = useAction('attention.answer', { onFailed: setRefused, onDone: () => setRefused(null) });
  const route = item.route === null ? null : parseHash(item.route);
  const helped = item.answers.filter(
    (one): one is keyof typeof en.sync.answerHelp => one in en.sync.answerHelp,
  );
  const busyWith = answer.isPending ? answer.variables.answer : null;
  const button = (one: AttentionAnswer) => (
    <Button
      key={one}
      size="small"
      busy={busyWith === one}
      onClick={() => answer.mutate({ item: item.id, answer: one })}
    >
      {en.sync.answers[one]}
    </Button>
  );
  return (
    <Problem
      title={en.sync.attentionKinds[item.kind]}
      error={{
        ...item.error,
        remedy: [
          item.error.remedy,
          ...helped.map((one) => `${en.sync.answers[one]}: ${en.sync.answerHelp[one]}`),
        ].join('\n'),
      }}
      actions={
        <>
          {item.answers.map(button)}
          {route === null ? null : (
            <Button size="small" onClick={() => go(route)}>
              {en.panel.show}
            </Button>
          )}
          {refused === null ? null : (
            <p role="alert">{visibleText(`${refused.message} ${refused.remedy}`)}</p>
          )}
        </>
      }
    />
  );
}
