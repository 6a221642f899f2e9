import { createContext, use } from 'react';
import type { SecretLabel } from '../../../shared/secrets/withhold.ts';

/** Actions of a rendered log, implemented by the feature that shows it. */
export interface MarkdownActions {
  /** A link was clicked; its address has passed `checkLink`. */
  readonly onLink: (url: string) => void;
  /** Copies text; `what` names it for the resulting message. */
  readonly onCopy: (text: string, what: string) => void;
  /** The label of a secret was pressed; without this, labels are text. */
  readonly onLabel?: (label: SecretLabel, button: HTMLElement) => void;
}

const NOTHING: MarkdownActions = { onLink: () => undefined, onCopy: () => undefined };

export const MarkdownActionsContext = createContext<MarkdownActions>(NOTHING);

/** The actions of the surrounding log. */
export function useMarkdownActions(): MarkdownActions {
  return use(MarkdownActionsContext);
}
