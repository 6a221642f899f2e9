import { useState } from 'react';
import { formatCount } from '../../../shared/format/amount.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { AdoptableMachine, IdentityCard } from '../../../shared/ipc/payloads.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/state.tsx';
import { Confirm } from '../../ui/confirm.tsx';

export interface IdentityActions {
  readonly create: () => void;
  readonly split: (as: 'machine' | 'account') => void;
  readonly acceptHostname: () => void;
  readonly adopt: (machine: AdoptableMachine) => void;
}

/** Problems with the identity, with their answers: another host name, another install with the same UUID, a former identity. */
export function IdentityWarnings(props: { readonly card: IdentityCard; readonly actions: IdentityActions }) {
  const { card, actions } = props;
  const words = en.settings.machine;
  const [asking, setAsking] = useState<'split' | AdoptableMachine | null>(null);
  const close = (): void => setAsking(null);
  return (
    <>
      {card.hostnameNow === null ? null : (
        <Callout
          tone="wait"
          icon="info"
          title={words.renamedTitle(visibleLine(card.hostnameNow))}
          actions={
            <Button size="small" onClick={actions.acceptHostname}>
              {words.accept}
            </Button>
          }
        >
          <p>{words.renamedBody}</p>
        </Callout>
      )}
      {card.clone === null ? null : (
        <CloneCallout
          clone={card.clone}
          onSplit={() => setAsking('split')}
          onAccount={() => actions.split('account')}
        />
      )}
      {card.adoptable.length === 0 ? null : (
        <Callout tone="info" icon="machine" title={words.adoptTitle}>
          {card.adoptable.map((machine) => (
            <p key={machine.machine}>
              <strong>{visibleLine(machine.host)}</strong>{' '}
              {words.adoptLine(machine.matching, machine.of, formatCount(machine.logs))}{' '}
              <Button size="small" onClick={() => setAsking(machine)}>
                {words.adopt}
              </Button>
            </p>
          ))}
        </Callout>
      )}
      {asking === 'split' ? (
        <Confirm
          title={words.splitTitle}
          body={words.splitBody}
          action={words.split}
          onClose={close}
          onConfirm={() => actions.split('machine')}
        />
      ) : null}
      {asking !== null && asking !== 'split' ? (
        <Confirm
          title={words.adoptConfirmTitle(visibleLine(asking.host))}
          body={words.adoptConfirmBody}
          action={words.adopt}
          onClose={close}
          onConfirm={() => actions.adopt(asking)}
        />
      ) : null}
    </>
  );
}

/** Another install with this identity: an alarm, unless it is another account of this computer. */
function CloneCallout(props: {
  readonly clone: NonNullable<IdentityCard['clone']>;
  readonly onSplit: () => void;
  readonly onAccount: () => void;
}) {
  const words = en.settings.machine;
  if (props.clone.sameComputer)
    return (
      <Callout
        tone="info"
        icon="info"
        title={en.sync.attentionKinds['second-account']}
        actions={
          <Button size="small" onClick={props.onAccount}>
            {en.sync.answers['own-account']}
          </Button>
        }
      >
        <p>{words.accountBody}</p>
      </Callout>
    );
  return (
    <Callout
      tone="bad"
      icon="alert"
      title={words.cloneTitle}
      actions={
        <Button size="small" onClick={props.onSplit}>
          {words.split}
        </Button>
      }
    >
      <p>{words.cloneBody(visibleLine(props.clone.host))}</p>
    </Callout>
  );
}
