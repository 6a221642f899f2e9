import type { ReactNode } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import { en } from '../../shared/i18n/en.ts';
import { visibleText } from '../../shared/format/visible-text.ts';
import { cx, Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';
import styles from './state.module.css';
import { RemedyButtons, useShownFailure } from './remedy.tsx';

export interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
}

/** Shown where there is nothing, with what to do about it. */
export function EmptyState(props: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <span className={styles.emblem}>
        <Icon name={props.icon} />
      </span>
      <h3>{props.title}</h3>
      {props.children === undefined ? null : <div className={styles.words}>{props.children}</div>}
      {props.actions === undefined ? null : <div className={styles.actions}>{props.actions}</div>}
    </div>
  );
}

const SIGN: Partial<Record<AppError['code'], IconName>> = {
  offline: 'store-off',
  denied: 'lock',
  'not-configured': 'settings',
  'lock-held': 'clock',
};

/** A failure in place of the missing content: what happened, what to do, and a button if one can help. */
export function ProblemState(props: { readonly error: AppError; readonly actions?: ReactNode }) {
  const { message, text } = useShownFailure()(props.error);
  return (
    <div role="alert">
      <EmptyState
        icon={SIGN[props.error.code] ?? 'alert'}
        title={en.problems.titles[props.error.code]}
        actions={
          <>
            {props.actions}
            <RemedyButtons error={props.error} />
          </>
        }
      >
        <p>{visibleText(message)}</p>
        <p className={styles.remedy}>{visibleText(text)}</p>
      </EmptyState>
    </div>
  );
}

export interface CalloutProps {
  readonly tone: 'info' | 'good' | 'wait' | 'bad' | 'note';
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** A framed message beside other content. */
export function Callout(props: CalloutProps) {
  return (
    <div className={cx(styles.callout, styles[props.tone])} role="group" aria-label={props.title}>
      <Icon name={props.icon} />
      <div className={styles.calloutBody}>
        <strong>{props.title}</strong>
        {props.children}
        {props.actions === undefined ? null : <div className={styles.actions}>{props.actions}</div>}
      </div>
    </div>
  );
}

/** A failure beside other content. */
export function Problem(props: {
  readonly error: AppError;
  readonly actions?: ReactNode;
  readonly title?: string;
  /** Shown below the remedy. */
  readonly more?: readonly string[];
  /** Remedies that the page itself offers or is. */
  readonly except?: readonly string[];
  /** For a question rather than a failure. */
  readonly calm?: boolean;
  /** Between the message and the remedy. */
  readonly children?: ReactNode;
}) {
  const { message, text, actions } = useShownFailure()(props.error);
  const { except = [] } = props;
  const buttons = actions.filter(({ label }) => !except.includes(label));
  return (
    <Callout
      tone={
        props.calm === true
          ? 'info'
          : props.error.code === 'lock-held' || props.error.code === 'offline'
            ? 'wait'
            : 'bad'
      }
      icon={props.calm === true ? 'info' : (SIGN[props.error.code] ?? 'alert')}
      title={props.title ?? en.problems.titles[props.error.code]}
      actions={
        props.actions === undefined && buttons.length === 0 ? undefined : (
          <>
            {props.actions}
            <RemedyButtons error={props.error} except={except} />
          </>
        )
      }
    >
      <p>{visibleText(message)}</p>
      {props.children}
      <p className={styles.remedy}>{visibleText([text, ...(props.more ?? [])].join('\n').trim())}</p>
    </Callout>
  );
}

/** Grey bars the size of the coming content, so that nothing jumps on arrival. */
export function Skeleton(props: { readonly lines: number; readonly label?: string }) {
  return (
    <div className={styles.skeleton} role="status" aria-label={props.label ?? en.common.loading}>
      {Array.from({ length: props.lines }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}
