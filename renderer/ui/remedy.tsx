import { createContext, use, useCallback, type ReactNode } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import { visibleText } from '../../shared/format/visible-text.ts';
import {
  failureWords,
  windowRemedy,
  windowWords,
  type RemedyAction,
  type WindowRemedy,
} from '../../shared/format/window-remedy.ts';
import { Button } from './button.tsx';
import { useToast, type Toast } from './toaster.tsx';

/** What the page can do about failures. */
export interface Remedies {
  readonly timeZone: string;
  /** Null if nothing can be carried out: remedies are then only text. */
  readonly perform: ((action: RemedyAction) => void) | null;
}

const RemedyContext = createContext<Remedies>({ timeZone: 'UTC', perform: null });

/** Provides everything below it with remedy buttons. */
export function RemedyProvider(props: Remedies & { readonly children: ReactNode }) {
  return <RemedyContext value={props}>{props.children}</RemedyContext>;
}

type Failure = Pick<AppError, 'message' | 'remedy' | 'action'>;

/** An error's text on this page, and what can be done about it here. */
export interface ShownFailure extends WindowRemedy {
  readonly message: string;
  /** Message and remedy. */
  readonly words: string;
}

/** Returns a function that converts an error to this page's text for it. */
export function useShownFailure(): (error: Failure) => ShownFailure {
  const { timeZone } = use(RemedyContext);
  return useCallback(
    (error) => {
      const message = windowWords(error.message, timeZone);
      return { ...windowRemedy(error, timeZone), message, words: failureWords(error, timeZone) };
    },
    [timeZone],
  );
}

/** A toast with an error's text, and its first remedy as a button. */
export type FailureToast = (error: Failure, more?: Partial<Toast>) => Toast;

export function useFailureToast(): FailureToast {
  const shown = useShownFailure();
  const { perform } = use(RemedyContext);
  return useCallback(
    (error, more) => {
      const { message, text, words, actions } = shown(error);
      const [first] = actions;
      return {
        tone: 'error',
        title: message,
        ...(more?.title === undefined ? (text === '' ? {} : { body: text }) : { body: words }),
        ...(first === undefined || perform === null
          ? {}
          : { action: { label: first.label, run: () => perform(first) } }),
        ...more,
      };
    },
    [shown, perform],
  );
}

/** Shows an error as a toast. */
export function useToastFailure(): (error: Failure) => void {
  const toast = useToast();
  const toastOf = useFailureToast();
  return useCallback((error) => toast(toastOf(error)), [toast, toastOf]);
}

/** The remedies of an error as buttons; nothing if there are none. */
export function RemedyButtons(props: { readonly error: Failure; readonly except?: readonly string[] }) {
  const { perform } = use(RemedyContext);
  const { actions } = useShownFailure()(props.error);
  if (perform === null) return null;
  return actions
    .filter(({ label }) => props.except?.includes(label) !== true)
    .map((action) => (
      <Button key={action.label} size="small" onClick={() => perform(action)}>
        {action.label}
      </Button>
    ));
}

/** An error beside a field or on a line, with its remedies as buttons. */
export function FailureLine(props: { readonly error: Failure }) {
  const { words } = useShownFailure()(props.error);
  return (
    <div role="alert">
      <p>{visibleText(words)}</p>
      <RemedyButtons error={props.error} />
    </div>
  );
}
