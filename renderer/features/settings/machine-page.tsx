import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import type { CallName } from '../../../shared/ipc/channels.ts';
import { dateTime } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { IdentityCard } from '../../../shared/ipc/payloads.ts';
import { hashOf } from '../../../shared/ipc/route.ts';
import { keyOf } from '../../data/ask.ts';
import { useAction, useCall } from '../../data/call.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Fact } from '../../ui/fact.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useMarkdownActions } from '../../ui/markdown/markdown-actions.ts';
import { EmptyState, Problem, ProblemState, Skeleton } from '../../ui/state.tsx';
import styles from './machine-page.module.css';
import { IdentityWarnings, type IdentityActions } from './identity-warnings.tsx';

/** The identity card: this machine's identity, its components, its former ones, and what to do when two machines share one. */
export function MachinePage(props: { readonly timeZone: string }) {
  const query = useCall('identity.card', {});
  const [refused, setRefused] = useState<AppError | null>(null);
  const actions = useIdentityActions(setRefused);
  const card = query.data;
  if (card === undefined)
    return query.error === null ? <Skeleton lines={8} /> : <ProblemState error={query.error.error} />;
  return (
    <>
      <p className={styles.intro}>{en.settings.machine.intro}</p>
      {refused === null ? null : <Problem error={refused} />}
      <IdentityWarnings card={card} actions={actions} />
      {card.machine === null ? (
        <EmptyState
          icon="machine"
          title={en.settings.machine.none}
          actions={
            <Button tone="primary" onClick={actions.create}>
              {en.settings.machine.create}
            </Button>
          }
        />
      ) : (
        <Card card={card} machine={card.machine} timeZone={props.timeZone} />
      )}
      <Person card={card} />
      <Lineage card={card} timeZone={props.timeZone} />
    </>
  );
}

function useIdentityActions(onFailed: (error: AppError | null) => void): IdentityActions {
  const client = useQueryClient();
  const handlers = {
    onFailed,
    onDone: (card: IdentityCard) => {
      onFailed(null);
      client.setQueryData(keyOf('identity.card', {}), card);
      for (const channel of ['app.info', 'machines.list'] satisfies CallName[])
        void client.invalidateQueries({ queryKey: [channel] });
    },
  };
  const create = useAction('identity.create', handlers);
  const split = useAction('identity.split', handlers);
  const accept = useAction('identity.acceptHostname', handlers);
  const adopt = useAction('identity.adopt', handlers);
  return {
    create: () => create.mutate({}),
    split: (as) => split.mutate({ as }),
    acceptHostname: () => accept.mutate({}),
    adopt: ({ machine }) => adopt.mutate({ machine }),
  };
}

function Card(props: {
  readonly card: IdentityCard;
  readonly machine: NonNullable<IdentityCard['machine']>;
  readonly timeZone: string;
}) {
  const { card, machine } = props;
  const words = en.settings.machine;
  const { onCopy } = useMarkdownActions();
  const created = Date.parse(machine.created);
  // A component that was not recorded cannot be the same; `doctor` counts the same way.
  const compared = card.components.filter((component) => component.state !== 'new').length;
  const same = card.components.filter((component) => component.state === 'same').length;
  return (
    <section className={styles.card}>
      <div className={styles.head}>
        <span className={styles.emblem}>
          <Icon name="machine" />
        </span>
        <div>
          <h3>{visibleLine(machine.host)}</h3>
          <p>
            {visibleLine(machine.model)} · {visibleLine(`${machine.platform} ${machine.platformVersion}`)}
          </p>
        </div>
      </div>
      <dl className={styles.facts}>
        <Fact name={words.uuid}>
          <code>{machine.uuid}</code>
          <IconButton
            icon="copy"
            label={words.copyUuid}
            onClick={() => onCopy(machine.uuid, words.uuidWhat)}
          />
        </Fact>
        <Fact name={words.created}>
          {Number.isNaN(created) ? visibleLine(machine.created) : dateTime(created, props.timeZone)}
        </Fact>
        <Fact name={words.file}>
          <code>{visibleLine(machine.path)}</code>
        </Fact>
      </dl>
      <h4>
        {words.components} <span>{words.matching(same, compared)}</span>
      </h4>
      <ul className={styles.components}>
        {card.components.map(({ name, state }) => (
          <li key={name} data-state={state}>
            <Icon name={state === 'same' ? 'check' : 'alert'} />
            {visibleLine(words.componentNames[name] ?? name)}
            <span>{words.componentStates[state]}</span>
          </li>
        ))}
      </ul>
      <p className={styles.hint}>{words.componentsHelp}</p>
      {card.problems.length === 0 ? null : (
        <details>
          <summary>{words.probes}</summary>
          <ul>
            {card.problems.map((problem) => (
              <li key={problem}>{visibleLine(problem)}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Person(props: { readonly card: IdentityCard }) {
  const { person, personProblem } = props.card;
  const words = en.settings.machine;
  return (
    <section className={styles.card}>
      <h3>{words.person}</h3>
      {personProblem === null ? null : <Problem error={personProblem} />}
      {person === null ? (
        <p>{words.personNone}</p>
      ) : (
        <dl className={styles.facts}>
          <Fact name={words.user}>{visibleLine(`${person.fullName} (${person.user})`)}</Fact>
          {person.role === null ? null : <Fact name={words.role}>{visibleLine(person.role)}</Fact>}
          <Fact name={words.personSource}>
            <code>{visibleLine(person.source)}</code>
          </Fact>
        </dl>
      )}
      <p>
        <a href={hashOf({ view: 'welcome', step: 'who' })}>
          {person === null ? words.personSet : words.personChange}
        </a>
      </p>
    </section>
  );
}

function Lineage(props: { readonly card: IdentityCard; readonly timeZone: string }) {
  const words = en.settings.machine;
  const { previous } = props.card;
  return (
    <section className={styles.card}>
      <h3>{words.lineage}</h3>
      {previous.length === 0 ? <p>{words.noLineage}</p> : null}
      <ol className={styles.lineage}>
        {previous.map(({ machine, until, reason }) => {
          const at = Date.parse(until);
          return (
            <li key={`${machine} ${until}`}>
              <code>{machine}</code>
              <span>
                {words.lineageLine(Number.isNaN(at) ? visibleLine(until) : dateTime(at, props.timeZone))} ·{' '}
                {visibleLine(reason)}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
