import { useState } from 'react';
import { dateTime } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { AdmissionRequest, KeyHolder } from '../../../shared/ipc/sealing.ts';
import { useAction, useCall } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { TextField } from '../../ui/field.tsx';
import { cx, Icon } from '../../ui/icon.tsx';
import { JoinCard, Words } from '../../ui/join-card.tsx';
import { Problem, Skeleton } from '../../ui/state.tsx';
import { useToast } from '../../ui/toaster.tsx';
import styles from './readers-page.module.css';

const words = en.readers;

/** Who has the key, and who asks for it. */
export function TeamSection(props: {
  readonly members: readonly KeyHolder[];
  /** UUID of this machine. */
  readonly self: string | null;
  readonly timeZone: string;
  readonly onNewRecovery: () => void;
  /** Another epoch, or another member. */
  readonly onChanged: () => void;
}) {
  const query = useCall('sealing.requests', {}, { fresh: true });
  const team = query.data;
  const changed = (): void => {
    void query.refetch();
    props.onChanged();
  };
  return (
    <section className={styles.section}>
      <h3>{words.who}</h3>
      {query.error === null ? null : <Problem error={query.error.error} />}
      {team?.requests.map((request) => (
        <Request key={`${request.machine} ${request.words.join(' ')}`} request={request} onLetIn={changed} />
      ))}
      <Holders
        members={team?.members ?? props.members}
        self={props.self}
        timeZone={props.timeZone}
        onGone={changed}
      />
      {team === undefined && query.error === null ? <Skeleton lines={2} /> : null}
      {team === undefined ? null : (
        <>
          {team.requests.length === 0 ? <p className={styles.quiet}>{words.nobodyAsks}</p> : null}
          <p className={styles.quiet}>{words.teamWords}</p>
          <Words words={team.words} />
        </>
      )}
      <div className={styles.actions}>
        <Button icon="key" onClick={props.onNewRecovery}>
          {words.newRecovery}
        </Button>
      </div>
      <p className={styles.quiet}>{words.newRecoveryBody}</p>
    </section>
  );
}

function Request(props: { readonly request: AdmissionRequest; readonly onLetIn: () => void }) {
  const toast = useToast();
  const admit = useAction('sealing.admit', {
    onDone() {
      toast({ tone: 'success', title: words.letIn(visibleLine(props.request.name)) });
      props.onLetIn();
    },
  });
  return (
    <JoinCard
      request={props.request}
      busy={admit.isPending}
      error={admit.error?.error ?? null}
      onAdmit={admit.mutate}
    />
  );
}

/** More than this are found by typing, and scroll by themselves: what stands below them stays near. */
const MANY = 14;

function Holders(props: {
  readonly members: readonly KeyHolder[];
  readonly self: string | null;
  readonly timeZone: string;
  readonly onGone: () => void;
}) {
  const { members } = props;
  const [text, setText] = useState('');
  const isMany = members.length > MANY;
  const wanted = isMany ? text.trim().toLowerCase() : '';
  const found = members.filter((member) => nameOf(member).toLowerCase().includes(wanted));
  return (
    <>
      {isMany ? (
        <TextField
          type="search"
          label={words.findMachine}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
      {isMany && found.length === 0 ? (
        <p className={styles.quiet}>{words.noMachine}</p>
      ) : (
        <ul className={cx(styles.members, isMany && styles.scroller)}>
          {found.map((member) => (
            <Holder
              key={member.recipient}
              member={member}
              isSelf={member.id === props.self}
              timeZone={props.timeZone}
              onGone={props.onGone}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function nameOf({ id, name }: KeyHolder): string {
  return id === 'recovery' ? words.recovery : visibleLine(name);
}

function Holder(props: {
  readonly member: KeyHolder;
  readonly isSelf: boolean;
  readonly timeZone: string;
  readonly onGone: () => void;
}) {
  const { id, recipient, since } = props.member;
  const [asking, setAsking] = useState(false);
  const shown = nameOf(props.member);
  const toast = useToast();
  const remove = useAction('sealing.remove', {
    onDone() {
      toast({ tone: 'success', title: words.tookOut(shown) });
      props.onGone();
    },
  });
  return (
    <li>
      <Icon name={id === 'recovery' ? 'key' : 'machine'} />
      <span className={styles.member}>
        {shown}
        {props.isSelf ? <span> {words.thisMachine}</span> : null}
        <span> {words.since(dateTime(since, props.timeZone))}</span>
      </span>
      {props.isSelf ? null : (
        <Button
          size="small"
          tone="quiet"
          busy={remove.isPending}
          aria-label={`${words.takeOut} ${shown}`}
          onClick={() => setAsking(true)}
        >
          {words.takeOut}
        </Button>
      )}
      {remove.error === null ? null : <Problem error={remove.error.error} />}
      {asking ? (
        <Confirm
          title={words.takeOutTitle(shown)}
          body={words.takeOutBody}
          action={words.takeOutAction}
          onClose={() => setAsking(false)}
          onConfirm={() => remove.mutate({ recipient })}
        />
      ) : null}
    </li>
  );
}
