import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { LogCopy, LogCopyUndone, NearbyTreeView } from '../../../shared/ipc/setup.ts';
import { useAction, useCall } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { SwitchField } from '../../ui/field.tsx';
import { Problem, Skeleton } from '../../ui/state.tsx';
import styles from './welcome-view.module.css';

type Outcome =
  | { readonly did: 'copy'; readonly copy: LogCopy }
  | { readonly did: 'undo'; readonly undone: LogCopyUndone };

/** Logs of a repository that no workspace lists: previews a copy, copies, and removes the copies again. */
export function CopyLogs(props: { readonly tree: NearbyTreeView; readonly onChanged: () => void }) {
  const { tree, onChanged } = props;
  const words = en.welcome.copy;
  const [isOpen, setOpen] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [problem, setProblem] = useState<AppError | null>(null);
  const settle = (next: Outcome): void => {
    setOutcome(next);
    setProblem(null);
    setOpen(false);
    onChanged();
  };
  const undo = useAction('setup.undoCopy', {
    onDone: (undone) => settle({ did: 'undo', undone }),
    onFailed: setProblem,
  });
  // The record of a copy contains the repository's path as git reports it, without links.
  const workspace = outcome?.did === 'copy' ? outcome.copy.workspace : tree.root;
  const canUndo = tree.copied > 0 || (outcome?.did === 'copy' && outcome.copy.logs > 0);
  return (
    <>
      <p>{en.welcome.unlisted(visibleLine(tree.unlisted.join(', ')))}</p>
      {outcome === null && tree.copied > 0 ? <p>{words.thereNow(tree.copied)}</p> : null}
      {outcome === null ? null : <p role="status">{outcomeText(outcome)}</p>}
      {problem === null ? null : <Problem error={problem} />}
      {isOpen ? (
        <Plan
          tree={tree}
          onDone={(copy) => settle({ did: 'copy', copy })}
          onFailed={(error) => {
            setProblem(error);
            // Part of it may be copied.
            onChanged();
          }}
          onClose={() => setOpen(false)}
        />
      ) : (
        <div className={styles.buttons}>
          {canUndo ? (
            <Button busy={undo.isPending} onClick={() => undo.mutate({ workspace })}>
              {words.undo}
            </Button>
          ) : null}
          <Button
            onClick={() => {
              setProblem(null);
              setOpen(true);
            }}
          >
            {words.open}
          </Button>
        </div>
      )}
    </>
  );
}

function Plan(props: {
  readonly tree: NearbyTreeView;
  readonly onDone: (copy: LogCopy) => void;
  readonly onFailed: (error: AppError) => void;
  readonly onClose: () => void;
}) {
  const words = en.welcome.copy;
  const [takeUnnamed, setTakeUnnamed] = useState(false);
  const request = { workspace: props.tree.root, takeUnnamed };
  const plan = useCall('setup.copyLogs', { ...request, dryRun: true }, { keepPrevious: true, fresh: true });
  const copy = useAction('setup.copyLogs', { onDone: props.onDone, onFailed: props.onFailed });
  const stop = useAction('setup.cancel');
  const isPlanned = plan.isSuccess && !plan.isFetching;
  return (
    <div className={styles.plan} role="group" aria-label={words.title}>
      {plan.isPending ? <Skeleton lines={3} label={words.planning} /> : null}
      {plan.error === null ? null : <Problem error={plan.error.error} />}
      {plan.data === undefined ? null : <PlanText plan={plan.data} />}
      {plan.data === undefined || plan.data.unnamed.logs === 0 ? null : (
        <SwitchField
          label={words.unnamed(plan.data.unnamed.logs)}
          hint={words.unnamedHint(visibleLine(plan.data.unnamed.authors.join(', ')))}
          checked={takeUnnamed}
          disabled={copy.isPending}
          onChange={setTakeUnnamed}
        />
      )}
      <div className={styles.buttons}>
        {copy.isPending ? (
          <Button busy={stop.isPending} onClick={() => stop.mutate({ work: 'copy' })}>
            {words.stop}
          </Button>
        ) : (
          <Button onClick={props.onClose}>{words.close}</Button>
        )}
        {plan.data === undefined || plan.data.logs === 0 ? null : (
          <Button
            tone="primary"
            busy={copy.isPending || !isPlanned}
            onClick={() => copy.mutate({ ...request, dryRun: false })}
          >
            {words.start(plan.data.logs)}
          </Button>
        )}
      </div>
    </div>
  );
}

function PlanText({ plan }: { readonly plan: LogCopy }) {
  const words = en.welcome.copy;
  const left = [
    ...(plan.already > 0 ? [words.already(plan.already)] : []),
    ...plan.elsewhere.map(({ machine, logs }) => words.elsewhere(logs, visibleLine(machine))),
    ...plan.refused.map(({ path, problem }) => words.refused(visibleLine(path), visibleLine(problem))),
    ...(plan.passedOver > 0 ? [words.passedOver(plan.passedOver)] : []),
  ];
  return (
    <>
      <p>
        <strong>{planText(plan)}</strong> {words.untouched}
      </p>
      {plan.logs === 0 ? null : (
        <p className={styles.place}>
          {words.into} <code>{visibleLine(plan.target)}</code>
        </p>
      )}
      {left.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {plan.names.length === 0 ? null : (
        <details className={styles.change}>
          <summary>{words.names}</summary>
          <ul>
            {plan.names.map((name) => (
              <li key={name}>
                <code>{visibleLine(name)}</code>
              </li>
            ))}
            {plan.logs > plan.names.length ? <li>{words.more(plan.logs - plan.names.length)}</li> : null}
          </ul>
        </details>
      )}
    </>
  );
}

function planText({ logs, days }: LogCopy): string {
  const words = en.welcome.copy;
  if (logs === 0) return words.planNone;
  return days === null ? words.planUndated(logs) : words.plan(logs, days.first, days.last);
}

function outcomeText(outcome: Outcome): string {
  const words = en.welcome.copy;
  if (outcome.did === 'copy')
    return outcome.copy.isStopped ? words.stopped(outcome.copy.logs) : words.done(outcome.copy.logs);
  const { removed, kept } = outcome.undone;
  const stays = kept.length === 0 ? '' : ` ${words.kept(visibleLine(kept.join(', ')))}`;
  return `${words.undone(removed)}${stays}`;
}
