import type { ListedTask } from '../../../shared/domain/pending-list.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useAction } from '../../data/call.ts';
import { useToastFailure } from '../../ui/remedy.tsx';
import { useToast } from '../../ui/toaster.tsx';
import { isTickedInLog } from './task-line.tsx';

/** Returns a function that ticks a task off, or reopens it, and offers to undo that. */
export function useTick(): (task: ListedTask) => void {
  const toast = useToast();
  const { mutate } = useAction('pending.mark', { onFailed: useToastFailure() });
  return (task) => {
    if (isTickedInLog(task)) return;
    const state = task.state === 'open' ? 'done' : 'open';
    mutate(
      { tasks: [task.id], state },
      {
        onSuccess: () =>
          toast({
            tone: 'success',
            cause: `task ${task.id}`,
            title: state === 'done' ? en.pending.ticked : en.pending.reopened,
            body: visibleLine(task.text),
            action: { label: en.pending.undo, run: () => mutate({ tasks: [task.id], state: task.state }) },
          }),
      },
    );
  };
}
