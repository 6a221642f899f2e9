import { createContext, use } from 'react';
import type { SecretLabel } from '../../../shared/secrets/withhold.ts';

/** What a drawn log can do; the feature that shows it says how. */
export interface MarkdownActions {
  /** A link was clicked; its address has passed `checkLink`. */
  readonly onLink: (url: string) => void;
  /** Copies text; `what` names it for the message that follows. */
  readonly onCopy: (text: string, what: string) => void;
  /** The label of a secret was pressed; without it labels are text. */
  readonly onLabel?: (label: SecretLabel, button: HTMLElement) => void;
}

const NOTHING: MarkdownActions = { onLink: () => undefined, onCopy: () => undefined };

export const MarkdownActionsContext = createContext<MarkdownActions>(NOTHING);

/** The actions of the log around. */
export function useMarkdownActions(): MarkdownActions {
  return use(MarkdownActionsContext);
}
