import { useCallback, useMemo } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { en } from '../../../shared/i18n/en.ts';
import { showCommand } from '../../../shared/format/show-command.ts';
import { useAction } from '../../data/call.ts';
import type { ReadableLog } from '../../data/use-log-text.ts';
import { useAppInfo } from '../../data/use-status.ts';
import { useMarkdownActions } from '../../ui/markdown/markdown-actions.ts';
import { useFailureToast } from '../../ui/remedy.tsx';
import { useToast } from '../../ui/toaster.tsx';

/** Actions on the open log; null for those this shell does not support. */
export interface LogActions {
  readonly copyAll: () => void;
  readonly copyPath: () => void;
  /** A reference that works for colleagues, on any machine and later: this page's address would not. */
  readonly copyCommand: () => void;
  readonly edit: (() => void) | null;
  readonly reveal: (() => void) | null;
}

/**
 * @param line the line the reader was sent to; null for none
 * @param hasHidden true when a part of it is folded on screen: a copy of the whole log includes it all the same
 */
export function useLogActions(log: ReadableLog, line: number | null, hasHidden: boolean): LogActions {
  const { row, text, file } = log;
  const { id } = row;
  const info = useAppInfo();
  const toast = useToast();
  const { onCopy } = useMarkdownActions();
  const failure = useFailureToast();
  const onFailed = useCallback(
    (error: AppError) => toast(failure(error, { title: en.reader.openFailed })),
    [toast, failure],
  );
  const { mutate: reveal } = useAction('logs.reveal', { onFailed });
  const { mutate: edit } = useAction('logs.openInEditor', {
    onFailed,
    onDone: () => toast({ tone: 'success', title: en.reader.opened }),
  });
  return useMemo(
    () => ({
      copyAll: () => onCopy(text, hasHidden ? en.reader.wholeLogWithHidden : en.reader.wholeLog),
      copyPath: () => onCopy(file, en.reader.path),
      copyCommand: () => onCopy(showCommand(id), en.reader.command),
      edit: info?.capabilities.openInEditor ? () => edit({ id, ...(line === null ? {} : { line }) }) : null,
      reveal: info?.capabilities.reveal ? () => reveal({ id }) : null,
    }),
    [onCopy, text, file, id, info, line, edit, reveal, hasHidden],
  );
}
