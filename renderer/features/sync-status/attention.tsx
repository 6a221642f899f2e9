import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { heldSecretsOf, type HeldSecrets } from '../../../shared/domain/held-secrets.ts';
import { en } from '../../../shared/i18n/en.ts';
import { hashOf, parseHash } from '../../../shared/ipc/route.ts';
import { requestIn, type AdmissionRequest } from '../../../shared/ipc/sealing.ts';
import type { AttentionAnswer, AttentionItem } from '../../../shared/ipc/status.ts';
import { useAction } from '../../data/call.ts';
import { useGo } from '../../data/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { JoinCard } from '../../ui/join-card.tsx';
import { isQuestion } from '../../ui/state-words.ts';
import { FailureLine, useShownFailure } from '../../ui/remedy.tsx';
import { Problem } from '../../ui/state.tsx';
import { HeldSecretList } from './held-secrets.tsx';
import { LogDifference } from './log-difference.tsx';
import styles from './sync-view.module.css';

const CONFIRMATIONS = {
  'split-machine': { title: en.settings.machine.splitTitle, body: en.settings.machine.splitBody },
  ...en.sync.confirmAnswers,
};
type Confirmed = keyof typeof CONFIRMATIONS;

function isConfirmed(answer: AttentionAnswer): answer is Confirmed {
  return answer in CONFIRMATIONS;
}

/** Remedies that lead to this very page. */
const HERE = [en.remedies.details, en.remedies.restoreAll];

/** What a person must decide, each with its answers. */
export function Attention(props: { readonly items: readonly AttentionItem[] }) {
  if (props.items.length === 0) return null;
  return (
    <section className={styles.section} aria-label={en.sync.attention}>
      {props.items.map((item) => {
        const request = item.kind === 'join-request' ? requestIn(item.error) : null;
        return request === null ? (
          <Item key={item.id} item={item} />
        ) : (
          <Joining key={item.id} item={item} request={request} />
        );
      })}
    </section>
  );
}

function Joining(props: { readonly item: AttentionItem; readonly request: AdmissionRequest }) {
  const answer = useAction('attention.answer');
  const admit = useAction('sealing.admit');
  return (
    <JoinCard
      request={props.request}
      busy={admit.isPending}
      error={admit.error?.error ?? null}
      onAdmit={admit.mutate}
      actions={
        <Button onClick={() => answer.mutate({ item: props.item.id, answer: 'not-now' })}>
          {en.sync.answers['not-now']}
        </Button>
      }
    />
  );
}

function Item(props: { readonly item: AttentionItem }) {
  const { item } = props;
  const go = useGo();
  const [refused, setRefused] = useState<AppError | null>(null);
  const [asking, setAsking] = useState<Confirmed | null>(null);
  const answer = useAction('attention.answer', { onFailed: setRefused, onDone: () => setRefused(null) });
  const route = item.route === null ? null : parseHash(item.route);
  const helped = item.answers.filter(
    (one): one is keyof typeof en.sync.answerHelp => one in en.sync.answerHelp,
  );
  const give = (one: AttentionAnswer): void => answer.mutate({ item: item.id, answer: one });
  // Irreversible or slow answers are confirmed first; all others preserve what they replace.
  const choose = (one: AttentionAnswer): void => (isConfirmed(one) ? setAsking(one) : give(one));
  const leadsTo = useShownFailure()(item.error).actions.map((action) =>
    action.kind === 'go' ? hashOf(action.route) : '',
  );
  const held = heldSecretsOf(item.error);
  // The answers' effects say it all: the remedy would repeat it.
  const error = helped.length > 0 ? { ...item.error, remedy: '' } : item.error;
  const busyWith = answer.isPending ? answer.variables.answer : null;
  return (
    <Problem
      title={en.sync.attentionKinds[item.kind]}
      calm={isQuestion(item.kind)}
      error={held === null ? error : { ...error, message: heldMessage(held) }}
      more={helped.map((one) => `${en.sync.answers[one]}: ${en.sync.answerHelp[one]}`)}
      except={HERE}
      actions={
        <>
          {item.answers.map((one) => (
            <Button key={one} size="small" busy={busyWith === one} onClick={() => choose(one)}>
              {en.sync.answers[one]}
            </Button>
          ))}
          {asking === null ? null : (
            <Confirm
              {...CONFIRMATIONS[asking]}
              action={en.sync.answers[asking]}
              onClose={() => setAsking(null)}
              onConfirm={() => give(asking)}
            />
          )}
          {route === null || item.route === null || leadsTo.includes(item.route) ? null : (
            <Button size="small" onClick={() => go(route)}>
              {en.panel.show}
            </Button>
          )}
          {refused === null ? null : <FailureLine error={refused} />}
        </>
      }
    >
      {held === null ? null : <HeldSecretList item={item.id} held={held} />}
      {item.kind === 'log-shrunk' && route?.view === 'logs' && route.log !== undefined ? (
        <LogDifference log={route.log} />
      ) : null}
    </Problem>
  );
}

/** The list has the rest. */
function heldMessage({ tree, secrets, open }: HeldSecrets): string {
  const message = en.sync.held.message(new Set(secrets.map(({ path }) => path)).size, tree);
  return open === null ? message : `${message} ${en.sync.held.open(open)}`;
}
