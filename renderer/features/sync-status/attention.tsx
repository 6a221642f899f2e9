import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { parseHash } from '../../../shared/ipc/route.ts';
import type { AttentionAnswer, AttentionItem } from '../../../shared/ipc/status.ts';
import { useAction } from '../../data/call.ts';
import { useGo } from '../../data/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
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
  const [asking, setAsking] = useState(false);
  const answer = useAction('attention.answer', { onFailed: setRefused, onDone: () => setRefused(null) });
  const route = item.route === null ? null : parseHash(item.route);
  const helped = item.answers.filter(
    (one): one is keyof typeof en.sync.answerHelp => one in en.sync.answerHelp,
  );
  const give = (one: AttentionAnswer): void => answer.mutate({ item: item.id, answer: one });
  // A new identity cannot be taken back; every other answer keeps what it replaces.
  const choose = (one: AttentionAnswer): void => (one === 'split-machine' ? setAsking(true) : give(one));
  const busyWith = answer.isPending ? answer.variables.answer : null;
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
          {item.answers.map((one) => (
            <Button key={one} size="small" busy={busyWith === one} onClick={() => choose(one)}>
              {en.sync.answers[one]}
            </Button>
          ))}
          {asking ? (
            <Confirm
              title={en.settings.machine.splitTitle}
              body={en.settings.machine.splitBody}
              action={en.sync.answers['split-machine']}
              onClose={() => setAsking(false)}
              onConfirm={() => give('split-machine')}
            />
          ) : null}
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
