import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { LogId } from '../../../shared/domain/ids.ts';
import { visibleLine, visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { labelHost, labelsIn, type SecretLabel } from '../../../shared/secrets/withhold.ts';
import { useAction } from '../../data/call.ts';
import { useCopy } from '../../data/use-copy.ts';
import { useSharedValues } from '../../data/use-shared-values.ts';
import { useAppInfo } from '../../data/use-status.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { MarkdownActionsContext, useMarkdownActions } from '../../ui/markdown/markdown-actions.ts';
import { AnchoredPopover } from '../../ui/popover.tsx';
import { FailureLine, useToastFailure } from '../../ui/remedy.tsx';
import { ShareValues, useSharingToast } from '../../ui/share-values.tsx';
import { useToast } from '../../ui/toaster.tsx';
import styles from './secret-labels.module.css';

const words = en.reader.secretLabel;

/** The surrounding log, and the text that labels are counted in. */
export interface LabelledLog {
  readonly id: LogId;
  readonly exact: boolean;
  readonly text: string;
  /** The log was changed. */
  readonly onChanged: () => void;
}

interface Pressed {
  readonly label: SecretLabel;
  readonly nth: number;
  readonly button: HTMLElement;
}

/** Opens the labels of secrets in a log: their values are shown, copied or declared harmless. */
export function SecretLabels(props: { readonly log: LabelledLog; readonly children: ReactNode }) {
  const { text } = props.log;
  const actions = useMarkdownActions();
  const [pressed, setPressed] = useState<Pressed | null>(null);
  const [sharing, setSharing] = useState(false);
  const onLabel = useCallback(
    (label: SecretLabel, button: HTMLElement) => setPressed({ label, button, nth: placeOf(button, text) }),
    [text],
  );
  const all = useMemo(() => ({ ...actions, onLabel }), [actions, onLabel]);
  return (
    <MarkdownActionsContext value={all}>
      {props.children}
      {pressed === null ? null : (
        <AnchoredPopover
          key={pressed.nth}
          label={words.title(pressed.label.kind)}
          anchor={pressed.button}
          opening={pressed}
          onClose={() => setPressed(null)}
        >
          {() => (
            <Opened
              {...pressed}
              log={props.log}
              onClose={() => setPressed(null)}
              onShare={() => {
                setPressed(null);
                setSharing(true);
              }}
            />
          )}
        </AnchoredPopover>
      )}
      {sharing ? <Sharing onClose={() => setSharing(false)} /> : null}
    </MarkdownActionsContext>
  );
}

/** The index in the text of a button's label: those above its block, plus those before it there. */
function placeOf(button: HTMLElement, text: string): number {
  const block = button.closest('[data-start]');
  const start = Number(block?.getAttribute('data-start') ?? 0);
  const above = labelsIn(text.slice(0, start)).length;
  const inBlock = [...(block?.querySelectorAll('[data-secret-label]') ?? [])];
  return above + Math.max(0, inBlock.indexOf(button));
}

/** A shown value is hidden again after this, in milliseconds: somebody may look over a shoulder later. */
const SHOWN_MS = 30_000;

function Sharing(props: { readonly onClose: () => void }) {
  const { onCopy } = useMarkdownActions();
  return (
    <Dialog title={en.sharing.title} onClose={props.onClose}>
      <ShareValues sharing={useSharedValues(useSharingToast())} onCopy={onCopy} />
    </Dialog>
  );
}

interface OpenedProps extends Pressed {
  readonly log: LabelledLog;
  readonly onClose: () => void;
  readonly onShare: () => void;
}

function Opened(props: OpenedProps) {
  const { label, nth, log } = props;
  const here = useAppInfo()?.machine?.host;
  const elsewhere = here !== undefined && label.host !== null && label.host !== labelHost(here);
  return (
    <div className={styles.opened}>
      <strong>{words.title(visibleLine(label.kind))}</strong>
      {elsewhere ? <p>{words.elsewhere(visibleLine(label.host))}</p> : null}
      {label.host === null ? (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the only thing in the dialog, so that it is read out
        <p tabIndex={0}>{words.inTranscript}</p>
      ) : (
        <Kept
          asked={{ id: log.id, exact: log.exact, nth }}
          log={log}
          isOwn={!elsewhere}
          onClose={props.onClose}
          onShare={props.onShare}
        />
      )}
    </div>
  );
}

function Kept(props: {
  readonly asked: { readonly id: LogId; readonly exact: boolean; readonly nth: number };
  readonly log: LabelledLog;
  /** False for a value stored by another machine: only there it can be declared harmless. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
  readonly onShare: () => void;
}) {
  const { asked, log, isOwn, onClose } = props;
  const toast = useToast();
  const copy = useCopy();
  const show = useAction('secrets.reveal');
  const { reset } = show;
  const take = useAction('secrets.reveal', {
    async onDone({ values: [first] }) {
      const done = first !== undefined && (await copy(first.value, { secret: true }));
      onClose();
      toast(
        done
          ? { tone: 'success', title: words.copied }
          : { tone: 'error', title: en.common.copyFailed, body: en.common.copyFailedBody },
      );
    },
  });
  const values = show.data?.values ?? [];
  useEffect(() => {
    if (values.length === 0) return undefined;
    const timer = setTimeout(reset, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [values.length, reset]);
  const error = show.error ?? take.error;
  return (
    <>
      <div role="status">
        {values.length > 1 ? <p>{words.several}</p> : null}
        {values.map(({ id, value }) => (
          <div key={id}>
            <pre className={styles.value}>{visibleText(value)}</pre>
            {isOwn && values.length > 1 ? <Allow id={id} asked={asked} log={log} onClose={onClose} /> : null}
          </div>
        ))}
        {values.length === 0 ? null : <p className={styles.quiet}>{words.hidesAgain}</p>}
      </div>
      {error === null ? null : <FailureLine error={error.error} />}
      <div className={styles.actions}>
        {values.length === 0 ? (
          <Button
            size="small"
            icon="eye"
            busy={show.isPending}
            onClick={() => show.mutate({ label: asked, purpose: 'show' })}
          >
            {words.show}
          </Button>
        ) : (
          <Button size="small" icon="eye-off" onClick={reset}>
            {words.hide}
          </Button>
        )}
        {values.length > 1 ? null : (
          <Button
            size="small"
            icon="copy"
            busy={take.isPending}
            onClick={() => take.mutate({ label: asked, purpose: 'copy' })}
          >
            {words.copy}
          </Button>
        )}
        {isOwn && values.length === 1 ? (
          <Allow id={values[0]?.id ?? ''} asked={asked} log={log} onClose={onClose} />
        ) : null}
        <Button size="small" tone="quiet" onClick={props.onShare}>
          {en.sharing.open}
        </Button>
      </div>
    </>
  );
}

function Allow(props: {
  readonly id: string;
  readonly asked: { readonly id: LogId; readonly exact: boolean; readonly nth: number };
  readonly log: LabelledLog;
  readonly onClose: () => void;
}) {
  const toast = useToast();
  const allow = useAction('secrets.allow', {
    onDone() {
      props.onClose();
      props.log.onChanged();
      toast({ tone: 'success', title: words.allowed });
    },
    // A question in the terminal closes the popover, in which nobody would see it.
    onFailed: useToastFailure(),
  });
  return (
    <Button
      size="small"
      tone="quiet"
      busy={allow.isPending}
      title={words.allowHint}
      onClick={() => allow.mutate({ label: props.asked, id: props.id })}
    >
      {words.allow}
    </Button>
  );
}
